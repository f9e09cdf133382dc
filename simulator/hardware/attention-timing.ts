import {
  type AttentionUnit,
  arrayViews,
  bytesPerElement,
  cacheFormat,
  memoryRates,
  type Npu,
  type StoredFormat,
} from '../../design/index.ts';
import { softmaxOperations } from './vector-work.ts';

/** Scores, softmax and context of an attention layer, without its projections. */
export interface AttentionCore {
  readonly sequences: number;
  /** Queries of each sequence, and the keys that the last of them attends to. */
  readonly queries: number;
  readonly keys: number;
  readonly heads: number;
  /** A divisor of `heads`: that many groups of query heads share their keys and values. */
  readonly keyValueHeads: number;
  readonly headSize: number;
  readonly causal: boolean;
  /** The most keys that a query attends to, with its own. Absent: all of them. */
  readonly window?: number;
}

/** The most keys that any query of a core attends to. Fewer than its keys with a window. */
export function reachedKeys({ keys, queries, window }: AttentionCore): number {
  return window === undefined ? keys : Math.min(keys, window + queries - 1);
}

/** Operations of the vector unit for each score: softmax, and one multiply by the scale. */
export const scoreOperations = softmaxOperations + 1;

/** Scores of all heads and sequences. */
export function scoresOf(core: AttentionCore): number {
  return core.sequences * core.heads * core.queries * core.keys;
}

/** Our choice: fine enough that the error stays below 0.1 %, and too few steps to notice. */
const mostSteps = 4096;

type AttentionChip = Pick<Npu, 'clockHertz' | 'array'> & { readonly attention?: AttentionUnit };

/**
 * Cycles of one call of fused attention, including its fixed times, as an integer.
 *
 * The queries of a sequence run in passes of at most `queriesPerPass`. In a pass, each key-value head is a product with its keys (K = head size,
 * N = keys) and one with its values (K = keys, N = head size). Keys and values are the stationary operand: one of them enters an array per
 * cycle, and the query rows of the heads that share them stream past each fold meanwhile. So few queries wait for keys and values to enter, and
 * the time grows with the keys alone. With a causal mask, a pass ends at the key of its last query.
 */
export function fusedAttentionCycles(npu: AttentionChip, core: AttentionCore): number {
  const { attention } = npu;
  if (attention === undefined) throw new Error('the chip has no fused attention');
  const { queries, keys, headSize, keyValueHeads, causal, sequences, window } = core;
  const { rows, columns } = npu.array;
  const sharing = core.heads / keyValueHeads;
  const headsPerArray = Math.ceil(keyValueHeads / Math.min(attention.arrays, keyValueHeads));
  const passes = Math.ceil(queries / attention.queriesPerPass);
  // A loop of at most `mostSteps`. With more passes, neighbours count as the one with the most keys. Without a mask, all have the same keys.
  const perStep = causal ? Math.ceil(passes / mostSteps) : Math.max(1, passes - 1);
  let cycles = 0;
  for (let first = 0; first < passes; first += perStep) {
    const last = Math.min(passes, first + perStep);
    const end = Math.min(queries, last * attention.queriesPerPass);
    const count =
      last === passes && last - first === 1 ? end - first * attention.queriesPerPass : attention.queriesPerPass;
    const seen = causal ? Math.max(count, keys - queries + end) : keys;
    const reached = window === undefined ? seen : Math.min(seen, window + count - 1);
    const streamed = count * sharing;
    const scores = Math.ceil(headSize / rows) * foldsCycles(reached, columns, streamed);
    const context = Math.ceil(headSize / columns) * foldsCycles(reached, rows, streamed);
    cycles += (last - first) * headsPerArray * (scores + context);
  }
  const fixed = attention.launchSeconds + sequences * passes * attention.passSeconds;
  return sequences * cycles + Math.ceil(fixed * npu.clockHertz);
}

/** Cycles of the folds of `keys` vectors, at most `width` of them in each, while `streamed` rows pass each fold. */
function foldsCycles(keys: number, width: number, streamed: number): number {
  const rest = keys % width;
  return Math.floor(keys / width) * Math.max(width, streamed) + (rest === 0 ? 0 : Math.max(rest, streamed));
}

/** Seconds of one call of fused attention: the arrays, or reading each key and value once from off-chip memory in the format of the cache. */
export function fusedAttentionSeconds(
  npu: Npu,
  core: AttentionCore,
  cached: StoredFormat = cacheFormat(npu.base),
): number {
  const { sequences, keyValueHeads, headSize } = core;
  // On a chip with several kinds of arrays, the call runs on the fastest one.
  const cycles = Math.min(...arrayViews(npu).map((view) => fusedAttentionCycles(view, core)));
  const bytes = 2 * sequences * reachedKeys(core) * keyValueHeads * headSize * bytesPerElement(cached);
  return Math.max(cycles / npu.clockHertz, bytes / memoryRates(npu.hbm).read);
}
