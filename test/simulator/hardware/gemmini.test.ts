import { describe, expect, test } from 'vitest';
import type { Npu } from '../../../design/index.ts';
import {
  type ArrayShape,
  costModel,
  type LoopSize,
  type Mapping,
  mappedCycles,
} from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';
import { hasReference, readReference } from './reference.ts';

const file = 'gemmini/cycles.json';

interface Case {
  readonly test: string;
  readonly mapping: string;
  readonly gemmini_cycles: number;
  readonly stride?: number;
  readonly pad?: number;
  readonly input?: readonly number[];
}

/** Gemmini issues work in blocks of its array's size, and keeps two writes to one accumulator address four cycles apart. */
const gemmini: ArrayShape = {
  rows: 8,
  columns: 8,
  dataflow: 'weight-stationary',
  preload: 'hidden',
  issue: { blockRows: 8, minimumCycles: 4 },
};

/** "[T] N1 C3 M64 P112 - [O] ... - [I] N1 C3 M8 P15": totals, outer loops, the tile of one pass. */
function loops(mapping: string, part: 'T' | 'I'): ReadonlyMap<string, number> {
  const text = mapping.split('[').find((piece) => piece.startsWith(`${part}]`)) ?? '';
  return new Map([...text.matchAll(/([A-Z])(\d+)/g)].map((match) => [match[1] ?? '', Number(match[2])]));
}

function mappingOf(text: string): Mapping {
  const total = loops(text, 'T');
  const inner = loops(text, 'I');
  const loop = (name: string): LoopSize => ({ total: total.get(name) ?? 1, tile: inner.get(name) ?? 1 });
  const isConv = total.has('P');
  return {
    images: isConv ? (total.get('N') ?? 1) : 1,
    height: isConv ? loop('P') : { total: 1, tile: 1 },
    width: isConv ? loop('Q') : loop('N'),
    channels: loop('C'),
    filters: loop('M'),
    kernelPositions: (total.get('S') ?? 1) * (total.get('R') ?? 1),
  };
}

/** The same work on the same array, tiled by the model itself. */
function ownCycles(entry: Case): number {
  const npu: Npu = {
    ...plainTpu,
    array: { ...gemmini, issue: { blockRows: 8, minimumCycles: 4 }, count: 1, convolution: 'direct' },
    // Gemmini's own sizes: 256 KiB of scratchpad, and memory that never waits.
    vmem: { capacityBytes: 256 * 1024, bandwidthBytesPerSecond: Number.POSITIVE_INFINITY },
    hbm: { capacityBytes: 1e12, bandwidthBytesPerSecond: Number.POSITIVE_INFINITY },
    cmem: null,
    base: { precision: 'int8', packing: 'none' },
    vectorUnit: { operationsPerCycle: 1024 },
  };
  const total = loops(entry.mapping, 'T');
  const size = (name: string) => total.get(name) ?? 1;
  let net: ModelBuilder;
  if (total.has('P')) {
    const [, height = 1, width = 1] = entry.input ?? [];
    net = new ModelBuilder('conv', [height, width, size('C')]);
    net.conv(size('M'), size('S'), { stride: entry.stride ?? 1, padding: entry.pad ?? 0, bias: false });
  } else {
    net = new ModelBuilder('gemm', [size('N'), size('C')]);
    net.dense(size('M'), { bias: false });
  }
  return costModel(npu, net.build(), 'base', 1).layers[0]?.cycles ?? 0;
}

describe.skipIf(!hasReference(file))(`Gemmini RTL (${file})`, () => {
  test('every case is within 5 % under its own mapping', () => {
    const data = JSON.parse(readReference(file)) as { readonly gemm: readonly Case[]; readonly conv: readonly Case[] };
    const cases = [...data.gemm, ...data.conv];
    const rows: Record<string, string | number>[] = [];
    let worst = 0;
    for (const entry of cases) {
      const total = loops(entry.mapping, 'T');
      const ours = mappedCycles(mappingOf(entry.mapping), gemmini, 'none');
      const bound = [...total.values()].reduce((product, size) => product * size, 1) / 64;
      const error = ours / entry.gemmini_cycles - 1;
      worst = Math.max(worst, Math.abs(error));
      const percent = (value: number) => `${(100 * (value / entry.gemmini_cycles - 1)).toFixed(1)} %`;
      rows.push({
        case: entry.test,
        RTL: entry.gemmini_cycles,
        ours,
        error: percent(ours),
        'MACs/PEs': Math.ceil(bound),
        'its error': percent(bound),
        'own tiling': ownCycles(entry),
      });
    }
    console.table(rows);
    expect(cases.length).toBeGreaterThan(0);
    expect(worst).toBeLessThanOrEqual(0.05);
  });
});

/** Sizes that the reference does not have. The expected cycles follow from the rules of the hardware, so a model that is only fitted to the reference fails here. */
describe('the same array, other sizes', () => {
  const one = (total: number): LoopSize => ({ total, tile: total });
  const gemm = (rows: number, reduction: number, outputs: number): number =>
    mappedCycles(
      {
        images: 1,
        height: one(1),
        width: one(rows),
        channels: one(reduction),
        filters: one(outputs),
        kernelPositions: 1,
      },
      gemmini,
      'none',
    );
  // First load 8, skew 14; in between, each fold of 8 x 8 takes its rows, and no less than the 8 cycles in which the next one loads.
  test.each([
    ['one row hides nothing: loading sets the pace', 1, 512, 512, 64 * 64 * 8],
    ['eight rows hide the load exactly', 8, 512, 512, 64 * 64 * 8],
    ['many rows: MACs over elements', 512, 512, 512, (512 * 512 * 512) / 64],
    ['a last block of three rows takes four cycles', 11, 64, 64, 8 * 8 * 12],
    ['a last block of five takes five', 13, 64, 64, 8 * 8 * 13],
    ['a reduction of nine takes two folds', 64, 9, 8, 2 * 64],
    ['nine outputs, too', 64, 8, 9, 2 * 64],
  ])('%s', (_, rows, reduction, outputs, streamed) => {
    expect(gemm(rows, reduction, outputs)).toBe(streamed + 8 + 14);
  });

  test('a stride changes the number of rows, not the cost of a row', () => {
    const conv = (size: number, width: number) =>
      mappedCycles(
        {
          images: 1,
          height: one(size),
          width: { total: size, tile: width },
          channels: one(64),
          filters: one(64),
          kernelPositions: 9,
        },
        gemmini,
        'none',
      );
    const folds = 9 * 8 * 8;
    expect(conv(56, 56)).toBe(folds * 56 * 56 + 22);
    expect(conv(28, 28)).toBe(folds * 28 * 28 + 22);
    // 28 columns in tiles of 17 and 11: two blocks of eight and one row of four cycles, then one block and three rows of four.
    expect(conv(28, 17)).toBe(folds * 28 * (16 + 4 + 8 + 4) + 22);
  });

  test('a larger array takes longer to load, so a few rows hide less of the load', () => {
    const on = (size: number) =>
      mappedCycles(
        { images: 1, height: one(1), width: one(16), channels: one(1024), filters: one(1024), kernelPositions: 1 },
        { rows: size, columns: size, dataflow: 'weight-stationary', preload: 'hidden', issue: null },
        'none',
      );
    expect([8, 16, 32, 64].map((size) => on(size) - (size + 2 * size - 2))).toEqual(
      [8, 16, 32, 64].map((size) => (1024 / size) ** 2 * Math.max(16, size)),
    );
  });
});
