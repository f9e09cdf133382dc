import {
  type LatencyBreakdown,
  type TokenCause,
  type TokenCauses,
  type TokenTime,
  tokenCauseNames,
} from '../../../design/index.ts';
import type { RequestCauses } from '../../sequences/index.ts';
import { zeroBreakdown } from '../result/latency-breakdown.ts';
import type { TokenRun } from './measure.ts';
import { tpotOf } from './replay.ts';

/**
 * The mean parts of a latency, a time to first token or a time per token, of the measured requests. `limitSeconds`: only of the
 * requests above it, if there are any.
 */
export function breakdownOf(run: TokenRun, of: TokenTime | undefined, limitSeconds: number): LatencyBreakdown {
  const late = partsOf(run, of, limitSeconds);
  if (late !== null) return { ...late, ofLate: true };
  return partsOf(run, of, Number.NEGATIVE_INFINITY) ?? zeroBreakdown;
}

function partsOf(run: TokenRun, of: TokenTime | undefined, above: number): LatencyBreakdown | null {
  const { times, outputTokens, part, recorders, causes } = run;
  const { arrival, admitted, first, last } = times;
  const columns = causes === undefined ? [] : causeColumns(causes, of);
  const sums = new Float64Array(columns.length);
  let count = 0;
  let queueSeconds = 0;
  let prefillSeconds = 0;
  let decodeSeconds = 0;
  for (let r = 0; r < arrival.length; r++) {
    const [arrived, start, one, end] = [
      arrival[r] ?? Number.NaN,
      admitted[r] ?? Number.NaN,
      first[r] ?? Number.NaN,
      last[r] ?? Number.NaN,
    ];
    const counted = of === 'ttft' ? one : end;
    if (!(counted >= part.warmupSeconds) || arrived < recorders.latency.countsFromSeconds) continue;
    const value = of === 'tpot' ? tpotOf(times, outputTokens, r) : counted - arrived;
    if (!(value > above)) continue;
    count++;
    const divisor = of === 'tpot' ? (outputTokens[r] as number) - 1 : 1;
    for (const [index, { seconds }] of columns.entries()) {
      sums[index] = (sums[index] as number) + (seconds[r] as number) / divisor;
    }
    if (of === 'tpot') {
      decodeSeconds += value;
      continue;
    }
    queueSeconds += start - arrived;
    prefillSeconds += one - start;
    if (of === undefined) decodeSeconds += end - one;
  }
  if (count === 0) return null;
  const byCause = causes === undefined ? {} : { causes: meanCauses(columns, sums, count) };
  return {
    ...zeroBreakdown,
    queueSeconds: queueSeconds / count,
    steps: { prefillSeconds: prefillSeconds / count, decodeSeconds: decodeSeconds / count, ...byCause },
  };
}

interface CauseColumn {
  readonly cause: TokenCause;
  /** By request. */
  readonly seconds: Float64Array;
}

/** The columns that add up to a time of each request. */
function causeColumns({ queue, prefill, decode }: RequestCauses, of: TokenTime | undefined): readonly CauseColumn[] {
  const decoding = columnsOf(decode);
  if (of === 'tpot') return decoding;
  const untilFirst = [...columnsOf(queue), ...columnsOf(prefill)];
  return of === 'ttft' ? untilFirst : [...untilFirst, ...decoding];
}

function columnsOf(columns: Readonly<Partial<Record<TokenCause, Float64Array>>>): readonly CauseColumn[] {
  return tokenCauseNames.flatMap((cause) => {
    const seconds = columns[cause];
    return seconds === undefined ? [] : [{ cause, seconds }];
  });
}

/** Sums of differences of large sums can be a little below zero. */
function meanCauses(columns: readonly CauseColumn[], sums: Float64Array, count: number): TokenCauses {
  const secondsOf = (cause: TokenCause): number => {
    let sum = 0;
    for (const [index, column] of columns.entries()) if (column.cause === cause) sum += sums[index] as number;
    return Math.max(0, sum / count);
  };
  return Object.fromEntries(tokenCauseNames.map((cause) => [cause, secondsOf(cause)])) as Record<TokenCause, number>;
}
