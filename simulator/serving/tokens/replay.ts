import type { TokenTime } from '../../../design/index.ts';
import type { SequenceRequests, SequenceRun } from '../../sequences/index.ts';
import { deadlineSeconds, type ServeInput } from '../input.ts';
import { BUCKETS } from '../record/buckets.ts';
import { Clock } from '../record/clock.ts';
import { BURST, FINISHED, ServeRecorder } from '../record/serve-recorder.ts';

/*
 * The loop of steps returns when each request got its first and its last token. This file counts these times in the recorders
 * that the batch loop uses too, so that both have the same statistics and verdicts.
 */

/** Every time is divided by it. A product with 1e-9 can differ in its last bit, and then the end of a run comes before its last token. */
const NANOSECONDS = 1e9;

/** The recorders of one run. Each has one value for each request. */
export interface TokenRecorders {
  /** From arrival to the last token. */
  readonly latency: ServeRecorder;
  readonly ttft: ServeRecorder;
  /** Of the requests with two or more tokens. */
  readonly tpot: ServeRecorder;
  /** The latency again. A request is late if it exceeds any of its limits. */
  readonly good: ServeRecorder;
  /** Counts output tokens in place of requests: `FINISHED` and `BURST` are tokens. */
  readonly tokens: ServeRecorder;
}

/** The requests of a run, in seconds. What happened after `endSeconds` is not known: NaN. */
export interface RequestTimes {
  readonly endSeconds: number;
  readonly arrival: Float64Array;
  readonly admitted: Float64Array;
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly dropped: Uint8Array;
}

/** The times of all requests that arrived until `endSeconds`, as far as they are known then. */
export function timesUntil(requests: SequenceRequests, run: SequenceRun, endSeconds: number): RequestTimes {
  const { observed, firstTokenNanoseconds, lastTokenNanoseconds } = run;
  const known = (column: Float64Array | undefined) =>
    (column ?? new Float64Array()).map((time) => (time / NANOSECONDS <= endSeconds ? time / NANOSECONDS : Number.NaN));
  return {
    endSeconds,
    arrival: requests.arrivalNanoseconds.map((time) => time / NANOSECONDS),
    admitted: known(observed?.admittedNanoseconds),
    first: known(firstTokenNanoseconds),
    last: known(lastTokenNanoseconds),
    dropped: Uint8Array.from(lastTokenNanoseconds, (time) => (Number.isNaN(time) ? 1 : 0)),
  };
}

/** Time per output token after the first. NaN: one token, or not finished. */
export function tpotOf(times: RequestTimes, outputTokens: Int32Array, request: number): number {
  const more = (outputTokens[request] as number) - 1;
  return more < 1 ? Number.NaN : ((times.last[request] as number) - (times.first[request] as number)) / more;
}

/** Counts all requests. `warmupArrivals`: the number of warm-up requests of a recording, otherwise 0. */
export function recordTimes(
  serve: ServeInput,
  times: RequestTimes,
  outputTokens: Int32Array,
  burstTokens: Int32Array,
  bucketSeconds: number,
  warmupArrivals: number,
): TokenRecorders {
  const { slos } = serve;
  const { arrival, first, last } = times;
  const deadlines = {
    latency: deadlineSeconds(slos),
    ttft: deadlineSeconds(slos, 'ttft'),
    tpot: deadlineSeconds(slos, 'tpot'),
  };
  const byFirst = ordered(first);
  const byLast = ordered(last);
  const replay = (
    of: TokenTime | undefined,
    deadline: number,
    order: Int32Array,
    count: (recorder: ServeRecorder, request: number) => void,
  ) =>
    replayed(
      otherLimits(serve, of, deadline),
      deadline,
      times,
      order,
      order === byFirst ? first : last,
      bucketSeconds,
      warmupArrivals,
      count,
    );
  const latencyOf = (request: number) => (last[request] as number) - (arrival[request] as number);
  const ttftOf = (request: number) => (first[request] as number) - (arrival[request] as number);
  const add = (recorder: ServeRecorder, value: number, deadline: number, request: number) =>
    recorder.count(value, value > deadline, arrival[request] as number);
  return {
    latency: replay(undefined, deadlines.latency, byLast, (recorder, r) =>
      add(recorder, latencyOf(r), deadlines.latency, r),
    ),
    ttft: replay('ttft', deadlines.ttft, byFirst, (recorder, r) => add(recorder, ttftOf(r), deadlines.ttft, r)),
    tpot: replay('tpot', deadlines.tpot, byLast, (recorder, r) => {
      const value = tpotOf(times, outputTokens, r);
      if (!Number.isNaN(value)) add(recorder, value, deadlines.tpot, r);
    }),
    good: replay(undefined, deadlines.latency, byLast, (recorder, r) => {
      const isLate =
        latencyOf(r) > deadlines.latency ||
        ttftOf(r) > deadlines.ttft ||
        tpotOf(times, outputTokens, r) > deadlines.tpot;
      recorder.count(latencyOf(r), isLate, arrival[r] as number);
    }),
    tokens: replay(undefined, Number.POSITIVE_INFINITY, byLast, (recorder, r) => {
      if ((arrival[r] as number) < recorder.countsFromSeconds) return;
      recorder.add(FINISHED, outputTokens[r] as number);
      recorder.add(BURST, burstTokens[r] as number);
    }),
  };
}

function otherLimits({ slos }: ServeInput, of: TokenTime | undefined, deadline: number): readonly number[] {
  return slos.flatMap((slo) =>
    slo.metric === 'latency' && slo.of === of && slo.limitSeconds !== deadline ? [slo.limitSeconds] : [],
  );
}

/** The requests with a known time, in the order of that time. */
function ordered(times: Float64Array): Int32Array {
  const known: number[] = [];
  for (let request = 0; request < times.length; request++) if (!Number.isNaN(times[request])) known.push(request);
  return Int32Array.from(known).sort((a, b) => (times[a] as number) - (times[b] as number) || a - b);
}

/** Replays arrivals, admissions and one event of each request in the order of time. */
function replayed(
  limits: readonly number[],
  deadline: number,
  { arrival, admitted, dropped, endSeconds }: RequestTimes,
  order: Int32Array,
  eventSeconds: Float64Array,
  bucketSeconds: number,
  warmupArrivals: number,
  count: (recorder: ServeRecorder, request: number) => void,
): ServeRecorder {
  const clock = new Clock();
  const recorder = new ServeRecorder(limits, deadline, 0, clock, warmupArrivals);
  let bucket = 0;
  const enter = (seconds: number) => {
    while (bucket < BUCKETS - 1 && seconds >= (bucket + 1) * bucketSeconds) {
      clock.now = (bucket + 1) * bucketSeconds;
      recorder.flush();
      recorder.enter(++bucket);
    }
    clock.now = seconds;
  };
  let nextArrival = 0;
  let nextAdmission = 0;
  let nextEvent = 0;
  const at = (column: Float64Array, request: number | undefined) =>
    request === undefined || request >= column.length ? Number.POSITIVE_INFINITY : (column[request] as number);
  for (;;) {
    // Requests are admitted for the first time in the order of their arrival. Dropped and waiting ones have no time.
    while (nextAdmission < nextArrival && dropped[nextAdmission] === 1) nextAdmission++;
    const arrives = at(arrival, nextArrival);
    const admits = nextAdmission < nextArrival ? at(admitted, nextAdmission) : Number.POSITIVE_INFINITY;
    const ends = at(eventSeconds, order[nextEvent]);
    const admission = Number.isNaN(admits) ? Number.POSITIVE_INFINITY : admits;
    const now = Math.min(arrives, admission, ends);
    if (now > endSeconds) break;
    enter(now);
    if (now === arrives) {
      if (dropped[nextArrival++] === 1) recorder.drop();
      else recorder.arrive();
    } else if (now === admission) {
      recorder.leaveQueue(1);
      nextAdmission++;
    } else count(recorder, order[nextEvent++] as number);
  }
  enter(endSeconds);
  recorder.flush();
  return recorder;
}
