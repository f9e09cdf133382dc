import type { Backlog } from '../../../design/index.ts';
import type { ServeInput } from '../input.ts';
import { FINISHED } from '../record/serve-recorder.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import type { Judgement } from './judgement.ts';
import { slotSums, slotTotals, total } from './measured-part.ts';
import type { MeasuredServe } from './measured-serve.ts';
import { meanRange, ratioEstimate } from './statistics.ts';

/** Whether the rate of each kind of traffic changes over time. */
const changesRate: Readonly<Record<ServeInput['arrivals']['kind'], boolean>> = {
  poisson: false,
  constant: false,
  loadgen: false,
  closed: true,
  bursty: true,
  diurnal: true,
  trace: true,
};

/**
 * Whether more requests arrive than finish. Then there is no steady state, and latencies grow as long as the run lasts. Two
 * tests detect this long before the latencies do:
 *
 * - The number of waiting requests grows. The growth in one slot hardly depends on the growth in earlier slots.
 * - Fewer requests finish than the stated rate. Chips that are never idle finish at a very even rate.
 */
export function queueGrows(measured: MeasuredServe): boolean {
  return growth(measured).grows;
}

/**
 * The standard deviations by which the requests that are left over must exceed the randomness of Poisson arrivals. Our assumption, the same as
 * for the peak of a period.
 */
const LEFT_OVER_DEVIATIONS = 6;

/** The rates of a serve whose queue grows, in this run or certainly in a longer one like it. undefined: the chips keep up. */
export function backlogOf(measured: MeasuredServe): Backlog | undefined {
  const { grows, seconds, ...rates } = growth(measured);
  const arrived = rates.arrivedRps * seconds;
  const left = arrived - rates.completedRps * seconds;
  // The rate of `diurnal` traffic changes by a known rule, so only the randomness of the arrivals is uncertain.
  const isLeft = measured.serve.arrivals.kind === 'diurnal' && left > LEFT_OVER_DEVIATIONS * Math.sqrt(arrived);
  // A run of traffic that changes its rate may see less than its mean rate, and then the chips keep up.
  const isCertain = measured.overload !== null && !changesRate[measured.serve.arrivals.kind];
  return seconds > 0 && (grows || isLeft || isCertain) ? rates : undefined;
}

function growth({
  serve,
  recorder,
  part,
  confidence,
  isBounded,
}: MeasuredServe): Backlog & { readonly grows: boolean; readonly seconds: number } {
  const arrived = slotTotals(recorder.arrived, part);
  // A run that ends when all requests are done empties its queue after the last arrival. Ignore these slots.
  let count = arrived.length;
  while (count > 0 && arrived[count - 1] === 0) count--;
  if (count < arrived.length) count--;
  const done = slotSums(recorder, part, FINISHED).subarray(0, count);
  const seconds = part.slotSeconds.subarray(0, count);
  const gained = done.map((finished, i) => (arrived[i] as number) - finished);
  const whole = total(seconds);
  const rates = {
    seconds: whole,
    arrivedRps: (total(done) + total(gained)) / whole,
    completedRps: total(done) / whole,
  };
  if (isBounded === true) return { ...rates, grows: false };
  // A closed loop never has more requests than its clients send.
  if (serve.arrivals.kind === 'closed' || count < 2 || total(gained) <= 0) return { ...rates, grows: false };
  if (meanRange(ratioEstimate(gained, seconds), confidence).low > 0) return { ...rates, grows: true };
  // If the rate changes, a run need not include the stated mean rate. With one burst fewer, fewer requests arrive and
  // finish.
  if (changesRate[serve.arrivals.kind]) return { ...rates, grows: false };
  const most = meanRange(ratioEstimate(done, seconds), confidence).high;
  return { ...rates, grows: most < meanRatePerSecond(serve.arrivals) };
}

/**
 * The least length of a run, in latencies, in which a growing queue shows that a limit is violated. A shorter run can
 * see only its own start: until a deadline is in danger, a slack policy lets the queue grow, and then it stops. Our
 * assumption.
 */
const LEAST_LATENCIES = 10;

/**
 * If the queue grows, a run that meets a limit is no evidence for a longer run. A run that exceeds it violates it in
 * each longer run, unless its length is only a few times its latency (`value`, in seconds).
 */
export function inGrowingQueue(judgement: Judgement, value: number, limit: number, measured: MeasuredServe): Judgement {
  if (!queueGrows(measured)) return judgement;
  if (value <= limit) return judgement === 'met' || judgement === 'straddles' ? 'rising' : judgement;
  const isLong = total(measured.part.slotSeconds) >= LEAST_LATENCIES * value;
  return isLong || judgement === 'violated' ? 'violated' : 'rising';
}
