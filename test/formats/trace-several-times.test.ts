import { describe, expect, test } from 'vitest';
import type { TraceOptions } from '../../design/index.ts';
import { readTrace } from '../../formats/index.ts';
import { bytesOf, check, many, origin } from './trace-case.ts';

/* A log of one server with a queue: arrivals, starts, ends, and the times between them, in seconds. A reader must not take another time for the arrivals. */

const count = 240;
/** Random times with a mean gap of 50 ms. A request takes 45 ms. */
const arrivals: number[] = [];
for (let row = 0, seed = 1, time = 0; row < count; row++) {
  arrivals.push(time);
  seed = (seed * 48_271) % 2_147_483_647;
  time += -0.05 * Math.log(seed / 2_147_483_647);
}
const ends: number[] = [];
for (const arrival of arrivals) ends.push(Math.max(arrival, ends.at(-1) ?? 0) + 0.045);
const starts = ends.map((end) => end - 0.045);

const values: Readonly<Record<string, (row: number) => string>> = {
  arrival: (row) => (arrivals[row] ?? 0).toFixed(6),
  start: (row) => (starts[row] ?? 0).toFixed(6),
  end: (row) => (ends[row] ?? 0).toFixed(6),
  wait: (row) => ((starts[row] ?? 0) - (arrivals[row] ?? 0)).toFixed(6),
  latency: (row) => ((ends[row] ?? 0) - (arrivals[row] ?? 0)).toFixed(6),
  milliseconds: (row) => (((ends[row] ?? 0) - (arrivals[row] ?? 0)) * 1000).toFixed(0),
  gap: (row) => (row === 0 ? 0 : (arrivals[row] ?? 0) - (arrivals[row - 1] ?? 0)).toFixed(6),
  tokens: (row) => String(1 + ((row * 37) % 400)),
};

/** A table from `name=content` for each column. */
function table(columns: string): string {
  const parts = columns.split(' ').map((part) => part.split('='));
  const rows = many((row) => parts.map(([, content = '']) => values[content]?.(row) ?? '').join(','), count);
  return `${parts.map(([name]) => name).join(',')}\n${rows}\n`;
}

/** Whether the reader uses the true arrivals, has a caveat about them, or rejects the trace. */
function reading(columns: string, options: TraceOptions = {}): string {
  const { value, diagnostics } = readTrace(bytesOf(table(columns)), origin, options);
  if (value === undefined) return diagnostics.some(({ severity }) => severity === 'error') ? 'error' : 'nothing';
  const doubts = (value.caveats ?? []).filter(({ effect }) => effect.kind === 'any');
  if (doubts.some(({ code }) => code === 'trace-column')) return 'trace-column';
  if (doubts.length > 0) return doubts.map(({ code }) => code).join();
  const isRight = [...value.timesSeconds].every((time, row) => Math.abs(time - (arrivals[row] ?? 0)) < 2e-6);
  return isRight ? 'arrivals' : 'wrong';
}

describe('a trace with several times of each request', () => {
  test.each<[columns: string, reading: string, options?: TraceOptions]>([
    // The arrivals by their name.
    ['begin=arrival end=end', 'arrivals'],
    ['enqueue_time=arrival dequeue_time=start', 'arrivals'],
    ['queued_at=arrival started_at=start finished_at=end', 'arrivals'],
    ['exit_time=end entry_time=arrival', 'arrivals'],
    ['opened_at=arrival closed_at=end', 'arrivals'],
    // Starts of processing.
    ['begin=start end=end', 'trace-column'],
    ['begin=start end=end', 'wrong', { column: 'begin' }],
    ['start=start queue_time=wait end=end', 'trace-column'],
    ['prefill_start=start decode_end=end', 'trace-column'],
    ['dequeued_at=start', 'trace-column'],
    // An earlier time with another name.
    ['queue_time=arrival start_time=start', 'trace-column'],
    ['t_in=arrival timestamp=start', 'trace-column'],
    ['tokens=tokens start_time=arrival', 'arrivals'],
    // Ends beside durations, whatever their name is.
    ...['dur', 'rt', 'took', 'lat_ms', 'turnaround'].map((name): [string, string] => [
      `time=end ${name}=milliseconds`,
      'trace-column',
    ]),
    ['time=end service=latency', 'trace-column'],
    ['time=end delay=latency', 'trace-column'],
    ['time=arrival gap=gap', 'arrivals'],
    ['time=arrival score=latency', 'arrivals'],
    ['time=end service_s=latency', 'arrivals', { ends: true }],
    ['leave_time=end', 'error'],
    // Durations instead of times: those of a queue have a trend.
    ['time=latency', 'trace-column'],
    ['start=wait', 'trace-column'],
    ['inference_time=latency', 'error'],
  ])('%s: %s', (columns, expected, options) => {
    expect(reading(columns, options)).toBe(expected);
  });
});

describe('the names of columns', () => {
  const rows = 'x,1.5\nx,2.25\n';
  test.each(['时间', 'début', 'Δt', '@timestamp', '#'])('%s can be stated', (name) => {
    check([name, `a,${name}\n${rows}`, [0, 0.75], [], { column: name, unit: 's' }]);
    check([name, `a,${name}\n${rows}`, [0, 0.75], [], { column: '2', unit: 's' }]);
    const escaped = [...name].map((one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    for (const key of [name, escaped])
      check([name, `{"a":1,"${key}":1.5}\n{"a":1,"${key}":2.25}\n`, [0, 0.75], [], { column: name, unit: 's' }]);
  });

  test('are quoted in the advice, which works', () => {
    const text = `a,时间\n${many((row) => `x,${row}.5`, 20)}\n`;
    const [advice] = readTrace(bytesOf(text), origin, { unit: 's' }).diagnostics;
    expect(advice?.message).toContain('State it: trace("FILE", column: "时间").');
  });

  test('in ISO 8859-1 have their unit', () => {
    const bytes = Uint8Array.from('time (\u00b5s)\n1500000\n2250000\n', (one) => one.charCodeAt(0));
    expect([...(readTrace(bytes, origin).value?.timesSeconds ?? [])]).toEqual([0, 0.75]);
  });

  test('select rows by a value that is not ASCII', () => {
    check(['where', '模型,time_s\n文心,1.5\nx,2\n文心,2.25\n', [0, 0.75], [], { where: '模型=文心' }]);
  });

  test('can have their units in a second row', () => {
    check(['units', 'time,tokens\n(ms),count\n1500,3\n2250,4\n', [0, 0.75]]);
    check(['units', 'time\n[us]\n1500000.5\n2250000.5\n', [0, 0.75]]);
  });
});

test('a JSON object without the time is no row, whatever the object before it has', () => {
  const text = many((row) => (row % 10 === 3 ? '{"a":1}' : `{"ts":${row}.5,"a":1}`), 30);
  const { value, diagnostics } = readTrace(bytesOf(text), origin, { unit: 's' });
  expect(value?.timesSeconds).toHaveLength(27);
  expect(diagnostics.map(({ code }) => code)).toEqual(['trace-rows']);
});

test('RFC 7464: a record separator before each object', () => {
  check(['json-seq', '\u001e{"ts":1.5}\n\u001e{"ts":2.25}\n', [0, 0.75], [], { unit: 's' }]);
});

test('an object with a numbered object for each row is not one request', () => {
  check(['pandas', '{"0":{"ts":1.5},"1":{"ts":2.25}}', undefined, ['trace-unreadable']]);
});
