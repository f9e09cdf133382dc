import { checkElements, runCore, type UnitResult } from './benches.ts';
import { cores, type Run, runsOf } from './cases.ts';
import { type CoreShape, coreCycles, modelConversionCycles, sequenceCycles } from './core-product.ts';

/** How much to simulate. */
export interface Effort {
  /** Random operands for each arithmetic unit, besides the corners. */
  readonly randomOperands: number;
  /** Random products for each core, besides the corners. */
  readonly randomProducts: number;
  readonly cores: number;
}

/** All cores, or one core in half a minute for CI. */
export const efforts = {
  full: { randomOperands: 1_000_000, randomProducts: 300, cores: cores.length },
  quick: { randomOperands: 200_000, randomProducts: 60, cores: 1 },
} as const satisfies Readonly<Record<string, Effort>>;

/** The runs of one core, compared with the software model and with the cycles of the simulator. */
export interface CoreResult {
  readonly core: CoreShape;
  readonly products: number;
  /** Runs of several products with changes of the mode between them. */
  readonly sequences: number;
  /** Results of columns that were compared bit by bit. */
  readonly results: number;
  readonly mismatches: number;
  /** Runs whose cycles differ from the paper. */
  readonly wrongCycles: number;
  /** Products with a conversion: their number, those whose cycles equal the model, and the largest difference of the others. */
  readonly conversions: number;
  readonly equalConversions: number;
  readonly largestDifference: number;
}

export interface Verification {
  readonly units: readonly UnitResult[];
  readonly cores: readonly CoreResult[];
}

export async function verify(effort: Effort, seed: number, print: (line: string) => void): Promise<Verification> {
  const units = await checkElements(effort.randomOperands, seed);
  for (const { unit, cases, mismatches } of units) print(`${unit}: ${cases} operands, ${mismatches} mismatches`);
  const results: CoreResult[] = [];
  for (const core of cores.slice(0, effort.cores)) {
    const runs = runsOf(core, effort.randomProducts, seed);
    const result = await verifyCore(core, runs, seed, print);
    const { products, sequences, results: compared, mismatches, wrongCycles } = result;
    print(
      `core ${core.rows} x ${core.columns}: ${products} products, ${sequences} sequences of modes, ${compared} results, ` +
        `${mismatches} mismatches, ${wrongCycles} runs with other cycles`,
    );
    results.push(result);
  }
  return { units, cores: results };
}

async function verifyCore(
  core: CoreShape,
  runs: readonly Run[],
  seed: number,
  print: (line: string) => void,
): Promise<CoreResult> {
  const found = await runCore(core, runs, seed);
  let mismatches = 0;
  let wrongCycles = 0;
  let compared = 0;
  for (const [index, run] of runs.entries()) {
    const expected = sequenceCycles(run, core);
    const result = found[index] ?? { cycles: Number.NaN, results: 0, mismatches: 1 };
    compared += result.results;
    mismatches += result.mismatches;
    if (result.cycles === expected) continue;
    wrongCycles += 1;
    if (wrongCycles <= 5) print(`expected ${expected} cycles, found ${result.cycles}: ${JSON.stringify(run)}`);
  }
  const conversions = runs.flat().filter(({ path, preload }) => path === 'convert' && preload === 'hidden');
  const differences = conversions.map((product) => coreCycles(product, core) - modelConversionCycles(product, core));
  return {
    core,
    products: runs.flat().length,
    sequences: runs.filter(({ length }) => length > 1).length,
    results: compared,
    mismatches,
    wrongCycles,
    conversions: conversions.length,
    equalConversions: differences.filter((difference) => difference === 0).length,
    largestDifference: Math.max(0, ...differences),
  };
}

/** The problems of a verification, as sentences. Empty if everything is equal. */
export function problemsOf({ units, cores: results }: Verification): readonly string[] {
  return [
    ...units
      .filter(({ mismatches }) => mismatches > 0)
      .map(({ unit, mismatches }) => `${unit}: ${mismatches} results differ from the software model.`),
    ...results.flatMap(({ core, mismatches, wrongCycles }) => [
      ...(mismatches > 0 ? [`core ${core.rows} x ${core.columns}: ${mismatches} results are wrong.`] : []),
      ...(wrongCycles > 0 ? [`core ${core.rows} x ${core.columns}: ${wrongCycles} runs take other cycles.`] : []),
    ]),
  ];
}
