import type { Arrivals, Batching, BurstPolicy, QueueOrder } from '../design/index.ts';
import type { ServiceTable } from './service-table.ts';

/*
 * Limits of every latency of a run, for any requests that are added to it. A verdict that is the same at both limits does not depend on rows of a
 * trace that are missing. The limits are proofs: where there is none, the limit is 0 or infinity.
 */

/** The part of the input of a run that limits its latencies. */
export interface LatencyRangeInput {
  readonly burst: BurstPolicy;
  readonly canBurst: boolean;
  readonly order: QueueOrder;
  readonly preemption: 'none' | 'layer';
  readonly serves: readonly TimedServe[];
  /** Absent: one kind of chip. */
  readonly kinds?: readonly { readonly serves: readonly Pick<TimedServe, 'tables'>[] }[];
}

interface TimedServe {
  readonly arrivals: Arrivals;
  readonly batch: Batching;
  readonly tables: readonly ServiceTable[];
  /** Present for a language model. It has no tables. */
  readonly steps?: unknown;
  /** Present if the service times are random. */
  readonly serviceScale?: unknown;
}

/**
 * The shortest possible latency of a request of a serve in seconds: the fastest batch size, with each layer in its fastest mode and its weights
 * in their best memory. Requests only add waiting to it. 0 if the tables do not limit it.
 */
export function leastLatencySeconds(input: LatencyRangeInput, serve: TimedServe): number {
  if (serve.steps !== undefined || serve.serviceScale !== undefined || serve.tables.length === 0) return 0;
  const cells = input.canBurst ? [0, 1, 2, 3, 4, 5] : [0, 1, 2];
  return Math.min(...tablesOf(input, serve).map((table) => layerSum(table, cells, Math.min)));
}

/**
 * An upper bound of every latency of a run in seconds if up to `missing` requests are added at any times. Infinity if there is no proof.
 *
 * Let a busy period begin at s, when a request arrives and no other is in the system, and let a request arrive in it at t. Until this request
 * completes, a chip computes a batch, or all of them wait at most `timeout` for a batch to fill, after which one starts. With `fifo`, all
 * batches until then contain only requests that arrived from s to t, and at most `maxSize` - 1 later ones, which fill the batch of this
 * request. So with n recorded arrivals from s to t, it completes before s + cost (n + missing + maxSize - 1), where `cost` is the largest
 * (time of a batch + timeout) / size. With several kinds of chip, `cost` is that of the slowest. The largest value of cost n - (t - s) over all s and t is Lindley's recursion (Mathematical Proceedings
 * of the Cambridge Philosophical Society 48, 1952). More chips only shorten the time, because one of them always works.
 *
 * The proof needs all requests in one queue, and batches that take a known time: one serve, no language model, and a chip that stays in base
 * mode.
 */
export function mostLatencySeconds(input: LatencyRangeInput, missing: number): number {
  const [serve, ...others] = input.serves;
  const staysInBaseMode = !input.canBurst || input.burst.kind === 'never';
  if (serve === undefined || others.length > 0 || !staysInBaseMode) return Number.POSITIVE_INFINITY;
  if (input.order !== 'fifo' || input.preemption !== 'none') return Number.POSITIVE_INFINITY;
  const { arrivals, batch, steps, serviceScale } = serve;
  const tables = tablesOf(input, serve);
  if (arrivals.kind !== 'trace' || steps !== undefined || serviceScale !== undefined || tables.length === 0)
    return Number.POSITIVE_INFINITY;
  const cost = Math.max(
    ...tables.map((table) => (layerSum(table, [0, 1, 2], Math.max) + batch.timeoutSeconds) / table.batch),
  );
  let most = 0;
  let level = 0;
  let before = 0;
  for (const time of arrivals.timesSeconds) {
    level = cost + Math.max(0, level - (time - before));
    before = time;
    if (level > most) most = level;
  }
  return most + cost * (missing + batch.maxSize - 1);
}

/** The tables of a serve on all kinds of chip. */
function tablesOf({ serves, kinds }: LatencyRangeInput, serve: TimedServe): readonly ServiceTable[] {
  if (kinds === undefined) return serve.tables;
  const index = serves.indexOf(serve);
  return kinds.flatMap((kind) => kind.serves[index]?.tables ?? []);
}

/** The sum over the layers of the least or the largest of some cells (`cellIndex`). */
function layerSum(
  { seconds, layerCount }: ServiceTable,
  cells: readonly number[],
  of: (...values: number[]) => number,
): number {
  let sum = 0;
  for (let layer = 0; layer < layerCount; layer++)
    sum += of(...cells.map((cell) => seconds[layer * 6 + cell] ?? Number.NaN));
  return sum;
}
