import type { TimelineRequests, TokenCauseColumns } from '../../../design/index.ts';
import type { SequenceObservations, SequenceRequests } from '../../sequences/index.ts';
import type { TokenRun } from './measure.ts';

/** The largest number of requests of a window. Our assumption: a message to the panel stays below 4 MB. */
const REQUESTS = 16_384;

/** The requests whose service touches a window, ascending by their last token, with the causes of their time. */
export function tokenRequests(
  { times, causes }: TokenRun,
  { inputTokens, outputTokens }: SequenceRequests,
  { preemptions, chunks }: Pick<SequenceObservations, 'preemptions' | 'chunks'>,
  window: { readonly startSeconds: number; readonly endSeconds: number },
): TimelineRequests {
  const { arrival, admitted, first, last, endSeconds } = times;
  const at = (column: Float64Array, request: number) => column[request] ?? Number.NaN;
  const inside: number[] = [];
  for (let r = 0; r < last.length; r++) {
    if (at(last, r) > window.startSeconds && at(admitted, r) < window.endSeconds) inside.push(r);
  }
  inside.sort((a, b) => at(last, a) - at(last, b) || a - b);
  const rows = inside.slice(0, REQUESTS);
  // All requests that ended before the first one that is left out are complete.
  const leftOut = inside.slice(REQUESTS).reduce((least, r) => Math.min(least, at(admitted, r)), window.endSeconds);
  const pick = (column: Float64Array) => Float64Array.from(rows, (r) => at(column, r));
  const causeColumns = (columns: TokenCauseColumns | undefined): TokenCauseColumns =>
    Object.fromEntries(Object.entries(columns ?? {}).map(([cause, column]) => [cause, pick(column)]));
  const none = new Float64Array(rows.length);
  return {
    windowStartSeconds: Math.min(window.startSeconds, endSeconds),
    windowEndSeconds: Math.min(leftOut, endSeconds),
    serve: new Uint16Array(rows.length),
    arrivalSeconds: pick(arrival),
    startSeconds: pick(admitted),
    endSeconds: pick(last),
    fillSeconds: none,
    switchSeconds: none,
    batch: Uint32Array.from(rows, (r) => r + 1),
    batchSize: new Uint16Array(rows.length).fill(1),
    chip: new Uint16Array(rows.length),
    tokens: {
      firstSeconds: pick(first),
      inputTokens: Uint32Array.from(rows, (r) => inputTokens[r] ?? 0),
      outputTokens: Uint32Array.from(rows, (r) => outputTokens[r] ?? 0),
      chunks: Uint32Array.from(rows, (r) => chunks[r] ?? 0),
      preemptions: Uint32Array.from(rows, (r) => preemptions[r] ?? 0),
      queue: causeColumns(causes?.queue),
      prefill: causeColumns(causes?.prefill),
      decode: causeColumns(causes?.decode),
    },
  };
}
