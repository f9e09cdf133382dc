import { COMPUTING_CHIP, IDLE_CHIP } from './chip.ts';
import { dispatch } from './dispatch.ts';
import { arrivalsLeft, type Ending } from './ending.ts';
import { planAnew } from './policy.ts';
import { BURST, NOW_ARRIVED, NOW_MOST_QUEUED, NOW_QUEUED_SECONDS, QUEUED, QUEUED_SINCE } from './serve-recorder.ts';
import type { ServeState } from './serve-state.ts';
import { BASE_STEADY, BURST_STEADY, KINDS } from './service-profiles.ts';
import { FIFO, LONGEST_QUEUE, type Simulation, SLACK } from './simulation.ts';
import { isSteady, type SteadyColumns, show } from './steady-columns.ts';
import { BASE, BURSTING } from './timeline-recorder.ts';

/*
 * One chip that stays in its mode: several models, batches, any order but shortest-job-first, and under the slack policy the stretches in which the
 * base plan holds, which are most of a run. What the general loop asks of every event is asked here once; the events, the sums and their order
 * are the same, and so are the bits. Whatever leaves the plan is left to the general loop, in the state that it would have found.
 * A test holds one against the other.
 */

/** As `runLane` of single-lane.ts: goes on until something comes that the general loop has to look at, and returns how many events it did. */
export function runSteadyLane(
  sim: Simulation,
  lane: SteadyColumns,
  bucketEnd: number,
  ending: Ending,
  most: number,
): number {
  const chip = sim.chip(0);
  if (!isSteady(sim, chip)) return 0;
  const { profiles, clock, serves, slack, timeline } = sim;
  const { heads, lengths, kinds, keys, byArrival, guarded, added, stride } = lane;
  const { burst } = chip;
  const steady = burst ? BURST_STEADY : BASE_STEADY;
  const watches = sim.policy === SLACK;
  const nextSeconds = sim.events.seconds;
  const { seconds: profileSeconds, quantizingSeconds } = profiles;
  const activity = burst ? BURSTING : BASE;
  const { bucketStartSeconds } = timeline;
  const { lastArrivalSeconds } = ending;
  const mostArrivals = arrivalsLeft(ending, sim.totalArrived);
  const last = serves.length;
  let arrivalSlot = 1;
  /** Bit s: requests of serve s wait. */
  let waiting = 0;
  for (let s = 0; s < last; s++) {
    const { queue, model } = serves[s] as ServeState;
    lengths[s] = queue.length;
    if (queue.length !== 0) waiting |= 1 << s;
    heads[s] = queue.arrivalAt(0);
    kinds[s] = sim.weights.kind(0, model, burst);
    if ((nextSeconds[s + 1] as number) < (nextSeconds[arrivalSlot] as number)) arrivalSlot = s + 1;
  }
  let arrivalKey = nextSeconds[arrivalSlot] as number;

  const batch = chip.batch ?? sim.batches.take(serves[0] as ServeState, 0);
  const { requests } = batch;
  batch.layer = 0;
  batch.burst = false;
  batch.profile = -1;
  batch.scale = 1;
  let running = batch.serve.index;
  let { size } = batch;
  let busy = chip.batch !== null;
  let spanStart = busy ? chip.spanStart : clock.now;
  let chipKey = nextSeconds[0] as number;
  let { now } = clock;
  let { totalQueued } = sim;
  let busySeconds = chip.activitySeconds[activity] as number;
  let end = slack.endSeconds;
  let margin = slack.marginSeconds;
  let arrived = 0;
  let done = 0;
  /** A batch is to begin that the lane cannot begin itself; the plan has changed. */
  let handsOver = false;
  let leaves = false;

  while (done < most && !leaves) {
    let next = -1;
    if (chipKey <= arrivalKey) {
      if (chipKey >= bucketEnd || spanStart < bucketStartSeconds || (requests[size - 1] as number) > spanStart) break;
      now = chipKey;
      busySeconds += now - spanStart;
      const { recorder } = serves[running] as ServeState;
      const late = recorder.countLatencies(requests, size, spanStart, now);
      if (burst) recorder.add(BURST, size);
      recorder.countProfile((size - 1) * KINDS + steady, size, late);
      if (totalQueued === 0) {
        busy = false;
        chipKey = Number.POSITIVE_INFINITY;
        sim.idleChips = 1;
        sim.idleSince = now;
      } else {
        // From the lowest serve up, among those with something waiting, which is mostly one.
        next = 31 - Math.clz32(waiting & -waiting);
        let rest = waiting & (waiting - 1);
        if (rest !== 0) {
          let best = byArrival ? (heads[next] as number) + (keys[next] as number) : (keys[next] as number);
          do {
            const s = 31 - Math.clz32(rest & -rest);
            rest &= rest - 1;
            const key = byArrival ? (heads[s] as number) + (keys[s] as number) : (keys[s] as number);
            if (key < best || (key === best && (heads[s] as number) < (heads[next] as number))) {
              next = s;
              best = key;
            }
          } while (rest !== 0);
        }
      }
    } else {
      if (arrivalKey >= bucketEnd || arrivalKey > lastArrivalSeconds || arrived >= mostArrivals) break;
      const s = arrivalSlot - 1;
      const serve = serves[s] as ServeState;
      const { queue } = serve;
      const { live } = serve.recorder;
      const length = lengths[s] as number;
      if (length >= LONGEST_QUEUE) break;
      now = arrivalKey;
      if (serve.next === serve.end) serve.refill();
      arrivalKey = serve.next === serve.end ? Number.POSITIVE_INFINITY : (serve.block[serve.next++] as number);
      nextSeconds[arrivalSlot] = arrivalKey;
      for (let slot = 1; slot <= last; slot++) {
        const at = nextSeconds[slot] as number;
        if (at < arrivalKey || (at === arrivalKey && slot < arrivalSlot)) {
          arrivalSlot = slot;
          arrivalKey = at;
        }
      }
      if (length !== 0) {
        live[NOW_QUEUED_SECONDS] =
          (live[NOW_QUEUED_SECONDS] as number) + length * (now - (live[QUEUED_SINCE] as number));
      } else {
        heads[s] = now;
        waiting |= 1 << s;
      }
      live[QUEUED_SINCE] = now;
      live[QUEUED] = length + 1;
      if (length >= (live[NOW_MOST_QUEUED] as number)) live[NOW_MOST_QUEUED] = length + 1;
      live[NOW_ARRIVED] = (live[NOW_ARRIVED] as number) + 1;
      arrived++;
      // First the place: making room may replace the column.
      const at = queue.push();
      queue.arrivals[at] = now;
      lengths[s] = length + 1;
      totalQueued++;
      if (!busy) next = s;
      else if (watches) {
        // As `holdsWith` (prediction.ts).
        const place = length < serve.maxBatch ? length : length % serve.maxBatch;
        const more = added[s * stride + place] as number;
        if (now > end) end = now;
        end += more;
        const own = queue.arrivalAt(length - place) + (guarded[s] as number) - end;
        if (last !== 1 && !(sim.order === FIFO && place === 0)) margin -= more;
        if (own < margin) margin = own;
        if (!(margin >= 0)) {
          slack.endSeconds = end;
          slack.marginSeconds = margin;
          clock.now = now;
          sim.totalQueued = totalQueued;
          show(sim, chip, batch, serves[running] as ServeState, size, spanStart, chipKey, steady);
          planAnew(sim);
          chipKey = nextSeconds[0] as number;
          end = slack.endSeconds;
          margin = slack.marginSeconds;
          if (chip.wantsBurst) leaves = true;
        }
      }
    }
    done++;
    if (next < 0) continue;

    const serve = serves[next] as ServeState;
    const { queue } = serve;
    const length = lengths[next] as number;
    const taken = length < serve.maxBatch ? length : serve.maxBatch;
    const profile = serve.profile(taken, steady);
    const seconds = profileSeconds[profile] as number;
    if (kinds[next] !== steady || (burst && (quantizingSeconds[profile] as number) > 0)) handsOver = true;
    else if (watches) {
      // As `stillHolds` (prediction.ts).
      if (totalQueued === taken) {
        end = now + seconds;
        margin = (heads[next] as number) + (guarded[next] as number) - end;
      }
      if (!(margin >= 0)) handsOver = true;
    }
    if (handsOver) break;
    if (!busy) {
      sim.idleChips = 0;
      sim.idleClock += now - sim.idleSince;
      busy = true;
    }
    for (let i = 0; i < taken; i++) requests[i] = queue.arrivalAt(i);
    queue.drop(taken);
    const { live } = serve.recorder;
    live[NOW_QUEUED_SECONDS] = (live[NOW_QUEUED_SECONDS] as number) + length * (now - (live[QUEUED_SINCE] as number));
    live[QUEUED_SINCE] = now;
    live[QUEUED] = length - taken;
    lengths[next] = length - taken;
    if (length === taken) waiting &= ~(1 << next);
    heads[next] = queue.arrivalAt(0);
    totalQueued -= taken;
    running = next;
    size = taken;
    spanStart = now;
    chipKey = now + seconds;
  }
  clock.now = now;
  sim.totalQueued = totalQueued;
  sim.totalArrived += arrived;
  chip.activitySeconds[activity] = busySeconds;
  slack.endSeconds = end;
  slack.marginSeconds = margin;
  nextSeconds[0] = chipKey;
  if (busy && !handsOver) {
    if (!leaves) show(sim, chip, batch, serves[running] as ServeState, size, spanStart, chipKey, steady);
    return done;
  }
  sim.batches.release(batch);
  chip.batch = null;
  chip.phase = busy ? COMPUTING_CHIP : IDLE_CHIP;
  if (handsOver) dispatch(sim, chip);
  return done;
}
