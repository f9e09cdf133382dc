import { type Arrivals, assertNever, burstyMeanRate } from '../../../design/index.ts';
import { exactSinTurns } from '../exact-math.ts';
import type { BlockSource } from './block-source.ts';
import { ClosedLoop } from './closed-loop.ts';
import { LoadgenSchedule } from './loadgen-schedule.ts';
import type { RandomStream } from './random.ts';
import { recordedRate } from './recording.ts';

/** The time of the last arrival. Infinity for traffic without an end. */
export function lastArrivalSeconds(arrivals: Arrivals): number {
  if (arrivals.kind !== 'trace') return Number.POSITIVE_INFINITY;
  return arrivals.timesSeconds[arrivals.timesSeconds.length - 1] ?? 0;
}

/**
 * The long-run average rate in requests per second; for a trace, the average over the trace. 0 for a closed loop: its rate
 * depends on the chips, and its load never exceeds saturation.
 */
export function meanRatePerSecond(arrivals: Arrivals): number {
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'diurnal':
    case 'loadgen':
      return arrivals.ratePerSecond;
    case 'bursty':
      return burstyMeanRate(arrivals);
    case 'closed':
      return 0;
    case 'trace': {
      const { timesSeconds } = arrivals;
      const rate = recordedRate(timesSeconds, 0, timesSeconds.length);
      return Number.isNaN(rate) ? timesSeconds.length : rate;
    }
    default:
      return assertNever(arrivals);
  }
}

/**
 * The period in seconds in which the rate rises and falls; 0 for a steady rate. A run must include many of these periods to
 * represent the load.
 */
export function cycleSeconds(arrivals: Arrivals): number {
  if (arrivals.kind === 'bursty') return arrivals.meanLowSeconds + arrivals.meanHighSeconds;
  return arrivals.kind === 'diurnal' ? arrivals.periodSeconds : 0;
}

/**
 * The same traffic with each rate (for a trace: its speed) multiplied by `factor`. A closed loop stays as it is: it has
 * no rate.
 */
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
    case 'closed':
      return arrivals;
    case 'trace':
      return {
        ...arrivals,
        speedup: arrivals.speedup * factor,
        timesSeconds: arrivals.timesSeconds.map((seconds) => seconds / factor),
        ...(arrivals.stepSeconds === undefined ? {} : { stepSeconds: arrivals.stepSeconds / factor }),
      };
    default:
      return assertNever(arrivals);
  }
}

/**
 * `phases`: a separate random stream for the start and end of the bursts of `bursty` traffic. So these times are the same
 * at every load.
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
    case 'closed':
      return new ClosedLoop(arrivals);
    case 'trace':
      return new TraceSource(arrivals.timesSeconds);
    default:
      return assertNever(arrivals);
  }
}

/**
 * If the mean cycle (one low and one high phase) of `bursty` traffic has fewer requests than this, we replace the traffic
 * by Poisson traffic with its mean rate.
 *
 * The index of dispersion of the counts of `bursty` traffic is 1 + 2 p q (high - low)^2 t / mean. Here p and q are the
 * fractions of time in each phase, and t = p q cycle (Fischer and Meier-Hellstern, The Markov-modulated Poisson process
 * cookbook, Performance Evaluation 18, 1993). It is at most 1 + 2 (requests per cycle), which is 1.002 at this limit.
 * Poisson traffic has 1. The difference is half of the resolution of the latency histogram. Drawing each phase would need
 * thousands of random numbers for each request, and a run with phases of a picosecond would never end.
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

/** Arrivals at equal distances. The first request arrives one distance after the start. */
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

/**
 * A Poisson process modulated by a Markov chain with two states. It draws its first state by the fractions of time in
 * each.
 */
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
      // A gap is measured in expected arrivals. Each phase uses a part of the gap, and the next phase continues with the
      // rest. So at a higher load the same requests arrive, but earlier.
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

/**
 * A Poisson process with a sinusoidal rate. It draws arrivals at the largest rate and rejects some (thinning; Lewis and
 * Shedler, 1979).
 */
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
