import { describe, expect, test } from 'vitest';
import { readTrace } from '../../formats/index.ts';

const origin = { uri: 'test.npu', start: 3, end: 9 };
const read = (times: readonly string[], options = {}) => {
  const { value } = readTrace(new TextEncoder().encode(`time_s\n${times.join('\n')}\n`), origin, options);
  if (value === undefined) throw new Error('not read');
  return { step: value.stepSeconds, codes: (value.caveats ?? []).map(({ code }) => code), times: value.timesSeconds };
};
const list = (count: number, at: (index: number) => string) => Array.from({ length: count }, (_, index) => at(index));
/** More than five different distances. */
const uneven = (index: number) => 8 * index + ((index * index * 3) % 7);
/** More than eight different distances. */
const sparse = (index: number) => 20 * index + ((index * index * 3) % 17);

describe('the clock of a trace', () => {
  test.each<[string, readonly string[], number | undefined, readonly string[], object?]>([
    ['whole seconds, one row each', list(200, (i) => String(uneven(i))), 1, []],
    ['milliseconds', list(200, (i) => (uneven(i) / 1000).toFixed(3)), 0.001, []],
    ['equal distances show no step', list(200, (i) => String(i)), undefined, []],
    ['stated to be exact', list(200, (i) => String(uneven(i))), undefined, [], { spread: false }],
    ['1/60 s in microseconds', list(400, (i) => (sparse(i) / 60).toFixed(6)), 1 / 60, []],
    ['1/64 s in milliseconds', list(400, (i) => (sparse(i) / 64).toFixed(3)), 1 / 64, []],
    ['random microseconds', list(400, (i) => ((i * 7919 + ((i * i * 104_729) % 6007)) / 1e6).toFixed(6)), 1e-6, []],
    // awk prints six digits: hundredths after 1,000 s.
    [
      'six digits',
      list(20_000, (i) => String(Number((990 + ((i * 37) % 11) / 1e4 + i / 150).toPrecision(6)))),
      undefined,
      ['trace-resolution'],
    ],
    [
      'a log that is flushed each second',
      list(6000, (i) => (Math.floor(i / 100) + ((Math.floor(i / 100) * 7919) % 50_000) / 1e6).toFixed(6)).slice(13),
      undefined,
      ['trace-resolution'],
    ],
    [
      'requests that were sent together',
      list(6000, (i) => (Math.floor(i / 100) + ((Math.floor(i / 100) * 7919) % 50_000) / 1e6).toFixed(6)),
      undefined,
      [],
    ],
  ])('%s', (_, times, step, codes, options) => {
    const own = read(times, options);
    expect(own.codes).toEqual(codes);
    if (codes.length === 0 && !_.includes('together')) {
      if (step === undefined) expect(own.step).toBeUndefined();
      else expect(own.step).toBeCloseTo(step, 4);
    }
  });

  test('spreads flushed rows in their order', () => {
    const flushed = list(6000, (i) => (Math.floor(i / 100) + ((Math.floor(i / 100) * 7919) % 50_000) / 1e6).toFixed(6));
    const { times } = read(flushed.slice(13), { spread: true });
    expect(new Set(times).size).toBe(times.length);
    expect(times.every((time, row) => row === 0 || time >= (times[row - 1] ?? 0))).toBe(true);
  });
});
