import { describe, expect, test } from 'vitest';
import type { TraceOptions } from '../../design/index.ts';
import { readTrace } from '../../formats/index.ts';

const origin = { uri: 'test.npu', start: 3, end: 9 };
const lines = (head: string, row: (index: number) => string, count = 40): string =>
  [head, ...Array.from({ length: count }, (_, index) => row(index))].filter((line) => line !== '').join('\n');
/** An uneven time, about `step` after the one before. */
const at = (index: number, step = 0.1, from = 0) => (from + (index + ((index * 7) % 5) / 10) * step).toFixed(3);

/*
 * A decision about a trace is certain if the file states it, if the trace has the signature of a known format, or if a name says it and nothing
 * contradicts. Every other decision is a caveat.
 */
describe('a decision about a trace', () => {
  test.each<[what: string, text: string, codes: readonly string[], options?: TraceOptions]>([
    // Which column has the arrivals.
    ['sent and received', lines('sent_at,received_at', (i) => `${at(i, 0.01)},${at(i)}`), ['trace-column']],
    [
      'sent and received, stated',
      lines('sent_at,received_at', (i) => `${at(i, 0.01)},${at(i)}`),
      [],
      { column: 'sent_at' },
    ],
    ['the arrival of a response', lines('request_sent_ts,response_arrival_ts', (i) => `${at(i, 0.01)},${at(i)}`), []],
    ['a timestamp and a start', lines('timestamp,start_time', (i) => `${at(i)},${at(i, 0.01)}`), ['trace-column']],
    ['an arrival and a start', lines('arrival_time,start_time', (i) => `${at(i)},${at(i, 0.11)}`), []],
    ['a submission and a start', lines('submit_time,start_time', (i) => `${at(i)},${at(i, 0.11)}`), []],
    ['one time in two units', lines('timestamp,time_ms', (i) => `${at(i)},${Number(at(i)) * 1000}`), []],
    ['request_time alone', lines('request_time', (i) => at(i)), ['trace-column']],
    ['request_time in dates', lines('request_time', (i) => `2024-05-10T00:00:${10 + i}.5Z`), []],
    [
      'nginx with times that cannot be read',
      lines('', (i) => `{"time_local":"10/May/2024:13:00:00 +0000","request_time":"${at(i)}"}`),
      ['trace-unreadable'],
    ],
    ['AM and PM in a column of their own', lines('time,half', (i) => `01:00:${10 + i},PM`), ['trace-unreadable']],
    // The unit.
    ['decimals from the start', lines('t', (i) => at(i)), []],
    ['decimals from the start of a browser', lines('t', (i) => at(i, 0.5, 1234)), ['trace-unit']],
    ['few requests in a long time', lines('t', (i) => at(i, 12)), ['trace-unit']],
    ['few requests in a long time, stated', lines('t', (i) => at(i, 12)), [], { unit: 'ms' }],
    ['few requests in a long time, named', lines('t_s', (i) => at(i, 12)), []],
    ['Julian dates', lines('timestamp', (i) => (2460440.5 + i / 864000).toFixed(9)), ['trace-unit']],
    ['minutes or metres', lines('time (m)', (i) => at(i)), ['trace-unit']],
    ['Chrome traces', lines('', (i) => `{"ph":"X","ts":${at(i, 500, 5e6)},"dur":100.5,"pid":1}`), []],
    ['bursts in seconds, by name', lines('timestamp_s', (i) => String(i < 20 ? i / 1e4 : 4 + i * 2)), []],
    // The durations of ends.
    ['a duration in any unit', lines('end_time,duration', (i) => `${at(i)},123.456`), ['trace-unit', 'trace-ends']],
    ['a duration in ms', lines('end_time,duration_ms', (i) => `${at(i)},123.456`), ['trace-ends']],
    // One row is one request.
    [
      'a metric',
      lines('timestamp,RequestCount (Sum)', (i) => `${60 * i}.5,${900 + ((i * 7) % 11)}`),
      ['trace-unit', 'trace-counts'],
    ],
    [
      'a metric with dates',
      lines('Time,Value', (i) => `2024-05-10 00:${10 + i}:00,${900 + ((i * 7) % 11)}`),
      ['trace-counts'],
    ],
    [
      'a steady load',
      lines('timestamp_s,status,input_tokens', (i) => `${i / 8},${i % 9 ? 200 : 503},${i}`),
      ['trace-tokens'],
    ],
    [
      'users each minute',
      lines('Time,users', (i) => `2024-05-10 00:${10 + i}:0${i % 3},${900 + ((i * 7) % 11)}`),
      ['trace-counts'],
    ],
    ['users of requests', lines('timestamp_s,user,client', (i) => `${i / 8},${(i * 7) % 5},${i % 2}`), []],
    [
      'Chrome traces at equal distances',
      lines('', (i) => `{"ph":"X","ts":${1e9 + i * 500.5},"dur":${i % 9},"pid":${i % 2},"tid":${i % 3},"id":${i}}`),
      [],
    ],
    [
      'batches in a Chrome trace',
      lines('', (i) => `{"ph":"X","ts":${at(i)},"pid":1,"args":{"batchSize":${i % 8}}}`),
      ['trace-counts'],
    ],
    ['numbers beside uneven times', lines('timestamp,cost', (i) => `${at(i)},${i % 3}`), []],
    // Rows far away.
    [
      'the zero time of Go, three times',
      lines('ts', (i) => (i < 3 ? '0001-01-01T00:00:00Z' : `2024-05-10T00:00:00.${100 + i}Z`), 400),
      ['trace-gap'],
    ],
  ])('%s', (_, text, codes, options = {}) => {
    const { diagnostics } = readTrace(new TextEncoder().encode(text), origin, options);
    expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  });

  test('reads the microseconds of Chrome', () => {
    const text = lines('', (i) => `{"ph":"X","ts":${5e6 + i * 500},"dur":100.5,"pid":1}`);
    const { value } = readTrace(new TextEncoder().encode(text), origin);
    expect(value?.timesSeconds[39]).toBeCloseTo(39 * 5e-4, 12);
  });
});
