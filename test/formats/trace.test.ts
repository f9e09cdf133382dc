import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readTrace } from '../../formats/index.ts';
import { describeWithReference, readReference } from './reference.ts';

const origin = { uri: 'test.npu', start: 3, end: 9 };
const bytesOf = (text: string) => new TextEncoder().encode(text);

function check(text: string, times: readonly number[] | undefined, messages: readonly RegExp[] = []): void {
  const { value, diagnostics } = readTrace(bytesOf(text), origin);
  expect(value === undefined ? undefined : [...value]).toEqual(times);
  expect(diagnostics.map((each) => each.message)).toEqual(messages.map((pattern) => expect.stringMatching(pattern)));
  for (const each of diagnostics) expect(each.origin).toEqual(origin);
}

describe('arrival traces', () => {
  const good: readonly (readonly [string, string, readonly number[]])[] = [
    ['a column of seconds', '0\n0.5\n2\n', [0, 0.5, 2]],
    ['seconds since the first', '10.25\n10.5\n', [0, 0.25]],
    ['no newline at the end', '1\n3', [0, 2]],
    ['exponents', 'seconds\n1e-3\n2.001\n', [0, 2]],
    ['carriage returns, blank lines, a comment', '# made by hand\r\n1\r\n\r\n2\r\n', [0, 1]],
    ['old Mac line ends', '1\r2\r', [0, 1]],
    ['byte order mark', '\ufefftime\n1\n2\n', [0, 1]],
    ['nanoseconds of LoadGen', 'timestamp_ns\n0\n1843654\n', [0, 0.001843654]],
    ['nanoseconds since 1970 lose nothing', 'timestamp_ns\n1700000000000000001\n1700000000000000003\n', [0, 2e-9]],
    ['microseconds', 't_us\n1\n2\n', [0, 1e-6]],
    ['microseconds with the sign', 'time [µs]\n1\n2\n', [0, 1e-6]],
    ['milliseconds in brackets, second column', 'id,Arrival time (ms)\n7,5\n8,7.5\n', [0, 0.0025]],
    ['semicolons, quotes', '"id";"arrived_at_s"\n"1";"5"\n"2";"6"\n', [0, 1]],
    ['tabs', 'x\tseconds\n9\t1\n9\t3\n', [0, 2]],
    ['no header, several columns', '1,100\n2,200\n', [0, 1]],
    ['the arrival counts where there are several times', 'finish_time,arrival_time\n50,1\n60,4\n', [0, 3]],
    [
      'dates with seven digits behind the second',
      'TIMESTAMP,ContextTokens,GeneratedTokens\r\n2023-11-16 18:17:03.9799600,4808,10\r\n2023-11-16 18:17:04.0319600,3180,8\r\n',
      [0, 0.052],
    ],
    [
      'dates over a leap day, with zones',
      'TIMESTAMP\n2024-02-28T23:59:59.5Z\n2024-03-01T01:00:00.5+01:00\n',
      [0, 86_401],
    ],
  ];
  test.each(good)('%s', (_, text, times) => check(text, times));

  const odd: readonly (readonly [string, string, readonly number[] | undefined, readonly RegExp[]])[] = [
    ['empty file', '', undefined, [/the file is empty/]],
    ['header only', 'timestamp\n', undefined, [/it has no rows/]],
    [
      'no row holds a time',
      'timestamp\nx\n\n',
      undefined,
      [/^line 2 .*'x' is not a number/, /none of its 1 rows holds a time in column 'timestamp'/],
    ],
    ['binary', 'ab\0c', undefined, [/binary/]],
    ['another encoding', '\u0000\u0001', undefined, [/binary/]],
    [
      'malformed rows have lines and a count',
      'time,x\n1,a\n,b\nsoon,c\n3\n\n4,d\n',
      [0, 2, 3],
      [
        /^line 3 .*: its time is empty$/,
        /^line 4 .*: 'soon' is not a number$/,
        /^2 of 5 rows of the trace are malformed and left out$/,
      ],
    ],
    ['too few columns', 'x,time\n1,1\n2\n3,2\n', [0, 1], [/^line 3 .*too few columns/, /^1 of 3 rows/]],
    ['dates and numbers', 'time\n1\n2023-11-16 18:17:03\n2\n', [0, 1], [/^line 3 .*is not a number$/, /^1 of 3/]],
    [
      'impossible dates',
      'time\n2023-11-16 18:17:03\n2023-13-01 00:00:00\n',
      [0],
      [/^line 3 .*is not a date and time$/, /^1 of 2/],
    ],
    ['out of order', '5\n7\n6\n1\n', [0, 4, 5, 6], [/not in order of time \(first at line 3, 2 rows/]],
    [
      'no column named like a time',
      'a,b\n1,9\n2,9\n',
      [0, 1],
      [/no column of the trace is named like a time; the first one, 'a'/],
    ],
    [
      'milliseconds since 1970 without a unit',
      'timestamp\n1700000000000\n1700000000250\n',
      [0, 0.25],
      [/states no unit; .* milliseconds since 1970/],
    ],
  ];
  test.each(odd)('%s', (_, text, times, messages) => check(text, times, messages));

  test('many malformed rows are counted, not listed', () => {
    const text = `time\n0\n${'bad\n'.repeat(5000)}`;
    const { diagnostics } = readTrace(bytesOf(text), origin);
    expect(diagnostics).toHaveLength(21);
    expect(diagnostics[20]?.message).toBe('5000 of 5001 rows of the trace are malformed and left out');
  });

  test('any bytes: no throw, and a result that is ascending from zero', () => {
    const row = fc.oneof(
      fc.double({ noNaN: true }).map(String),
      fc.string(),
      fc.constantFrom('2023-11-16 18:17:03.97', '1,2', '', '"3"', '-1'),
    );
    const texts = fc.oneof(
      fc.array(row).map((rows) => bytesOf(rows.join('\n'))),
      fc.uint8Array({ maxLength: 300 }),
    );
    fc.assert(
      fc.property(texts, (bytes) => {
        const { value, diagnostics } = readTrace(bytes, origin);
        expect(value !== undefined || diagnostics.some((each) => each.severity === 'error')).toBe(true);
        if (value === undefined) return;
        expect(value[0]).toBe(0);
        for (let index = 1; index < value.length; index++)
          expect(value[index]).toBeGreaterThanOrEqual(value[index - 1] ?? 0);
      }),
      { numRuns: 2000 },
    );
  });

  test('what was written comes back', () => {
    const gaps = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(gaps, fc.bigInt({ min: 0n, max: 10n ** 19n }), (nanoseconds, start) => {
        let at = start;
        const rows = ['timestamp_ns', String(at)];
        const expected = [0];
        for (const gap of nanoseconds) {
          at += BigInt(gap);
          rows.push(String(at));
          expected.push(Number(at - start) / 1e9);
        }
        expect([...(readTrace(bytesOf(rows.join('\n')), origin).value ?? [])]).toEqual(expected);
      }),
    );
  });
});

describeWithReference(
  'reference traces',
  ['traces/AzureLLMInferenceTrace_code.csv', 'loadgen/schedule-seed-3507442325620259414-qps-4500.csv'],
  () => {
    test('Azure LLM inference, code', () => {
      const { value, diagnostics } = readTrace(readReference('traces/AzureLLMInferenceTrace_code.csv'), origin);
      expect(diagnostics).toEqual([]);
      expect(value).toHaveLength(8819);
      expect([...(value ?? [])].slice(0, 5)).toEqual([0, 0.052, 0.098189, 0.140684, 0.444994]);
    });

    test('a LoadGen schedule, to the nanosecond', () => {
      const bytes = readReference('loadgen/schedule-seed-3507442325620259414-qps-4500.csv');
      const written = new TextDecoder().decode(bytes).trim().split(/\r?\n/).slice(1).map(Number);
      const { value, diagnostics } = readTrace(bytes, origin);
      expect(diagnostics).toEqual([]);
      expect([...(value ?? [])].map((seconds) => Math.round(seconds * 1e9))).toEqual(written);
    });
  },
);
