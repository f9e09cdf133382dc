import type { Activity, LatencyBreakdown, Origin, RunResult, SloOutcome } from '../../protocol/index.ts';
import { activities } from '../../protocol/index.ts';

/** The parameters of an invented run. */
export interface FixtureRun {
  readonly label: string;
  readonly npu: string;
  readonly burst: boolean;
  readonly ratePerSecond: number;
  readonly seconds: number;
  readonly limitSeconds: number;
  readonly seed?: number;
  readonly chips?: number;
}

export const fixtureUri = 'file:///designs/rush.npu';

export function fixtureOrigin(start: number, end: number): Origin {
  return { uri: fixtureUri, start, end };
}

const buckets = 400;
const maxBatch = 8;
const switchSeconds = 2e-6;

/** A linear congruential generator, so that pictures are the same in every run. */
function randomStream(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 4294967296;
  };
}

interface Segment {
  readonly start: number;
  readonly end: number;
  readonly chip: number;
  readonly activity: Activity;
  readonly batch: number;
  readonly firstLayer: number;
  readonly lastLayer: number;
}

function quantile(sorted: readonly number[], fraction: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(fraction * sorted.length))] ?? Number.NaN;
}

/** A simple queue with batches of up to eight, and burst mode while more than twelve requests wait: plausible columns for the plots. */
export function fixtureRun(options: FixtureRun): RunResult {
  const { seconds, limitSeconds, ratePerSecond } = options;
  const chips = options.chips ?? 1;
  const random = randomStream(options.seed ?? 7);
  const arrivals: number[] = [];
  for (let t = 0; t < seconds; ) {
    const crowd = t > seconds * 0.55 && t < seconds * 0.68 ? 1.35 : 0.92;
    t += -Math.log(random()) / (ratePerSecond * crowd);
    if (t < seconds) arrivals.push(t);
  }
  const segments: Segment[] = [];
  const finishes: number[] = [];
  const burst: boolean[] = Array.from({ length: chips }, () => false);
  const free: number[] = Array.from({ length: chips }, () => 0);
  const switches: { at: number; toBurst: boolean; chip: number }[] = [];
  const starts: number[] = [];
  let burstRequests = 0;
  for (let next = 0; next < arrivals.length; ) {
    const chip = free.indexOf(Math.min(...free));
    let at = Math.max(free[chip] ?? 0, arrivals[next] ?? 0);
    let size = 0;
    while (size < maxBatch && (arrivals[next + size] ?? Number.POSITIVE_INFINITY) <= at) size++;
    let waiting = size;
    while ((arrivals[next + waiting] ?? Number.POSITIVE_INFINITY) <= at) waiting++;
    size = Math.max(1, size);
    const wanted = options.burst && waiting > (burst[chip] ? 3 : 12);
    const push = (activity: Activity, length: number, firstLayer: number, lastLayer: number) => {
      segments.push({ start: at, end: at + length, chip, activity, batch: size, firstLayer, lastLayer });
      at += length;
    };
    for (let i = 0; i < size; i++) starts[next + i] = at;
    if (wanted !== burst[chip]) {
      switches.push({ at, toBurst: wanted, chip });
      push('switching', switchSeconds, 0, 0);
      burst[chip] = wanted;
      if (wanted) push('quantizing', 0.25e-3, 0, 11);
    }
    const service = (0.4e-3 + 0.36e-3 * size) * (wanted ? 0.58 : 1);
    push(wanted ? 'burst' : 'base', service * 0.45, 0, 25);
    push(wanted ? 'burst' : 'base', service * 0.55, 26, 49);
    for (let i = 0; i < size; i++) finishes[next + i] = at;
    if (wanted) burstRequests += size;
    free[chip] = at;
    next += size;
  }
  return summarize(options, arrivals, starts, finishes, segments, switches, burstRequests, limitSeconds, chips);
}

function summarize(
  options: FixtureRun,
  arrivals: readonly number[],
  starts: readonly number[],
  finishes: readonly number[],
  segments: readonly Segment[],
  switches: readonly { at: number; toBurst: boolean; chip: number }[],
  burstRequests: number,
  limitSeconds: number,
  chips: number,
): RunResult {
  const { seconds } = options;
  const bucketSeconds = seconds / buckets;
  const column = () => new Float64Array(buckets);
  const series = {
    arrived: column(),
    completed: column(),
    completedInTime: column(),
    p50Seconds: column().fill(Number.NaN),
    p99Seconds: column().fill(Number.NaN),
    maxSeconds: column().fill(Number.NaN),
    queued: column(),
    maxQueued: column(),
  };
  const bucketOf = (t: number) => Math.min(buckets - 1, Math.floor(t / bucketSeconds));
  const latencies: number[][] = Array.from({ length: buckets }, () => []);
  let completed = 0;
  let inTime = 0;
  for (const [i, arrival] of arrivals.entries()) {
    const finish = finishes[i] ?? 0;
    series.arrived[bucketOf(arrival)] = (series.arrived[bucketOf(arrival)] ?? 0) + 1;
    const started = starts[i] ?? arrival;
    for (let b = bucketOf(arrival); b <= bucketOf(started); b++) {
      const overlap = Math.min(started, (b + 1) * bucketSeconds) - Math.max(arrival, b * bucketSeconds);
      series.queued[b] = (series.queued[b] ?? 0) + Math.max(0, overlap) / bucketSeconds;
    }
    if (finish >= seconds) continue;
    const b = bucketOf(finish);
    completed++;
    series.completed[b] = (series.completed[b] ?? 0) + 1;
    latencies[b]?.push(finish - arrival);
    if (finish - arrival <= limitSeconds) {
      inTime++;
      series.completedInTime[b] = (series.completedInTime[b] ?? 0) + 1;
    }
  }
  for (const [b, values] of latencies.entries()) {
    values.sort((x, y) => x - y);
    series.maxQueued[b] = Math.ceil((series.queued[b] ?? 0) * 1.6);
    if (values.length === 0) continue;
    series.p50Seconds[b] = quantile(values, 0.5);
    series.p99Seconds[b] = quantile(values, 0.99);
    series.maxSeconds[b] = values.at(-1) ?? Number.NaN;
  }
  const all = latencies.flat().sort((x, y) => x - y);
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  const points = 200;
  const fractions = Float64Array.from({ length: points }, (_, i) => 1 - 10 ** ((-4.5 * (i + 1)) / points));
  const p99 = quantile(all, 0.99);
  const breakdown: LatencyBreakdown = {
    queueSeconds: mean * 0.62,
    batchingSeconds: mean * 0.06,
    switchSeconds: mean * 0.002,
    serviceSecondsByBound: {
      compute: mean * 0.21,
      vector: mean * 0.028,
      vmem: 0,
      cmem: 0,
      hbm: mean * 0.06,
      quantizer: mean * 0.02,
      dispatch: 0,
    },
  };
  const burstShare = burstRequests / arrivals.length;
  const slots = 50;
  const slotSeconds = seconds / slots;
  const overTime = (activity: Activity, of: (share: number) => number) =>
    Float64Array.from({ length: slots }, (_, slot) => {
      let spent = 0;
      for (const segment of segments) {
        if (segment.activity !== activity) continue;
        const end = Math.min(segment.end, (slot + 1) * slotSeconds);
        spent += Math.max(0, end - Math.max(segment.start, slot * slotSeconds));
      }
      return of(spent / slotSeconds / chips);
    });
  const accuracy = 0.7647 - 0.0018 * burstShare;
  const slos: readonly SloOutcome[] = [
    {
      slo: {
        metric: 'latency',
        statistic: { kind: 'percentile', fraction: 0.99 },
        limitSeconds,
        text: `p99 latency <= ${limitSeconds * 1e3} ms`,
        origin: fixtureOrigin(820, 840),
      },
      verdict: p99 > limitSeconds ? 'violated' : 'met',
      measured: { value: p99, low: p99 * 0.97, high: p99 * 1.04, confidence: 0.99 },
      limit: limitSeconds,
      missFraction: p99 / limitSeconds - 1,
      breakdown: p99 > limitSeconds ? { ...breakdown, ofLate: true } : breakdown,
    },
    {
      slo: { metric: 'accuracy', limit: 0.763, text: 'accuracy >= 76.3 %', origin: fixtureOrigin(845, 865) },
      verdict: accuracy >= 0.763 ? 'met' : 'violated',
      measured: { value: accuracy, low: accuracy - 1e-4, high: accuracy + 1e-4, confidence: 0.99 },
      limit: 0.763,
      missFraction: 1 - accuracy / 0.763,
      breakdown: null,
    },
  ];
  return {
    label: options.label,
    npu: options.npu,
    scheduler: options.burst ? 'Conservative' : 'Fifo',
    seed: options.seed ?? 7,
    seconds,
    warmupSeconds: seconds * 0.05,
    averageWatts: 112,
    caveats: [],
    wattsOverTime: { slotSeconds, values: overTime('base', (share) => 62 + 52 * share) },
    series: { buckets, bucketSeconds },
    serves: [
      {
        name: 'ResNet50',
        model: 'ResNet50',
        origin: fixtureOrigin(700, 900),
        arrivalsOrigin: fixtureOrigin(720, 745),
        warmupRequests: 0,
        offeredRps: options.ratePerSecond,
        completedRps: completed / seconds,
        goodputRps: inTime / seconds,
        counts: {
          arrived: arrivals.length,
          completed,
          queued: arrivals.length - completed,
          running: 0,
          dropped: 0,
        },
        latency: {
          mean,
          p50: quantile(all, 0.5),
          p90: quantile(all, 0.9),
          p95: quantile(all, 0.95),
          p99,
          p999: quantile(all, 0.999),
          max: all.at(-1) ?? Number.NaN,
          relativeError: 0.004,
        },
        breakdown,
        meanBatch: arrivals.length / Math.max(1, segments.filter((segment) => segment.firstLayer === 26).length),
        accuracy,
        accuracyMetric: 'top-1',
        burstShare,
        energyJoulesPerRequest: 0.0421,
        slos,
        accuracyOverTime: {
          slotSeconds,
          values: overTime('burst', (share) => 0.7647 - 0.0018 * Math.min(1, share * 1.7)),
        },
        distribution: { seconds: fractions.map((fraction) => quantile(all, fraction)), fraction: fractions },
        series,
      },
    ],
    timeline: timelineOf(segments, switches, seconds, chips),
  };
}

function timelineOf(
  segments: readonly Segment[],
  switches: readonly { at: number; toBurst: boolean; chip: number }[],
  seconds: number,
  chips: number,
): RunResult['timeline'] {
  const bucketSeconds = seconds / buckets;
  const kinds = activities.length;
  const shares = new Float32Array(chips * buckets * kinds);
  const totals = Array.from({ length: chips }, () => ({
    idle: seconds,
    base: 0,
    burst: 0,
    switching: 0,
    quantizing: 0,
  }));
  for (const segment of segments) {
    const total = totals[segment.chip];
    if (total !== undefined) {
      total[segment.activity] += segment.end - segment.start;
      total.idle -= segment.end - segment.start;
    }
    for (let b = Math.floor(segment.start / bucketSeconds); b < buckets && b * bucketSeconds < segment.end; b++) {
      const overlap = Math.min(segment.end, (b + 1) * bucketSeconds) - Math.max(segment.start, b * bucketSeconds);
      const index = (segment.chip * buckets + b) * kinds + activities.indexOf(segment.activity);
      shares[index] = (shares[index] ?? 0) + overlap / bucketSeconds;
    }
  }
  for (let row = 0; row < chips * buckets; row++) {
    let busy = 0;
    for (let kind = 1; kind < kinds; kind++) busy += shares[row * kinds + kind] ?? 0;
    shares[row * kinds] = Math.max(0, 1 - busy);
  }
  const windowEndSeconds = Math.min(seconds, 2);
  const inside = segments.filter((segment) => segment.start < windowEndSeconds);
  return {
    chips,
    totals,
    overview: { buckets, bucketSeconds, shares },
    segments: {
      windowStartSeconds: 0,
      windowEndSeconds,
      startSeconds: Float64Array.from(inside, (segment) => segment.start),
      endSeconds: Float64Array.from(inside, (segment) => segment.end),
      chip: Uint16Array.from(inside, (segment) => segment.chip),
      activity: Uint8Array.from(inside, (segment) => activities.indexOf(segment.activity)),
      serve: Uint16Array.from(inside, (segment) => (segment.activity === 'switching' ? 65535 : 0)),
      batchSize: Uint16Array.from(inside, (segment) => segment.batch),
      firstLayer: Uint16Array.from(inside, (segment) => segment.firstLayer),
      lastLayer: Uint16Array.from(inside, (segment) => segment.lastLayer),
    },
    switches: {
      total: switches.length,
      startSeconds: Float64Array.from(switches, (change) => change.at),
      toBurst: Uint8Array.from(switches, (change) => (change.toBurst ? 1 : 0)),
      chip: Uint16Array.from(switches, (change) => change.chip),
    },
  };
}
