import { COMPUTING_CHIP, IDLE_CHIP } from './chip.ts';
import { arrivalsLeft, type Ending } from './ending.ts';
import { cellOf } from './histogram.ts';
import { checkCausality } from './invariants.ts';
import {
  BURST,
  NOW_ARRIVED,
  NOW_BATCHES,
  NOW_FINISHED,
  NOW_LARGEST,
  NOW_LATE,
  NOW_LATE_LATENCY,
  NOW_LATENCY,
  NOW_MOST_QUEUED,
  NOW_QUEUED_SECONDS,
  QUEUED,
  QUEUED_SINCE,
  WAITED_SECONDS,
} from './serve-recorder.ts';
import type { ServeState } from './serve-state.ts';
import { BURST_STEADY } from './service-profiles.ts';
import { ALWAYS, LONGEST_QUEUE, type Simulation } from './simulation.ts';
import { BASE, BURSTING } from './timeline-recorder.ts';

/*
 * The simplest of all queues, one model on one chip, one request at a time in one mode, without the general loop's questions: the same
 * events, the same sums in the same order, and so the same bits, at twice the rate. A test holds one against the other.
 */

/** Whether a run is of this kind at all; `runLane` looks at the moment. */
export function hasSingleLane(sim: Simulation): boolean {
  const [serve, second] = sim.serves;
  return (
    serve !== undefined &&
    second === undefined &&
    sim.chips.length === 1 &&
    serve.maxBatch === 1 &&
    !serve.hasScales &&
    serve.recorder.otherLimits.length === 0 &&
    sim.policy <= ALWAYS &&
    !sim.preempts &&
    !sim.timeline.detailed
  );
}

/**
 * Goes on until the next event would be at `bucketEnd` or later, `most` events were done, or something comes that the general loop has to look
 * at. Returns how many events it did.
 */
export function runLane(sim: Simulation, bucketEnd: number, ending: Ending, most: number): number {
  const serve = sim.serves[0] as ServeState;
  const chip = sim.chip(0);
  const { profiles, events, clock, timeline } = sim;
  const { recorder, queue } = serve;
  const kind = sim.weights.kind(0, serve.model, chip.burst);
  if (kind < 0 || kind > BURST_STEADY) return 0;
  const profile = serve.profile(1, kind);
  if (chip.burst && (profiles.quantizingSeconds[profile] as number) > 0) return 0;
  let batch = chip.batch;
  let busy = chip.phase === COMPUTING_CHIP;
  if (!busy && (chip.phase !== IDLE_CHIP || batch !== null || queue.length > 0)) return 0;
  if (busy && (batch === null || chip.spanFrom !== 0 || chip.spanStop !== serve.layers || chip.spanKind !== kind))
    return 0;
  if (busy && batch !== null && batch.switchSeconds !== 0) return 0;
  if (!timeline.isClosedFrom(busy ? chip.spanStart : clock.now)) return 0;

  const keys = events.seconds;
  const serviceSeconds = profiles.seconds[profile] as number;
  const activity = chip.burst ? BURSTING : BASE;
  const { deadlineSeconds } = serve;
  const { latencies, latencyRow } = recorder;
  const { bucketStartSeconds } = timeline;
  const { lastArrivalSeconds } = ending;
  const mostArrivals = arrivalsLeft(ending, sim.totalArrived);
  const { live } = recorder;
  let queued = live[QUEUED] as number;
  let queuedSince = live[QUEUED_SINCE] as number;
  let queuedSecondsNow = live[NOW_QUEUED_SECONDS] as number;
  let mostQueuedNow = live[NOW_MOST_QUEUED] as number;
  let latencyNow = live[NOW_LATENCY] as number;
  let lateLatencyNow = live[NOW_LATE_LATENCY] as number;
  let largestNow = live[NOW_LARGEST] as number;
  let totalWaitSeconds = live[WAITED_SECONDS] as number;
  let { lowestCell, highestCell } = recorder;
  let arrived = 0;
  let finished = 0;
  let lateCount = 0;
  let busySeconds = chip.activitySeconds[activity] as number;
  let chipKey = keys[0] as number;
  let arrivalKey = keys[1] as number;
  let { spanStart } = chip;
  let request = busy && batch !== null ? (batch.requests[0] as number) : 0;
  let now = clock.now;
  let done = 0;

  while (done < most) {
    let starts = false;
    if (chipKey <= arrivalKey) {
      if (chipKey >= bucketEnd || spanStart < bucketStartSeconds) break;
      now = chipKey;
      if (request > spanStart) break;
      busySeconds += now - spanStart;
      const latency = now - request;
      const cell = cellOf(latency);
      if (cell < lowestCell) lowestCell = cell;
      if (cell > highestCell) highestCell = cell;
      const at = latencyRow + cell;
      latencies[at] = (latencies[at] as number) + 1;
      if (latency > deadlineSeconds) {
        lateCount++;
        lateLatencyNow += latency;
      }
      if (latency > largestNow) largestNow = latency;
      latencyNow += latency;
      totalWaitSeconds += latency - (now - spanStart);
      finished++;
      if (queue.length > 0) starts = true;
      else {
        busy = false;
        chipKey = Number.POSITIVE_INFINITY;
        sim.idleChips = 1;
        sim.idleSince = now;
      }
    } else {
      if (arrivalKey >= bucketEnd || arrivalKey > lastArrivalSeconds || arrived >= mostArrivals) break;
      if (queue.length >= LONGEST_QUEUE) break;
      now = arrivalKey;
      if (serve.next === serve.end) serve.refill();
      arrivalKey = serve.next === serve.end ? Number.POSITIVE_INFINITY : (serve.block[serve.next++] as number);
      if (queued !== 0) queuedSecondsNow += queued * (now - queuedSince);
      queuedSince = now;
      queued++;
      if (queued > mostQueuedNow) mostQueuedNow = queued;
      arrived++;
      // First the place: making room may replace the column.
      const place = queue.push();
      queue.arrivals[place] = now;
      if (!busy) {
        sim.idleChips = 0;
        sim.idleClock += now - sim.idleSince;
        busy = true;
        starts = true;
      }
    }
    if (starts) {
      request = queue.arrivals[queue.head] as number;
      queue.head = (queue.head + 1) & queue.mask;
      queue.length--;
      queuedSecondsNow += queued * (now - queuedSince);
      queuedSince = now;
      queued--;
      spanStart = now;
      chipKey = now + serviceSeconds;
    }
    done++;
  }
  if (done === 0) return 0;

  clock.now = now;
  live[QUEUED] = queued;
  live[QUEUED_SINCE] = queuedSince;
  live[NOW_QUEUED_SECONDS] = queuedSecondsNow;
  live[NOW_MOST_QUEUED] = mostQueuedNow;
  live[NOW_LATENCY] = latencyNow;
  live[NOW_LATE_LATENCY] = lateLatencyNow;
  live[NOW_LARGEST] = largestNow;
  live[WAITED_SECONDS] = totalWaitSeconds;
  live[NOW_ARRIVED] = (live[NOW_ARRIVED] as number) + arrived;
  live[NOW_FINISHED] = (live[NOW_FINISHED] as number) + finished;
  live[NOW_BATCHES] = (live[NOW_BATCHES] as number) + finished;
  live[NOW_LATE] = (live[NOW_LATE] as number) + lateCount;
  recorder.lowestCell = lowestCell;
  recorder.highestCell = highestCell;
  if (finished > 0) {
    recorder.countProfile(kind, finished, lateCount);
    if (chip.burst) recorder.add(BURST, finished);
  }
  sim.totalArrived += arrived;
  sim.totalQueued = queue.length;
  chip.activitySeconds[activity] = busySeconds;
  keys[0] = chipKey;
  events.moved(0);
  keys[1] = arrivalKey;
  events.moved(1);
  if (busy) {
    if (batch === null) {
      batch = sim.batches.take(serve, 1);
      batch.scale = 1;
      chip.batch = batch;
    }
    batch.requests[0] = request;
    batch.startSeconds = spanStart;
    batch.burst = false;
    batch.profile = -1;
    chip.phase = COMPUTING_CHIP;
    chip.spanOffset = profiles.offsets[profile] as number;
    chip.spanStart = spanStart;
    chip.spanFrom = 0;
    chip.spanKind = kind;
    chip.spanStop = serve.layers;
    chip.spanEnd = chipKey;
    chip.wantsBurst = false;
    chip.wantsPreemption = false;
    checkCausality(sim, batch);
  } else {
    if (batch !== null) sim.batches.release(batch);
    chip.batch = null;
    chip.phase = IDLE_CHIP;
  }
  return done;
}
