import { describe, expect, test } from 'vitest';
import { readTrace } from '../../formats/index.ts';

const origin = { uri: 'test.npu', start: 3, end: 9 };
/** Gaps around a mean, as a file. */
const read = (gaps: readonly number[], options = {}) =>
  readTrace(new TextEncoder().encode(`gap\n${gaps.join('\n')}\n`), origin, options).diagnostics.filter(({ message }) =>
    message.includes('as if their unit changed'),
  );
const around = (mean: number, count: number) =>
  Array.from({ length: count }, (_, index) => Number((mean * (0.2 + ((index * 7) % 9) / 5)).toPrecision(6)));

describe('gaps whose unit changes', () => {
  test.each<[string, readonly number[], number | undefined, object?]>([
    ['to a finer one', [...around(0.1, 30), ...around(100, 200)], 30],
    ['to a coarser one', [...around(100, 200), ...around(0.1, 30)], 200],
    ['by a factor of a million', [...around(1, 20), ...around(1e6, 20)], 20],
    ['too late to be sure', [...around(0.1, 30), ...around(100, 5)], undefined],
    ['stated', [...around(0.1, 30), ...around(100, 200)], undefined, { unit: 's' }],
    ['never', around(0.1, 300), undefined],
    ['never, with long pauses', around(0.1, 300).map((gap, row) => (row % 4 === 3 ? gap * 1000 : gap)), undefined],
    ['never, after a quiet start', [...around(30, 20), ...around(0.3, 200)], undefined],
  ])('%s', (_, gaps, earlier, options) => {
    const found = read(gaps, options);
    expect(found.map(({ code }) => code)).toEqual(earlier === undefined ? [] : ['trace-unit']);
    if (earlier !== undefined) expect(found[0]?.message).toContain(`After ${earlier} requests,`);
  });
});
