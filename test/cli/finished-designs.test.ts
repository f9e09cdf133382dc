import { expect, test } from 'vitest';
import { FinishedDesigns } from '../../cli/finished-designs.ts';
import type { ExplorationMeasure, RowDetails } from '../../design/index.ts';
import type { ExploredDesigns } from '../../simulator/index.ts';

const origin = { uri: '', start: 0, end: 0 };
const latency = 'p99 latency' as ExplorationMeasure;
const plan = {
  goals: [{ sense: 'minimize', measure: latency, origin }] as const,
  further: ['energy', 'chips'] as readonly ExplorationMeasure[],
};

const details = (of: Partial<RowDetails>): RowDetails => ({
  further: [0.1, null],
  lows: [0.5, null, 2],
  highs: [null, 4, 5],
  seed: 7,
  designHash: 'aa',
  caveats: [],
  ...of,
});

function part(designs: readonly number[], rows: readonly RowDetails[]): ExploredDesigns {
  return {
    designs: Uint32Array.from(designs),
    measures: [Float64Array.from(designs, (design) => design / 10)],
    verdicts: Uint8Array.from(designs, (design) => design % 4),
    problems: designs.filter((design) => design === 3).map((design) => ({ design, message: `${design}` })),
    caveats: [],
    statedInputs: [`stated ${designs.join()}`],
    details: rows,
  };
}

test('the details of each design are those that were added', () => {
  const found = new FinishedDesigns(plan);
  const rows = [
    details({}),
    details({ seed: null, designHash: null, lows: [null, null, null] }),
    details({ caveats: ['trace-rows', 'trace-cut'], further: [null, 8] }),
  ];
  found.add(part([5, 3, 900], rows));
  expect([5, 3, 900, 4].map((design) => found.get(design))).toEqual([...rows, undefined]);
  expect([found.size, found.has(900), found.has(4)]).toEqual([3, true, false]);
});

test('a design that is added twice keeps its first row', () => {
  const found = new FinishedDesigns(plan);
  found.add(part([5], [details({ seed: 1 })]));
  found.add(part([5, 6], [details({ seed: 2 }), details({ seed: 3 })]));
  expect([found.get(5)?.seed, found.get(6)?.seed, found.size]).toEqual([1, 3, 2]);
});

test('the rows since a number of designs are those that were added later, in columns of any length', () => {
  const found = new FinishedDesigns(plan);
  const many = Array.from({ length: 200 }, (_, at) => at);
  for (const design of many) found.add(part([design], [details({ seed: design })]));
  const { designs, measures, verdicts, problems, statedInputs } = found.since(150);
  expect([...designs]).toEqual(many.slice(150));
  expect([...(measures[0] ?? [])]).toEqual(many.slice(150).map((design) => design / 10));
  expect([...verdicts]).toEqual(many.slice(150).map((design) => design % 4));
  expect(problems).toEqual([{ design: 3, message: '3' }]);
  expect(statedInputs).toHaveLength(200);
  expect(many.map((design) => found.get(design)?.seed)).toEqual(many);
});
