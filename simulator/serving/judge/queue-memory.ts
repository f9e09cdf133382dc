import { type Arrivals, type BurstPolicy, staysInOneMode } from '../../../design/index.ts';
import { exactPow } from '../exact-math.ts';
import { deadlineSeconds, type RunInput, type ServeInput } from '../input.ts';
import { leastLoad, leastSecondsPerRequest, servedBefore, servedFirst } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { RandomStream } from '../traffic/random.ts';

/*
 * The memory of a queue is the time after which its state no longer depends on its start. If a run is short compared with this memory, it can show
 * low latencies by chance. The measured values do not reveal this: the slots differ little, and neighbours are hardly
 * correlated. But the memory can be computed from the traffic and the service times before the run.
 *
 * Close to saturation, a work-conserving queue behaves like Brownian motion that is reflected at 0 (Kingman, 1961; Whitt,
 * Stochastic-Process Limits, 2002, chapters 5 and 9). Let v be the variance of the work that arrives in a second, and d the
 * spare work that the chips can do in a second. Then the waiting time is exponential, and a mean over T seconds varies like
 * the mean of T / (2 v / d^2) independent values. The same is true for the share of requests beyond a high percentile: each
 * independent value corresponds to one group of late requests. The memory is the time 2 v / d^2.
 *
 * Rare bursts do not behave like Brownian motion. The waiting work of a burst with an exponential length grows with the
 * square of the length. The variance of this square is five times its squared mean. So we count the bursts: each burst is
 * one observation with this variance.
 *
 * A policy that chooses the mode lets the queue grow in base mode up to some waiting work b, and serves it in burst mode from there. Below b the queue
 * behaves like Brownian motion between two reflecting ends, whose relaxation rate is d^2 / (2 v) + pi^2 v / (2 b^2) with v and d of base mode (Linetsky,
 * Advances in Applied Probability 37, 2005). The memory is the longer one of both modes. If base mode is overloaded,
 * a run must be longer than the growth of the queue to b.
 */

/** The memory of the queue of one serve. */
export interface QueueMemory {
  /** The load of the serves that compete with this one, in seconds of work per second and chip. 1 means saturation. */
  readonly load: number;
  /**
   * The mean wait of the Brownian limit in the best mode of the chips: the scale of the waiting time that a run can
   * miss.
   */
  readonly waitSeconds: number;
  /** The same for the mean latency, if it differs. */
  readonly meanWaitSeconds?: number;
  /**
   * Seconds of a run for one independent observation of the mean latency. 0: nothing is random. Infinity: the load is at
   * saturation.
   */
  readonly meanSeconds: number;
  /** Seconds of a run for one independent observation of the tail of the latencies. */
  readonly tailSeconds: number;
  /** Absent: bursts have no noticeable effect on the latency. */
  readonly bursts?: Bursts;
  /** The longest period of `diurnal` traffic. 0: no traffic is periodic. */
  readonly periodSeconds: number;
  /** How long the queue of an overloaded base mode grows until the policy changes to burst mode. Absent: base mode is not overloaded. */
  readonly settleSeconds?: number;
}

/** Bursts that have a noticeable effect on the latency, so that a run must include many of them. */
export interface Bursts {
  /** Seconds that the bursts add to the time for one independent observation. */
  readonly seconds: number;
  /** Mean seconds from one burst to the next. With several serves: the longest of them. */
  readonly cycleSeconds: number;
  /** Share of the requests that arrive in a burst, or while the chips still serve the queue of a burst. */
  readonly requestShare: number;
}

/**
 * A factor for two effects that the Brownian limit ignores. At a moderate load, most requests find a free chip. And more
 * requests see a long queue than a short one. Because of both, the latencies of the few waiting requests vary more.
 *
 * Let w be the probability that a request waits. Exact results for M/M/1 (Daley, Journal of Applied Probability 5, 1968) and
 * simulations of M/M/4, M/D/1, M/G/1 and MMPP/D/1 at loads from 0.5 to 0.95 need up to 1.25 * 2 v / d^2 / w^2.5 seconds for
 * the mean, and up to 1.25 * 2 v / d^2 / w seconds for the tail. Our assumption; bench/coverage.ts checks it.
 */
const MARGIN = 1.25;

/**
 * The squared coefficient of variation of the latency that one burst adds. It is 5 for a single burst, and more if a burst
 * starts while the queue of another one is not empty. Our assumption; bench/coverage.ts checks it.
 */
const BURST_VARIATION = 8;
/**
 * Bursts are noticeable if a tenth of the waiting time comes from bursts that overload the chips, or if the latency in bursts
 * changes the mean by 7 % (a variation of 0.01). Our assumption.
 */
const NOTICEABLE_SHARE = 0.1;
const NOTICEABLE_VARIATION = 0.01;
/** The part of a period in which `diurnal` traffic is within 15 % of the amplitude of its peak. */
const PEAK_SHARE = 0.25;
/** The number of random draws for the second moment of a service time that a test defines. */
const DRAWS = 4096;

/** The work of the serves that run before a serve or in turn with it. */
interface Work {
  /** Seconds of work per second and chip. */
  readonly load: number;
  /** Long-run variance of the work that arrives in one second, in seconds. */
  readonly variance: number;
}

/** Computes the memory of the queue of serve `index` from its traffic and service times. */
export function queueMemory(input: RunInput, index: number): QueueMemory {
  const fastest = memoryInMode(input, index, Number.POSITIVE_INFINITY);
  const { burst, serves } = input;
  if (staysInOneMode(input)) return fastest;
  // The policy of a language model reads its tokens.
  if (serves.some(({ steps }) => steps !== undefined)) return fastest;
  const inBase: RunInput = { ...input, burst: { kind: 'never' } };
  const switchWork = workAtSwitch(inBase, index, burst);
  const base = memoryInMode(inBase, index, switchWork);
  const missing = input.chips * (base.load - 1);
  if (missing > 0) {
    // Without a deadline, slack and oracle never change the mode.
    if (switchWork === Number.POSITIVE_INFINITY) return fastest;
    return { ...fastest, settleSeconds: settleSeconds(inBase, index, switchWork, missing) };
  }
  if (base.meanSeconds <= fastest.meanSeconds) return fastest;
  if (burst.kind === 'queue') return { ...base, load: fastest.load };
  // These policies keep percentiles below their deadlines, whether or not the queue would grow in base mode. The mean has no such limit.
  return { ...fastest, meanSeconds: base.meanSeconds, meanWaitSeconds: base.waitSeconds };
}

/** The mean time in which the queue of an overloaded base mode reaches this work: by its drift, or as a random walk if that is sooner. */
function settleSeconds(input: RunInput, index: number, work: number, missing: number): number {
  const variance = servedBefore(input, index).reduce((sum, serve) => sum + varianceOf(input, serve), 0);
  return Math.min(work / missing, (work * work) / variance);
}

/** The most work, in seconds of all chips, that waits before the policy changes to burst mode. `input`: in base mode. */
function workAtSwitch(input: RunInput, index: number, burst: BurstPolicy): number {
  if (burst.kind === 'queue') {
    const serves = servedBefore(input, index);
    const rate = serves.reduce((sum, { arrivals }) => sum + meanRatePerSecond(arrivals), 0);
    return (burst.threshold * leastLoad(input, serves) * input.chips) / rate;
  }
  const deadlines = input.serves.map(({ slos }) => deadlineSeconds(slos)).filter(Number.isFinite);
  return deadlines.length === 0 ? Number.POSITIVE_INFINITY : Math.max(...deadlines) * input.chips;
}

/** The memory if the chips serve all requests in the fastest mode of `input`. `mostWork`: the most work that waits in it. */
function memoryInMode(input: RunInput, index: number, mostWork: number): QueueMemory {
  const serves = servedBefore(input, index);
  const { chips } = input;
  const mean: Work = {
    load: leastLoad(input, serves),
    variance: serves.reduce((sum, serve) => sum + varianceOf(input, serve), 0),
  };
  let bursts: Bursts | undefined;
  let periodSeconds = 0;
  let peakLoad = mean.load;
  for (const serve of serves) {
    const { arrivals } = serve;
    const seconds = leastSecondsPerRequest(input, serve);
    if (arrivals.kind === 'bursty') bursts = together(bursts, burstsOf(arrivals, seconds, mean, chips, mostWork));
    if (arrivals.kind === 'diurnal' && arrivals.amplitude > 0) {
      periodSeconds = Math.max(periodSeconds, arrivals.periodSeconds);
      peakLoad += (arrivals.amplitude * arrivals.ratePerSecond * seconds) / chips;
    }
  }
  const brownian = relaxation(mean, chips, mostWork);
  const waits = waitChance(mean.load, chips);
  const tail = brownian === 0 ? 0 : (MARGIN * brownian) / waits;
  const atPeak = peakLoad < 1 ? relaxation({ ...mean, load: peakLoad }, chips, mostWork) / PEAK_SHARE : periodSeconds;
  const wave = Math.min(periodSeconds, atPeak);
  const wait = brownianWait(mean, chips);
  const othersLeave = Math.max(0, 1 - leastLoad(input, servedFirst(input, index)));
  return {
    load: mean.load,
    waitSeconds: Math.min(wait === 0 ? 0 : wait / othersLeave, mostWork / chips),
    meanSeconds: Math.max(wave, tail === 0 ? 0 : tail / (waits * Math.sqrt(waits))),
    tailSeconds: Math.max(wave, tail),
    ...(bursts === undefined ? {} : { bursts }),
    periodSeconds,
  };
}

/** Combines the bursts of two serves, which are independent of each other. */
function together(first: Bursts | undefined, second: Bursts | undefined): Bursts | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    seconds: first.seconds + second.seconds,
    cycleSeconds: Math.max(first.cycleSeconds, second.cycleSeconds),
    requestShare: Math.min(1, first.requestShare + second.requestShare),
  };
}

function relaxation({ load, variance }: Work, chips: number, mostWork: number): number {
  if (variance === 0) return 0;
  const spare = chips * (1 - load);
  if (mostWork === Number.POSITIVE_INFINITY) return spare > 0 ? (2 * variance) / (spare * spare) : mostWork;
  const range = (Math.PI * Math.PI * variance) / (2 * mostWork * mostWork);
  return 1 / ((spare * spare) / (2 * variance) + range);
}

/**
 * The probability that all chips are busy. It differs from Erlang's formula by a few per cent (Sakasegawa, Annals of the
 * Institute of Statistical Mathematics 29, 1977).
 */
function waitChance(load: number, chips: number): number {
  return exactPow(Math.min(1, load), Math.sqrt(2 * (chips + 1)) - 1);
}

/** The mean wait of a request in seconds, v / (2 d). */
function brownianWait({ load, variance }: Work, chips: number): number {
  const spare = chips * (1 - load);
  if (variance === 0) return 0;
  return spare > 0 ? variance / (2 * spare) / chips : Number.POSITIVE_INFINITY;
}

/** The long-run variance of the work of a serve that arrives in one second. */
function varianceOf(input: RunInput, serve: ServeInput): number {
  const { arrivals } = serve;
  const seconds = leastSecondsPerRequest(input, serve);
  const square = seconds * seconds * relativeSquare(serve);
  const rate = meanRatePerSecond(arrivals);
  switch (arrivals.kind) {
    case 'constant':
      return rate * (square - seconds * seconds);
    case 'bursty': {
      const { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds } = arrivals;
      const cycle = meanLowSeconds + meanHighSeconds;
      // The variance of the number of arrivals of a Poisson process that is modulated by a Markov chain with two states
      // (Fischer and Meier-Hellstern, Performance Evaluation 18, 1993).
      const step = (highRatePerSecond - lowRatePerSecond) * seconds * meanLowSeconds * meanHighSeconds;
      return rate * square + (2 * step * step) / (cycle * cycle * cycle);
    }
    default:
      return rate * square;
  }
}

/** E[S^2] / E[S]^2 of the service time S. It varies for language models, and where a test defines it. */
function relativeSquare({ serviceScale, steps }: ServeInput): number {
  if (steps !== undefined) return steps.baseWork.relativeSquare;
  if (serviceScale === undefined) return 1;
  const draws = new Float64Array(DRAWS);
  const count = serviceScale.source(new RandomStream(0, 0)).fill(draws, 0, DRAWS);
  let sum = 0;
  let squares = 0;
  for (const draw of draws) {
    sum += draw;
    squares += draw * draw;
  }
  return (squares * count) / (sum * sum);
}

/**
 * The effect of bursts on the latency, in two limits. undefined: neither effect is noticeable.
 *
 * - Bursts that overload the chips: the waiting work grows during the burst and decreases after it, so it has the form of a
 *   triangle. Its mean, divided by the mean of the Brownian limit, is the part of the waiting time that comes from bursts.
 * - Long phases that the chips can serve: each phase has a different latency, and the fraction of time in each phase varies
 *   from run to run.
 */
function burstsOf(
  arrivals: Extract<Arrivals, { kind: 'bursty' }>,
  seconds: number,
  { load, variance }: Work,
  chips: number,
  mostWork: number,
): Bursts | undefined {
  if (load >= 1) return undefined;
  const low = Math.min(arrivals.lowRatePerSecond, arrivals.highRatePerSecond);
  const high = Math.max(arrivals.lowRatePerSecond, arrivals.highRatePerSecond);
  const calm = arrivals.highRatePerSecond >= arrivals.lowRatePerSecond;
  const busy = calm ? arrivals.meanHighSeconds : arrivals.meanLowSeconds;
  const cycleSeconds = arrivals.meanLowSeconds + arrivals.meanHighSeconds;
  const mean = meanRatePerSecond(arrivals);
  const spareAt = (rate: number) => chips * (1 - load) - (rate - mean) * seconds;
  const drain = spareAt(low);
  const excess = -spareAt(high);
  // The policy changes the mode during such a burst, so the memory of the other mode counts it.
  if (excess * busy > mostWork) return undefined;
  const shareBusy = (high * busy) / (mean * cycleSeconds);

  let overload = 0;
  let requestShare = shareBusy;
  if (excess > 0) {
    const drained = (low * excess * busy) / drain;
    const seen = ((high + drained / busy) * excess * busy * busy) / (mean * cycleSeconds);
    overload = Math.min(1, (seen * 2 * chips * (1 - load)) / variance);
    requestShare = Math.min(1, shareBusy + drained / (mean * cycleSeconds));
  }

  // A queue needs time to grow. Within a phase it grows at most like a random walk.
  const walk = (rate: number) => Math.sqrt(rate * seconds * seconds * busy);
  const waitAt = (rate: number) => {
    const spare = spareAt(rate);
    return spare > 0 ? Math.min(walk(rate), (rate * seconds * seconds) / (2 * spare)) : walk(rate);
  };
  const latencyBusy = seconds + waitAt(high);
  const latencyMean = shareBusy * latencyBusy + (1 - shareBusy) * (seconds + waitAt(low));
  const moved = shareBusy * (latencyBusy / latencyMean - 1);
  const variation = 2 * moved * moved;

  if (overload < NOTICEABLE_SHARE && variation < NOTICEABLE_VARIATION) return undefined;
  return { seconds: (BURST_VARIATION * overload + variation) * cycleSeconds, cycleSeconds, requestShare };
}
