import type { Arrivals } from '../../../design/index.ts';
import { exactPow } from '../exact-math.ts';
import type { RunInput, ServeInput } from '../input.ts';
import { leastLoad, leastSecondsPerRequest, servedBefore, servedFirst } from '../saturation.ts';
import { meanRatePerSecond } from '../traffic/arrivals.ts';
import { RandomStream } from '../traffic/random.ts';

/*
 * How long a queue remembers. A run that is short beside the memory of its queue may happen to be a calm one, and nothing that it measured shows it:
 * its slots differ little, and neighbours are hardly correlated. The traffic and the service times show it, before the run.
 *
 * Close to saturation a work-conserving queue behaves like Brownian motion that is reflected at 0 (Kingman, 1961; Whitt, Stochastic-Process Limits,
 * 2002, chapters 5 and 9). Work arrives at some rate with the variance v per second, and the chips have the drift d to spare. Then the wait is
 * exponential, and a mean over T seconds varies like that of T / (2 v / d^2) independent ones; so does the share of requests beyond any high
 * percentile, one cluster of late requests for each independent one. A memory is that time, 2 v / d^2.
 *
 * Rare bursts are not Brownian. What queues up in a burst of exponential length grows with the length's square, whose variance is five times its
 * squared mean, so the bursts themselves are counted: each burst is one observation, of that variance.
 */

export interface QueueMemory {
  /** Seconds of work per second and chip that arrive ahead of a request: 1 is saturation. */
  readonly load: number;
  /** Mean wait of the Brownian limit, in the chips' best mode: the scale of what a run may have missed, whatever holds its latencies elsewhere. */
  readonly waitSeconds: number;
  /** Seconds of a run that give one independent observation of the mean latency. 0 where nothing is random; Infinity at saturation. */
  readonly meanSeconds: number;
  /** The same for the tail of the latencies. */
  readonly tailSeconds: number;
  /** Absent where bursts make no noticeable part of the latency. */
  readonly bursts?: Bursts;
  /** The longest period of `diurnal` traffic; 0 without. */
  readonly periodSeconds: number;
}

/** Bursts that a run has to have seen many of. */
export interface Bursts {
  /** What they add to the seconds that give one independent observation. */
  readonly seconds: number;
  /** Mean seconds from one burst to the next; the longest of several serves. */
  readonly cycleSeconds: number;
  /** Share of the requests that come in a burst, or while the queue behind it drains. */
  readonly requestShare: number;
}

/**
 * The Brownian limit forgets that most requests find a free chip at a moderate load, and that more of them meet a long queue than a short one. Both make
 * the few that wait vary more. With w, the chance to wait, exact results for M/M/1 (Daley, J. Appl. Prob. 5, 1968) and runs of M/M/4, M/D/1, M/G/1 and
 * MMPP/D/1 at loads from 0.5 to 0.95 need up to 1.25 * 2 v / d^2 / w^2.5 for the mean wait, and one over w for the tail. Our assumption, held by bench/coverage.ts.
 */
const MARGIN = 1.25;

/** Squared coefficient of variation of what one burst adds to the sum of latencies: 5 for a burst alone, more where one meets the queue of another. Our assumption, held by bench/coverage.ts. */
const BURST_VARIATION = 8;
/** From here on bursts are counted: a tenth of the wait comes from bursts that overload the chips, or latency in a burst moves the mean by 7 %. Our assumption. */
const NOTICEABLE_SHARE = 0.1;
const NOTICEABLE_VARIATION = 0.01;
/** The part of a period in which `diurnal` traffic is close to its peak: within 15 % of the amplitude. */
const PEAK_SHARE = 0.25;
/** Draws that tell the second moment of a service time that a test makes up. */
const DRAWS = 4096;

/** What the serves bring that are served before a serve, or in turn with it. */
interface Work {
  /** Seconds of work per second and chip. */
  readonly load: number;
  /** Variance of the work that arrives in a second, over long times, in seconds. */
  readonly variance: number;
}

export function queueMemory(input: RunInput, index: number): QueueMemory {
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
    if (arrivals.kind === 'bursty') bursts = together(bursts, burstsOf(arrivals, seconds, mean, chips));
    if (arrivals.kind === 'diurnal' && arrivals.amplitude > 0) {
      periodSeconds = Math.max(periodSeconds, arrivals.periodSeconds);
      peakLoad += (arrivals.amplitude * arrivals.ratePerSecond * seconds) / chips;
    }
  }
  const brownian = relaxation(mean, chips);
  const waits = waitChance(mean.load, chips);
  const tail = brownian === 0 ? 0 : (MARGIN * brownian) / waits;
  const atPeak = peakLoad < 1 ? relaxation({ ...mean, load: peakLoad }, chips) / PEAK_SHARE : periodSeconds;
  const wave = Math.min(periodSeconds, atPeak);
  return {
    load: mean.load,
    waitSeconds: brownianWait(mean, chips) / (1 - leastLoad(input, servedFirst(input, index))),
    meanSeconds: Math.max(wave, tail === 0 ? 0 : tail / (waits * Math.sqrt(waits))),
    tailSeconds: Math.max(wave, tail),
    ...(bursts === undefined ? {} : { bursts }),
    periodSeconds,
  };
}

/** Bursts of several serves come independently of each other. */
function together(first: Bursts | undefined, second: Bursts | undefined): Bursts | undefined {
  if (first === undefined || second === undefined) return first ?? second;
  return {
    seconds: first.seconds + second.seconds,
    cycleSeconds: Math.max(first.cycleSeconds, second.cycleSeconds),
    requestShare: Math.min(1, first.requestShare + second.requestShare),
  };
}

function relaxation({ load, variance }: Work, chips: number): number {
  if (variance === 0) return 0;
  const spare = chips * (1 - load);
  return spare > 0 ? (2 * variance) / (spare * spare) : Number.POSITIVE_INFINITY;
}

/** The chance to find all chips busy, within a few per cent of Erlang's (Sakasegawa, Ann. Inst. Stat. Math. 29, 1977). */
function waitChance(load: number, chips: number): number {
  return exactPow(Math.min(1, load), Math.sqrt(2 * (chips + 1)) - 1);
}

/** v / (2 d), in seconds that one request waits. */
function brownianWait({ load, variance }: Work, chips: number): number {
  const spare = chips * (1 - load);
  if (variance === 0) return 0;
  return spare > 0 ? variance / (2 * spare) / chips : Number.POSITIVE_INFINITY;
}

/** Of the work that a serve brings in a second, over long times. */
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
      // Of the count of a two-state Markov-modulated Poisson process (Fischer and Meier-Hellstern, Performance Evaluation 18, 1993).
      const step = (highRatePerSecond - lowRatePerSecond) * seconds * meanLowSeconds * meanHighSeconds;
      return rate * square + (2 * step * step) / (cycle * cycle * cycle);
    }
    default:
      return rate * square;
  }
}

/** E[S^2] / E[S]^2 of a service time that varies: only tests make them up. */
function relativeSquare({ serviceScale }: ServeInput): number {
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
 * What bursts do to the latency, in two limits. Bursts that overload the chips pile up a triangle of work, which drains behind them: its mean over that
 * of the Brownian limit is the part of the wait that bursts make. Long phases that the chips carry have a latency of their own each, and the share of
 * time in either varies from run to run. undefined where neither is noticeable.
 */
function burstsOf(
  arrivals: Extract<Arrivals, { kind: 'bursty' }>,
  seconds: number,
  { load, variance }: Work,
  chips: number,
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
  const shareBusy = (high * busy) / (mean * cycleSeconds);

  let overload = 0;
  let requestShare = shareBusy;
  if (excess > 0) {
    const drained = (low * excess * busy) / drain;
    const seen = ((high + drained / busy) * excess * busy * busy) / (mean * cycleSeconds);
    overload = Math.min(1, (seen * 2 * chips * (1 - load)) / variance);
    requestShare = Math.min(1, shareBusy + drained / (mean * cycleSeconds));
  }

  // A queue needs time to grow: within a phase it comes no further than a random walk.
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
