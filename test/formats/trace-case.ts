import { expect } from 'vitest';
import type { TraceOptions } from '../../design/index.ts';
import { readTrace } from '../../formats/index.ts';

/* A trace as text, and what a reader must make of it: the arrivals in seconds since the first one, and the codes of its diagnostics. */

export type Case = readonly [
  what: string,
  text: string,
  times: readonly number[] | undefined,
  codes?: readonly string[],
  options?: TraceOptions,
];

export const origin = { uri: 'test.npu', start: 3, end: 9 };
export const bytesOf = (text: string) => new TextEncoder().encode(text);
export const many = (row: (index: number) => string, count: number) =>
  Array.from({ length: count }, (_, index) => row(index)).join('\n');

export function check([, text, times, codes = [], options = {}]: Case): void {
  const { value, diagnostics } = readTrace(bytesOf(text), origin, options);
  expect(value === undefined ? undefined : [...value.timesSeconds].map((time) => Number(time.toFixed(9)))).toEqual(
    times,
  );
  // Threads share the columns: a simulation in another thread copies none of them.
  for (const column of [value?.timesSeconds, value?.promptTokens, value?.outputTokens])
    if (column !== undefined) expect(column.buffer).toBeInstanceOf(SharedArrayBuffer);
  expect(diagnostics.map(({ code }) => code)).toEqual(codes);
  for (const each of diagnostics) expect(each.origin).toEqual(origin);
}
