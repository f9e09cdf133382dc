import { type Activity, activities, type RunResult, type ServeResult } from '../../design/index.ts';

export interface SmallSegment {
  readonly start: number;
  readonly end: number;
  readonly activity: Activity;
  readonly chip?: number;
  /** 65535 means no model. */
  readonly serve?: number;
  readonly layers?: readonly [number, number];
}

const origin = { uri: 'test.npu', start: 0, end: 0 };

function serve(name: string, queued: readonly number[]): ServeResult {
  const column = (values: readonly number[]) => Float64Array.from(values);
  const zero = queued.map(() => 0);
  return {
    name,
    model: 'ResNet50',
    origin,
    arrivalsOrigin: origin,
    warmupRequests: 0,
    offeredRps: 0,
    completedRps: 0,
    goodputRps: 0,
    counts: { arrived: 0, completed: 0, queued: 0, running: 0, dropped: 0 },
    latency: { mean: 0, p50: 0, p90: 0, p95: 0, p99: 0, p999: 0, max: 0, relativeError: 0 },
    breakdown: {
      queueSeconds: 0,
      batchingSeconds: 0,
      switchSeconds: 0,
      serviceSecondsByBound: { compute: 0, vector: 0, vmem: 0, cmem: 0, hbm: 0, quantizer: 0, dispatch: 0 },
    },
    meanBatch: 1,
    accuracy: null,
    accuracyMetric: null,
    burstShare: 0,
    energyJoulesPerRequest: null,
    slos: [],
    distribution: { seconds: new Float64Array(0), fraction: new Float64Array(0) },
    series: {
      arrived: column(queued.map((_, index) => index + 1)),
      completed: column(queued.map((_, index) => index)),
      completedInTime: column(zero),
      p50Seconds: column(queued.map((_, index) => (index === 0 ? Number.NaN : 0.25))),
      p99Seconds: column(zero),
      maxSeconds: column(zero),
      queued: column(queued),
      maxQueued: column(zero),
    },
  };
}

/** A run of two buckets of half a second, with the segments of the test. */
export function smallRun(label: string, segments: readonly SmallSegment[], serveName = 'main "hall"'): RunResult {
  const chips = Math.max(1, ...segments.map((segment) => (segment.chip ?? 0) + 1));
  const ints = (pick: (segment: SmallSegment) => number) => Uint16Array.from(segments.map(pick));
  return {
    label,
    npu: 'Stimpack',
    scheduler: 'Conservative',
    seed: 1,
    seconds: 1,
    warmupSeconds: 0,
    serves: [serve(serveName, [2, 0.5])],
    timeline: {
      chips,
      totals: [],
      overview: {
        buckets: 1,
        bucketSeconds: 1,
        shares: Float32Array.from({ length: chips * activities.length }, (_, at) => (at % 5 === 1 ? 0.5 : 0)),
      },
      segments: {
        windowStartSeconds: 0,
        windowEndSeconds: 1,
        startSeconds: Float64Array.from(segments.map((segment) => segment.start)),
        endSeconds: Float64Array.from(segments.map((segment) => segment.end)),
        chip: ints((segment) => segment.chip ?? 0),
        activity: Uint8Array.from(segments.map((segment) => activities.indexOf(segment.activity))),
        serve: ints((segment) => segment.serve ?? 0),
        batchSize: ints(() => 4),
        firstLayer: ints((segment) => segment.layers?.[0] ?? 0),
        lastLayer: ints((segment) => segment.layers?.[1] ?? 0),
      },
      switches: { total: 1, startSeconds: Float64Array.of(0.25), toBurst: Uint8Array.of(1), chip: Uint16Array.of(0) },
    },
    series: { buckets: 2, bucketSeconds: 0.5 },
    averageWatts: null,
    caveats: [],
  };
}
