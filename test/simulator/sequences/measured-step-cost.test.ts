import { describe, expect, it, test } from 'vitest';
import {
  attentionGrid,
  type DecodeRun,
  type GridPoint,
  type MeasuredOperators,
  MeasuredStepCost,
  noWork,
  runSequences,
} from '../../../simulator/sequences/index.ts';
import { randomScenario } from './scenario.ts';
import { twinRun } from './twin.ts';

/** A grid with curves in each axis: rows as profiles have them, without chunks of 0 with cached tokens and the like. */
function profile(
  microseconds: (chunk: number, cached: number, decodes: number, context: number) => number,
): GridPoint[] {
  const points: GridPoint[] = [];
  for (const chunk of [0, 16, 64, 256])
    for (const cached of chunk === 0 ? [0] : [0, 16, 128])
      for (const decodes of [0, 1, 4, 64])
        for (const context of decodes === 0 ? [0] : [16, 64, 256]) {
          if (chunk + decodes === 0) continue;
          points.push({ at: [chunk, cached, decodes, context], value: microseconds(chunk, cached, decodes, context) });
        }
  return points;
}

const curved = (chunk: number, cached: number, decodes: number, context: number) =>
  9 +
  0.01 * chunk * Math.sqrt(cached + chunk) +
  0.02 * decodes * Math.sqrt(context) +
  (chunk > 0 && decodes > 0 ? 3 : 0);

function operators(rest: Partial<MeasuredOperators> = {}): MeasuredOperators {
  return {
    byTokens: [
      [
        { at: 1, value: 20 },
        { at: 8, value: 21 },
        { at: 2048, value: 400 },
      ],
      [{ at: 1, value: 5 }],
    ],
    bySequences: [
      [
        { at: 1, value: 10 },
        { at: 64, value: 20 },
      ],
    ],
    attention: attentionGrid(profile(curved)),
    layers: 3,
    skew: 0,
    ...rest,
  };
}

const decode = (decodes: number, decodeContext: number, longestContext: number) => ({
  ...noWork(),
  tokens: decodes,
  sequences: decodes,
  decodes,
  decodeContext,
  longestContext,
});

describe('attention from a profile', () => {
  const grid = attentionGrid(profile(curved));

  test.each([
    ['a decode', [0, 0, 4, 64]],
    ['a chunk', [64, 128, 0, 0]],
    ['both', [64, 16, 1, 256]],
  ] as const)('has the measured value at a point of %s', (_, [chunk, cached, decodes, context]) => {
    expect(grid.at(chunk, cached, decodes, context)).toBeCloseTo(curved(chunk, cached, decodes, context), 9);
  });

  test.each([0, 1, 2, 3] as const)('is linear in axis %i between points', (axis) => {
    const low: [number, number, number, number] = [64, 16, 4, 64];
    const high: [number, number, number, number] = [...low];
    high[axis] = [256, 128, 64, 256][axis] ?? 0;
    const middle: [number, number, number, number] = [...low];
    middle[axis] = (low[axis] + high[axis]) / 2;
    expect(grid.at(...middle)).toBeCloseTo((grid.at(...low) + grid.at(...high)) / 2, 9);
    expect(grid.at(...middle)).not.toBeCloseTo(grid.at(...low), 3);
  });

  it('ignores cached tokens without a chunk, and a context without decoding sequences', () => {
    expect(grid.at(0, 99, 4, 64)).toBe(grid.at(0, 0, 4, 64));
    expect(grid.at(64, 16, 0, 99)).toBe(grid.at(64, 16, 0, 0));
  });

  it('extends a mixed table to more decoding sequences by its last line', () => {
    const linear = (chunk: number, _cached: number, decodes: number, context: number) =>
      5 + chunk + 2 * decodes + context;
    const partial = profile(linear).filter(({ at }) => at[0] === 0 || at[2] < 64);
    expect(attentionGrid(partial).at(64, 16, 64, 64)).toBeCloseTo(linear(64, 16, 64, 64), 9);
  });
});

describe('a step', () => {
  const cost = new MeasuredStepCost(operators(), 2048, 64);

  it('sums the operators: some by tokens, some by sequences, attention in each layer', () => {
    const work = {
      ...noWork(),
      tokens: 66,
      sequences: 3,
      prefillTokens: 64,
      prefillContext: 64 * 16,
      decodes: 2,
      decodeContext: 200,
      longestContext: 120,
    };
    const byTokens = 21 + ((66 - 8) / 2040) * 379 + 5;
    const bySequences = 10 + (2 / 63) * 10;
    const attention = attentionGrid(profile(curved)).at(64, 16, 2, 100);
    expect(cost.picoseconds(work) / 1e6).toBeCloseTo(byTokens + bySequences + 3 * attention, 5);
  });

  it.each([0, 0.25, 1, 1.5])('adds the share %f of the difference to the longest context', (skew) => {
    const skewed = new MeasuredStepCost(operators({ skew }), 2048, 64);
    const grid = attentionGrid(profile(curved));
    const extra = 3 * skew * (grid.at(0, 0, 4, 200) - grid.at(0, 0, 4, 64));
    const difference = skewed.picoseconds(decode(4, 256, 200)) - cost.picoseconds(decode(4, 256, 200));
    // Whole coefficients round attention by less than 1e-5.
    expect(Math.abs(difference / 1e6 - extra)).toBeLessThan(2e-3);
    const mixed = { ...decode(4, 256, 200), tokens: 68, sequences: 5, prefillTokens: 64, prefillContext: 0 };
    const mixedExtra = 3 * skew * (grid.at(64, 0, 4, 200) - grid.at(64, 0, 4, 64));
    expect((skewed.picoseconds(mixed) - cost.picoseconds(mixed)) / 1e6).toBeCloseTo(mixedExtra, 5);
  });

  it('that only decodes continues the line of the steps before it, to the picosecond', () => {
    const line: DecodeRun = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
    for (const skew of [0, 0.3]) {
      const priced = new MeasuredStepCost(operators({ skew }), 2048, 64);
      for (const [n, context, longest] of [
        [1, 3, 3],
        [3, 90, 60],
        [5, 320, 64],
        [7, 3000, 700],
      ] as const) {
        priced.decodeRun(n, context, longest, line);
        const { firstPicoseconds, growthPicoseconds, steps } = line;
        expect(steps).toBeGreaterThan(0);
        for (let j = 0; j < Math.min(steps, 300); j++) {
          const step = priced.picoseconds(decode(n, context + n * j, longest + j));
          expect(step, `${n} sequences, step ${j}`).toBe(firstPicoseconds + j * growthPicoseconds);
        }
      }
    }
  });

  it('never has a negative time, even if the values of a table decrease', () => {
    const falling = attentionGrid(
      profile((_chunk, _cached, decodes, context) => Math.max(0.1, 60 - context / 5 - decodes)),
    );
    const priced = new MeasuredStepCost(operators({ attention: falling }), 2048, 64);
    for (const [n, context] of [
      [1, 255],
      [4, 9000],
      [64, 255],
      [64, 9000],
    ] as const) {
      expect(priced.picoseconds(decode(n, n * context, context))).toBeGreaterThan(0);
    }
  });
});

it('a run with measured tables equals the twin to the bit in 40 random scenarios', () => {
  for (let seed = 0; seed < 40; seed++) {
    const input = randomScenario(seed);
    const { tokens, sequences } = input.limits;
    const cost = new MeasuredStepCost(operators({ skew: (seed % 4) / 2 }), tokens, sequences);
    const run = runSequences({ ...input, cost });
    const twin = twinRun({ ...input, cost });
    expect([...(run?.lastTokenNanoseconds ?? [])], `seed ${seed}`).toEqual(twin.last);
    expect(run?.steps).toBe(twin.steps);
  }
});
