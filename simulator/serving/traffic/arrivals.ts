import { type Arrivals, assertNever } from '../../../design/index.ts';
import { exactSinTurns } from '../exact-math.ts';
import { LoadgenSchedule } from './loadgen-schedule.ts';
import type { RandomStream } from './random.ts';
import { recordedRate } from './recording.ts';

/**
 * A source of ascending numbers in blocks, so that the event loop calls through an interface once in some hundred requests.
 * Arrival sources give absolute seconds.
 */
export interface BlockSource {
  /** Writes into columns [from, to) and returns how many it wrote: fewer than asked for means that there are no more. */
  fill(target: Float64Array, from: number, to: number): number;
}

/** Where a source ends by itself; Infinity for those that go on. */
export function lastArrivalSeconds(arrivals: Arrivals): number {
  if (arrivals.kind !== 'trace') return Number.POSITIVE_INFINITY;
  return arrivals.timesSeconds[arrivals.timesSeconds.length - 1] ?? 0;
}

/** Requests per second in the long run; of a trace, over its length. */
export function meanRatePerSecond(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'diurnal':
    case 'loadgen':
      return arrivals.ratePerSecond;
    case 'bursty': {
      const { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds } = arrivals;
      return (
        (lowRatePerSecond * meanLowSeconds + highRatePerSecond * meanHighSeconds) / (meanLowSeconds + meanHighSeconds)
      );
    }
    case 'trace': {
      const { timesSeconds } = arrivals;
      const rate = recordedRate(timesSeconds, 0, timesSeconds.length);
      return Number.isNaN(rate) ? timesSeconds.length : rate;
    }
    default:
      return assertNever(arrivals);
  }
}

/** Seconds over which the rate itself goes up and down; 0 where it is steady. A run shorter than many of these has not seen the load. */
export function cycleSeconds(arrivals: Arrivals): number {
  if (arrivals.kind === 'bursty') return arrivals.meanLowSeconds + arrivals.meanHighSeconds;
  return arrivals.kind === 'diurnal' ? arrivals.periodSeconds : 0;
}

/** The same kind of traffic with every rate, or a trace's speed, multiplied. */
export function scaleArrivals(arrivals: Arrivals, factor: number): Arrivals {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'diurnal':
    case 'loadgen':
      return { ...arrivals, ratePerSecond: arrivals.ratePerSecond * factor };
    case 'bursty':
      return {
        ...arrivals,
        lowRatePerSecond: arrivals.lowRatePerSecond * factor,
        highRatePerSecond: arrivals.highRatePerSecond * factor,
      };
    case 'trace':
      return {
        ...arrivals,
        speedup: arrivals.speedup * factor,
        timesSeconds: arrivals.timesSeconds.map((seconds) => seconds / factor),
      };
    default:
      return assertNever(arrivals);
  }
}

/**
 * `phases`: what the bursts of `bursty` are drawn from, a stream of their own, so that they begin and end at the same times whatever the load.
 */
export function arrivalSource(arrivals: Arrivals, random: RandomStream, phases: RandomStream): BlockSource {
  switch (arrivals.kind) {
    case 'poisson':
      return new PoissonSource(arrivals.ratePerSecond, random);
    case 'constant':
      return new ConstantSource(arrivals.ratePerSecond);
    case 'bursty':
      return hasShortPhases(arrivals)
        ? new PoissonSource(meanRatePerSecond(arrivals), random)
        : new BurstySource(arrivals, random, phases);
    case 'diurnal':
      return new DiurnalSource(arrivals, random);
    case 'loadgen':
      return new LoadgenSource(arrivals.seed, arrivals.ratePerSecond);
    case 'trace':
      return new TraceSource(arrivals.timesSeconds);
    default:
      return assertNever(arrivals);
  }
}

/**
 * Requests in a mean cycle (a low and a high phase) below which `bursty` traffic is drawn as Poisson traffic of its mean rate. The index of
 * dispersion of its counts is 1 + 2 p q (high - low)^2 t / mean, with p and q the shares of time of both phases and t = p q cycle (Fischer and
 * Meier-Hellstern, The Markov-modulated Poisson process cookbook, Performance Evaluation 18, 1993). That is at most 1 + 2 requests per cycle, here
 * 1.002, where Poisson traffic has 1: half of what the latency histogram resolves. Drawing every phase would take thousands of draws for each request, and
 * would never end with phases of a picosecond.
 */
const STEADY_REQUESTS_PER_CYCLE = 1e-3;

function hasShortPhases(arrivals: Extract<Arrivals, { kind: 'bursty' }>): boolean {
  return meanRatePerSecond(arrivals) * cycleSeconds(arrivals) < STEADY_REQUESTS_PER_CYCLE;
}

class PoissonSource implements BlockSource {
  private seconds = 0;
  private readonly meanGapSeconds: number;
  private readonly random: RandomStream;

  constructor(ratePerSecond: number, random: RandomStream) {
    this.meanGapSeconds = 1 / ratePerSecond;
    this.random = random;
  }

  fill(target: Float64Array, from: number, to: number): number {
    const { random, meanGapSeconds } = this;
    let seconds = this.seconds;
    for (let i = from; i < to; i++) {
      seconds += random.exponential() * meanGapSeconds;
      target[i] = seconds;
    }
    this.seconds = seconds;
    return to - from;
  }
}

/** The first request comes one gap after the start. */
class ConstantSource implements BlockSource {
  private count = 0;
  private readonly ratePerSecond: number;

  constructor(ratePerSecond: number) {
    this.ratePerSecond = ratePerSecond;
  }

  fill(target: Float64Array, from: number, to: number): number {
    for (let i = from; i < to; i++) target[i] = ++this.count / this.ratePerSecond;
    return to - from;
  }
}

/** Two-state Markov-modulated Poisson process; it starts in a state drawn by the shares of time. */
class BurstySource implements BlockSource {
  private seconds = 0;
  private high: boolean;
  private stateEndSeconds: number;
  private readonly arrivals: Extract<Arrivals, { kind: 'bursty' }>;
  private readonly random: RandomStream;
  private readonly phases: RandomStream;

  constructor(arrivals: Extract<Arrivals, { kind: 'bursty' }>, random: RandomStream, phases: RandomStream) {
    this.arrivals = arrivals;
    this.random = random;
    this.phases = phases;
    const { meanLowSeconds, meanHighSeconds } = arrivals;
    this.high = phases.uniform() * (meanLowSeconds + meanHighSeconds) < meanHighSeconds;
    this.stateEndSeconds = phases.exponential() * (this.high ? meanHighSeconds : meanLowSeconds);
  }

  fill(target: Float64Array, from: number, to: number): number {
    const { random, phases, arrivals } = this;
    const { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds } = arrivals;
    for (let i = from; i < to; i++) {
      // A gap is so many expected arrivals long. A phase uses up a part of it, and the rest goes into the next: at a larger load the same
      // requests come, each sooner.
      let left = random.exponential();
      let rate = this.high ? highRatePerSecond : lowRatePerSecond;
      for (;;) {
        const room = (this.stateEndSeconds - this.seconds) * rate;
        if (left <= room && rate > 0) break;
        left -= room;
        this.seconds = this.stateEndSeconds;
        this.high = !this.high;
        this.stateEndSeconds += phases.exponential() * (this.high ? meanHighSeconds : meanLowSeconds);
        rate = this.high ? highRatePerSecond : lowRatePerSecond;
      }
      this.seconds += left / rate;
      target[i] = this.seconds;
    }
    return to - from;
  }
}

/** Poisson process whose rate swings, by thinning one of the largest rate (Lewis and Shedler, 1979). */
class DiurnalSource implements BlockSource {
  private seconds = 0;
  private readonly arrivals: Extract<Arrivals, { kind: 'diurnal' }>;
  private readonly random: RandomStream;

  constructor(arrivals: Extract<Arrivals, { kind: 'diurnal' }>, random: RandomStream) {
    this.arrivals = arrivals;
    this.random = random;
  }

  fill(target: Float64Array, from: number, to: number): number {
    const { random } = this;
    const { ratePerSecond, amplitude, periodSeconds } = this.arrivals;
    const peak = 1 + amplitude;
    for (let i = from; i < to; ) {
      this.seconds += random.exponential() / (ratePerSecond * peak);
      const level = 1 + amplitude * exactSinTurns(this.seconds / periodSeconds);
      if (random.uniform() * peak < level) target[i++] = this.seconds;
    }
    return to - from;
  }
}

class LoadgenSource implements BlockSource {
  private readonly schedule: LoadgenSchedule;

  constructor(seed: string, ratePerSecond: number) {
    this.schedule = new LoadgenSchedule(seed, ratePerSecond);
  }

  fill(target: Float64Array, from: number, to: number): number {
    for (let i = from; i < to; i++) target[i] = this.schedule.next() / 1e9;
    return to - from;
  }
}

class TraceSource implements BlockSource {
  private position = 0;
  private readonly times: Float64Array;

  constructor(times: Float64Array) {
    this.times = times;
  }

  fill(target: Float64Array, from: number, to: number): number {
    const count = Math.min(to - from, this.times.length - this.position);
    for (let i = 0; i < count; i++) target[from + i] = this.times[this.position + i] as number;
    this.position += count;
    return count;
  }
}
