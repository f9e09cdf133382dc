import type {
  Activity,
  TimelineRequests,
  TimelineSegments,
  TokenCause,
  TokenCauseColumns,
  TokenRequests,
} from '../../protocol/index.ts';
import { activities } from '../../protocol/index.ts';
import type { RequestFacts, TokenFacts } from './request-facts.ts';
import type { Shown } from './shown.ts';
import { latencyOutcomes } from './shown.ts';

export function requestAt(requests: TimelineRequests, row: number): RequestFacts {
  return {
    serve: requests.serve[row] ?? 0,
    arrivalSeconds: requests.arrivalSeconds[row] ?? Number.NaN,
    startSeconds: requests.startSeconds[row] ?? Number.NaN,
    endSeconds: requests.endSeconds[row] ?? Number.NaN,
    fillSeconds: requests.fillSeconds[row] ?? 0,
    switchSeconds: requests.switchSeconds[row] ?? 0,
    batch: requests.batch[row] ?? 0,
    batchSize: requests.batchSize[row] ?? 0,
    chip: requests.chip[row] ?? 0,
    ...(requests.tokens === undefined ? {} : { tokens: tokensAt(requests.tokens, row) }),
  };
}

function tokensAt(columns: TokenRequests, row: number): TokenFacts {
  const seconds = new Map<TokenCause, number>();
  const add = (phase: TokenCauseColumns) => {
    for (const [cause, column] of Object.entries(phase) as [TokenCause, Float64Array][]) {
      seconds.set(cause, (seconds.get(cause) ?? 0) + (column[row] ?? 0));
    }
  };
  add(columns.queue);
  add(columns.prefill);
  add(columns.decode);
  return {
    firstSeconds: columns.firstSeconds[row] ?? Number.NaN,
    input: columns.inputTokens[row] ?? 0,
    output: columns.outputTokens[row] ?? 0,
    chunks: columns.chunks[row] ?? 0,
    preemptions: columns.preemptions[row] ?? 0,
    seconds,
  };
}

/** The limit above which a request of the shown serve is late; undefined if there is no latency objective. */
export function lateAfter(shown: Shown): number | undefined {
  return latencyOutcomes(shown.serve)[0]?.limit;
}

/** The requests of the time window, if all of them are known. */
export function knownRequests(shown: Shown): TimelineRequests | undefined {
  const { requests } = shown.segments;
  if (requests === undefined) return undefined;
  const { startSeconds, endSeconds } = shown.window;
  return requests.windowStartSeconds <= startSeconds && endSeconds <= requests.windowEndSeconds ? requests : undefined;
}

/** Rows of one serve that ended in a time window, in the order of their end. */
export function rowsBetween(requests: TimelineRequests, serve: number, from: number, to: number): readonly number[] {
  const rows: number[] = [];
  for (let row = 0; row < requests.endSeconds.length; row++) {
    const end = requests.endSeconds[row] ?? 0;
    if (requests.serve[row] === serve && end >= from && end <= to) rows.push(row);
  }
  return rows;
}

export function latencyOf(requests: TimelineRequests, row: number): number {
  return (requests.endSeconds[row] ?? 0) - (requests.arrivalSeconds[row] ?? 0);
}

/** The slowest request that ended in a time window. */
export function slowestBetween(
  requests: TimelineRequests,
  serve: number,
  from: number,
  to: number,
): RequestFacts | undefined {
  let slowest: number | undefined;
  for (const row of rowsBetween(requests, serve, from, to)) {
    if (slowest === undefined || latencyOf(requests, row) > latencyOf(requests, slowest)) slowest = row;
  }
  return slowest === undefined ? undefined : requestAt(requests, slowest);
}

/** The next late request in a direction, ordered by end and, within a batch, by arrival. */
export function nextLateRequest(
  requests: TimelineRequests,
  serve: number,
  limitSeconds: number,
  from: { readonly endSeconds: number; readonly arrivalSeconds: number },
  direction: 1 | -1,
): RequestFacts | undefined {
  const count = requests.endSeconds.length;
  const after = (row: number): number => {
    const ends = (requests.endSeconds[row] ?? 0) - from.endSeconds;
    return ends !== 0 ? ends : (requests.arrivalSeconds[row] ?? 0) - from.arrivalSeconds;
  };
  for (let step = 0; step < count; step++) {
    const row = direction > 0 ? step : count - 1 - step;
    if (requests.serve[row] !== serve || latencyOf(requests, row) <= limitSeconds) continue;
    if (after(row) * direction > 0) return requestAt(requests, row);
  }
  return undefined;
}

/** One part of a request's time. All parts add up to its latency. */
export interface LifePart {
  readonly kind: 'waiting' | 'filling' | Activity | TokenCause;
  readonly seconds: number;
}

export interface LifeLayer {
  readonly firstLayer: number;
  readonly lastLayer: number;
  readonly activity: Activity;
  /** Since the arrival of the request. */
  readonly afterSeconds: number;
  readonly seconds: number;
}

/** The requests that a request waited for. */
export interface LifeQueue {
  /** Arrived earlier and had not started. */
  readonly ahead: number;
  /** The batches that ran while the request waited. `own`: their requests of the same serve. `others`: those of other serves. */
  readonly batches: number;
  readonly own: number;
  readonly others: number;
}

export interface RequestLife {
  readonly facts: RequestFacts;
  /** In the order of time, without empty parts. The service has no parts until its segments are known: the mode would be a guess. */
  readonly parts: readonly LifePart[];
  /** undefined until its batch's segments are known. */
  readonly layers: readonly LifeLayer[] | undefined;
  /** undefined until all requests that ran while it waited are known. */
  readonly queue: LifeQueue | undefined;
}

/** The life of a request, from all fetched segments. */
export function lifeOf(facts: RequestFacts, details: readonly TimelineSegments[]): RequestLife {
  if (facts.tokens !== undefined) {
    const parts = [...facts.tokens.seconds].map(([kind, seconds]) => ({ kind, seconds }));
    return { facts, parts: parts.filter(({ seconds }) => seconds > 1e-9), layers: [], queue: undefined };
  }
  const own = details.find(
    (detail) => detail.windowStartSeconds <= facts.startSeconds && facts.endSeconds <= detail.windowEndSeconds,
  );
  const behind = details
    .map((detail) => detail.requests)
    .find(
      (requests) =>
        requests !== undefined &&
        requests.windowStartSeconds <= facts.arrivalSeconds &&
        facts.startSeconds <= requests.windowEndSeconds,
    );
  const layers = own === undefined ? undefined : layersOf(facts, own);
  const service = new Map<Activity, number>();
  for (const layer of layers ?? []) service.set(layer.activity, (service.get(layer.activity) ?? 0) + layer.seconds);
  const parts: LifePart[] = [
    { kind: 'waiting', seconds: facts.startSeconds - facts.arrivalSeconds - facts.fillSeconds },
    { kind: 'filling', seconds: facts.fillSeconds },
    ...(['switching', 'base', 'burst', 'quantizing'] as const).map((kind) => ({
      kind,
      seconds: service.get(kind) ?? 0,
    })),
  ];
  return {
    facts,
    // Rounding errors turn empty parts into 1e-17 seconds.
    parts: parts.filter(({ seconds }) => seconds > 1e-12),
    layers,
    queue: behind === undefined ? undefined : queueOf(facts, behind),
  };
}

function layersOf(facts: RequestFacts, { batch, ...segments }: TimelineSegments): readonly LifeLayer[] {
  const layers: LifeLayer[] = [];
  for (let i = 0; i < segments.startSeconds.length; i++) {
    if (batch?.[i] !== facts.batch) continue;
    const start = segments.startSeconds[i] ?? 0;
    layers.push({
      firstLayer: segments.firstLayer[i] ?? 0,
      lastLayer: segments.lastLayer[i] ?? 0,
      activity: activities[segments.activity[i] ?? 0] ?? 'idle',
      afterSeconds: start - facts.arrivalSeconds,
      seconds: (segments.endSeconds[i] ?? 0) - start,
    });
  }
  return layers;
}

function queueOf(facts: RequestFacts, requests: TimelineRequests): LifeQueue {
  const batches = new Set<number>();
  let ahead = 0;
  let own = 0;
  let others = 0;
  for (let row = 0; row < requests.endSeconds.length; row++) {
    const start = requests.startSeconds[row] ?? 0;
    const end = requests.endSeconds[row] ?? 0;
    if ((requests.arrivalSeconds[row] ?? 0) < facts.arrivalSeconds && start > facts.arrivalSeconds) ahead++;
    const while_ = end > facts.arrivalSeconds && start < facts.startSeconds && requests.batch[row] !== facts.batch;
    if (!while_) continue;
    batches.add(requests.batch[row] ?? 0);
    if (requests.serve[row] === facts.serve) own++;
    else others++;
  }
  return { ahead, batches: batches.size, own, others };
}

/** The time window whose segments are still missing; undefined if everything is known, or was already requested. */
export function missingDetail(
  life: RequestLife,
  asked: readonly { readonly startSeconds: number; readonly endSeconds: number }[],
): { readonly startSeconds: number; readonly endSeconds: number } | undefined {
  const { arrivalSeconds, startSeconds, endSeconds, tokens } = life.facts;
  if (tokens !== undefined) return undefined;
  const wanted = [
    ...(life.queue === undefined || life.layers === undefined ? [{ startSeconds: arrivalSeconds, endSeconds }] : []),
    // In a long wait, the budget of segments ends before the request's own batch starts.
    ...(life.layers === undefined ? [{ startSeconds, endSeconds }] : []),
  ];
  return wanted.find(
    (window) =>
      !asked.some((other) => other.startSeconds === window.startSeconds && other.endSeconds === window.endSeconds),
  );
}
