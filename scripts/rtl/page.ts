import { chipShare, elementGates, referenceChip, unitGatesPerColumn } from './chip-share.ts';
import { type RtlRecord, totalGates } from './record.ts';

/** docs/rtl.md: the tables of a record, between explanations. */
export function rtlPage(record: RtlRecord): string {
  const convertible = elementGates(record, 'convertible');
  const bf16 = elementGates(record, 'bf16');
  const dualInt8 = elementGates(record, 'dual-int8');
  const share = chipShare(record);
  const one = (value: number): string => value.toFixed(1);
  return `${[
    '# The convertible core in SystemVerilog',
    'Written by `npm run rtl -- --write` from its measurements, which docs/rtl.json keeps. A test fails if this page, the record and the sources in `rtl/` disagree. [rtl/README.md](../rtl/README.md) explains the design.',
    '## Findings',
    [
      `- The convertible element has **${(convertible / bf16).toFixed(2)} times** the gates of a bf16 element, and ${(convertible / (bf16 + dualInt8)).toFixed(2)} times those of a bf16 element beside an element for two int8 pairs.`,
      `- One column of the quantization unit has ${unitGatesPerColumn(record).toFixed(0)} gates. In an array of 128 rows, that is ${percent(unitGatesPerColumn(record) / (128 * convertible))} of the elements of its column.`,
      `- On a chip like TPUv4i, both add ${one(share.elementsSquareMillimetres + share.unitSquareMillimetres)} mm² to a die of about ${referenceChip.dieSquareMillimetres} mm²: **${percent(share.share)}**. So the paper’s “negligible” is true of the chip, but not of the element.`,
      `- The cycles of the core equal those of the simulator for all products without a conversion. With a conversion they are equal where the arrays are the slower stage, and everywhere for a chip with \`quantizer { last fold: 100 % }\`.`,
    ].join('\n'),
    '## Area',
    `Synthesized by ${record.synthesis.yosys} with the **generic library** of \`scripts/rtl/generic-cells.ts\`: transistors of textbook CMOS cells, in gate equivalents (a NAND2 is one). It is not the library of a process, and nothing is placed or routed. Use the ratios.`,
    table(
      ['element', 'gates', 'registers', 'logic', 'over bf16', 'depth in base mode', 'depth in burst mode'],
      record.synthesis.elements.map((element) => [
        element.name,
        totalGates(element).toFixed(0),
        element.registerGates.toFixed(0),
        element.logicGates.toFixed(0),
        (totalGates(element) / bf16).toFixed(2),
        fo4(element.depthFo4.base),
        fo4(element.depthFo4.burst),
      ]),
    ),
    'The depth is the longest path between registers by logical effort, in delays of an inverter with fan-out four (FO4), without wires and registers. Paths that the mode blocks do not count. Each element multiplies and adds in one cycle. The mapping minimizes area and not delay, so a depth is an upper bound. Base mode sets the clock: sharing makes its path a little longer, and burst mode could run faster alone. A fast chip would put a register behind the multipliers.',
    table(
      [
        'array',
        'convertible',
        'bf16',
        'dual-int8',
        'registers at the edges',
        'convertible over bf16',
        'quantization unit',
        'unit over array',
      ],
      record.synthesis.arrayEdges.map((edge) => {
        const of = (element: number): number => edge.size ** 2 * element + totalGates(edge);
        const unit = record.synthesis.quantizationUnits.find(({ columns }) => columns === edge.size);
        const unitGates = unit === undefined ? Number.NaN : totalGates(unit);
        return [
          `${edge.size} x ${edge.size}`,
          of(convertible).toFixed(0),
          of(bf16).toFixed(0),
          of(dualInt8).toFixed(0),
          totalGates(edge).toFixed(0),
          (of(convertible) / of(bf16)).toFixed(2),
          unitGates.toFixed(0),
          percent(unitGates / of(convertible)),
        ];
      }),
    ),
    `Elements are synthesized once, and an array counts them. Its edges, where operands wait for their row or column, are synthesized at each size. The mode switch of the library's chip (1 us) has ${totalGates(record.synthesis.modeSwitch).toFixed(0)} gates per array.`,
    `The registers of an element are the same in all three. On the chip: ${referenceChip.arraysSquareMillimetres} mm² of arrays were read off the photo of TPUv4i's die by others, and the die has about ${referenceChip.dieSquareMillimetres} mm² (from memory, not verified). If a gate has the same area everywhere, convertible elements add ${one(share.elementsSquareMillimetres)} mm² and the quantization unit ${share.unitSquareMillimetres.toFixed(2)} mm².`,
    '## Results and cycles',
    `Simulated by ${record.verilator}. Results are compared bit by bit with a software model in C++. Operands are all pairs of corners (zeros, subnormals, infinities, NaN, −128 x −128, the ends of every range) and random ones.`,
    table(
      ['unit', 'operands', 'mismatches'],
      record.verification.units.map(({ unit, cases, mismatches }) => [unit, String(cases), String(mismatches)]),
    ),
    table(
      [
        'core',
        'products',
        'sequences of modes',
        'results',
        'mismatches',
        'cycles differ from the paper',
        'conversions',
        'equal to the model',
        'largest difference',
      ],
      record.verification.cores.map((result) => [
        `${result.core.rows} x ${result.core.columns}, switch ${result.core.switchCycles}`,
        String(result.products),
        String(result.sequences),
        String(result.results),
        String(result.mismatches),
        String(result.wrongCycles),
        String(result.conversions),
        String(result.equalConversions),
        `${result.largestDifference} cycles`,
      ]),
    ),
    'A sequence goes from base mode to burst mode and back, twice, and converts weights on the way. “The paper” is `scripts/rtl/core-product.ts`: `productCycles` of the simulator for products without a conversion, and for conversions the formula in [rtl/README.md](../rtl/README.md). The last three columns compare conversions (with hidden preload) with the tiler of the simulator: where the quantization unit is the slower stage, the tiler spreads its work evenly over a product and leaves out at most the time of the last fold. A chip that states `quantizer { last fold: 100 % }` pays that time too. All conversions are then equal (`test/scripts/rtl/core-product.test.ts`).',
  ].join('\n\n')}\n`;
}

function percent(fraction: number): string {
  return `${(100 * fraction).toPrecision(2)} %`;
}

function fo4(depth: number | undefined): string {
  return depth === undefined ? '–' : depth.toFixed(0);
}

/** The first column has words, the others have numbers. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n');
}
