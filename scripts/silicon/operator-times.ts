import type { MeasuredRow } from './csv-table.ts';

/** Measured nanoseconds by number of tokens and operator. An operator that was measured several times has the mean. */
export function operatorTimes(measured: readonly MeasuredRow[]): ReadonlyMap<number, ReadonlyMap<string, number>> {
  const repeats = new Map<number, Map<string, number[]>>();
  for (const row of measured) {
    const tokens = row.size('tokens');
    const times = repeats.get(tokens) ?? new Map<string, number[]>();
    repeats.set(tokens, times);
    const name = row.text('layer');
    times.set(name, [...(times.get(name) ?? []), row.positive('nanoseconds')]);
  }
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  return new Map(
    [...repeats].map(([tokens, times]) => [tokens, new Map([...times].map(([name, values]) => [name, mean(values)]))]),
  );
}

/** The profile measures `up_proj` inside `down_proj` below this number of tokens, and in a separate row from there on. */
const upProjectionFrom = 384;

/** Whether the measured operators of a number of tokens include all of `needed`, and `up_proj` where it has its own row. */
export function isComplete(tokens: number, times: ReadonlyMap<string, number>, needed: readonly string[]): boolean {
  return needed.every((name) => times.has(name)) && (tokens < upProjectionFrom || times.has('up_proj'));
}
