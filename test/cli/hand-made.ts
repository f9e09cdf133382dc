import type { Interrupts } from '../../cli/interrupts.ts';
import type { Look } from '../../cli/terminal.ts';
import {
  activities,
  type Bound,
  type Capacity,
  type CapacityProbe,
  type Caveat,
  type Diagnostic,
  type LayerCost,
  type ModelCost,
  type Origin,
  type RunResult,
  type ScenarioResult,
  type ServeResult,
  type SloOutcome,
  type Verdict,
} from '../../design/index.ts';

/** Hand-made results, so that tests of the output need no engine. The numbers have no meaning. */
export const uri = 'file:///designs/rush.npu';

export const origin = (start = 0, end = start + 1): Origin => ({ uri, start, end });

export const pipe: Look = { colour: false, plots: false, unicode: true, width: Number.POSITIVE_INFINITY };
export const terminalOf = (width: number, colour = false): Look => ({ colour, plots: true, unicode: true, width });

const byBound = (compute: number, hbm: number): Readonly<Record<Bound, number>> => ({
  compute,
  vector: 0,
  vmem: 0,
  cmem: 0,
  hbm,
  quantizer: 0,
  dispatch: 0,
});

/** For work that no signal stops. */
export const noInterrupts: Interrupts = {
  during: (work) => work(new AbortController().signal),
  exitCode: undefined,
};

/** Latencies with a minimum of 2 ms, an exponential tail and a mean of 5 ms. */
const distribution = (() => {
  const points = 400;
  const fraction = Float64Array.from({ length: points }, (_, i) => (i + 1) / points);
  const seconds = fraction.map((f) => 0.002 - 0.003 * Math.log(1 - Math.min(f, 0.9999)));
  return { seconds, fraction };
})();

const wave = (buckets: number, low: number, high: number): Float64Array =>
  Float64Array.from({ length: buckets }, (_, i) => low + ((high - low) * (1 + Math.sin(i / 9))) / 2);

export function serveOf(name: string, verdict: Verdict, measured: number): ServeResult {
  const buckets = 200;
  const parts = {
    queueSeconds: 0.0021,
    batchingSeconds: 0.0004,
    switchSeconds: 0.00002,
    serviceSecondsByBound: byBound(0.0019, 0.0006),
  };
  return {
    name,
    model: 'ResNet50',
    origin: origin(),
    arrivalsOrigin: origin(),
    warmupRequests: 0,
    offeredRps: 2400,
    completedRps: 2398.5,
    goodputRps: 2371,
    counts: { arrived: 60000, completed: 59990, queued: 6, running: 4, dropped: 0 },
    latency: {
      mean: 0.00502,
      p50: 0.00408,
      p90: 0.0089,
      p95: 0.011,
      p99: 0.0158,
      p999: 0.0227,
      max: 0.0296,
      relativeError: 0.004,
    },
    breakdown: parts,
    meanBatch: 3.21,
    accuracy: 0.76412,
    accuracyMetric: 'top-1',
    burstShare: 0.123,
    energyJoulesPerRequest: 0.0412,
    slos: [
      {
        slo: {
          metric: 'latency',
          statistic: { kind: 'percentile', fraction: 0.99 },
          limitSeconds: 0.015,
          text: 'p99 latency <= 15 ms',
          origin: origin(),
        },
        verdict,
        measured: { value: measured, low: measured * 0.98, high: measured * 1.02, confidence: 0.99 },
        limit: 0.015,
        missFraction: measured / 0.015 - 1,
        breakdown: { ...parts, ofLate: true },
      },
      {
        slo: { metric: 'accuracy', limit: 0.763, text: 'accuracy >= 76.3 %', origin: origin() },
        verdict: 'met',
        measured: { value: 0.76412, low: Number.NaN, high: Number.NaN, confidence: 0.99 },
        limit: 0.763,
        missFraction: (0.763 - 0.76412) / 0.763,
        breakdown: null,
      },
    ],
    distribution,
    series: {
      arrived: wave(buckets, 1, 2),
      completed: wave(buckets, 1, 2),
      completedInTime: wave(buckets, 1, 2),
      p50Seconds: wave(buckets, 0.003, 0.006),
      p99Seconds: wave(buckets, 0.004, 0.02),
      maxSeconds: wave(buckets, 0.005, 0.03),
      queued: wave(buckets, 0, 9),
      maxQueued: wave(buckets, 0, 30),
    },
  };
}

/** An outcome that is met in the run, but undecided because of caveats. */
export function openOutcome(outcome: SloOutcome, caveats: readonly Caveat[]): SloOutcome {
  return { ...outcome, verdict: 'undecided', undecided: 'caveat', open: { verdict: 'met', caveats } };
}

export function runOf(label: string, serves: readonly ServeResult[], chips = 1): RunResult {
  const buckets = 120;
  const shares = new Float32Array(chips * buckets * activities.length);
  for (let cell = 0; cell < chips * buckets; cell++) {
    const burst = Math.max(0, Math.sin(cell / 9)) * 0.6;
    shares[cell * activities.length + activities.indexOf('burst')] = burst;
    shares[cell * activities.length + activities.indexOf('base')] = 0.9 - burst;
  }
  return {
    label,
    npu: 'Stimpack',
    scheduler: 'Conservative',
    seed: 1,
    seconds: 25,
    warmupSeconds: 2.5,
    serves,
    timeline: {
      chips,
      totals: Array.from({ length: chips }, () => ({ idle: 6, base: 14, burst: 4.5, switching: 0.1, quantizing: 0.4 })),
      overview: { buckets, bucketSeconds: 25 / buckets, shares },
      segments: {
        windowStartSeconds: 0,
        windowEndSeconds: 0,
        startSeconds: new Float64Array(0),
        endSeconds: new Float64Array(0),
        chip: new Uint16Array(0),
        activity: new Uint8Array(0),
        serve: new Uint16Array(0),
        batchSize: new Uint16Array(0),
        firstLayer: new Uint16Array(0),
        lastLayer: new Uint16Array(0),
      },
      switches: {
        total: 1234,
        startSeconds: new Float64Array(0),
        toBurst: new Uint8Array(0),
        chip: new Uint16Array(0),
      },
    },
    series: { buckets: 200, bucketSeconds: 0.125 },
    averageWatts: 98.7,
    caveats: [],
  };
}

export function scenarioResult(verdict: Verdict = 'violated', measured = 0.0158): ScenarioResult {
  return {
    scenario: 'Rush',
    origin: origin(),
    main: runOf('Rush', [serveOf('ResNet50', verdict, measured)]),
    variants: [runOf('TPUv4i', [serveOf('ResNet50', 'violated', 0.021)])],
    layers: [],
  };
}

export function layerCost(layer: string, cycles: number, bound: Bound, changes: Partial<LayerCost> = {}): LayerCost {
  return {
    layer,
    origin: origin(),
    kind: 'conv',
    m: 12544,
    n: 64,
    k: 147,
    groups: 1,
    macs: 118_013_952,
    parameters: 9472,
    computeCycles: cycles,
    vectorCycles: 392,
    memoryCycles: 1204,
    hbmCycles: 0,
    quantizeCycles: 0,
    cycles,
    bound,
    runnerUp: { bound: 'cmem', ratio: 5.2 },
    gain: null,
    utilization: 0.287,
    hbmBytes: 0,
    cmemBytes: 18944,
    vmemBytes: 1_906_688,
    weightBytes: 18944,
    resident: true,
    residentShare: 1,
    prefetchedBytes: 0,
    operationalIntensity: Number.POSITIVE_INFINITY,
    explanation: 'bound by the arrays, 1.2 times the next stage',
    energyJoules: 0.0001,
    ...changes,
  };
}

export const modelCost: ModelCost = {
  model: 'ResNet50',
  npu: 'Stimpack',
  mode: 'base',
  batch: 1,
  parts: [1],
  layers: [
    layerCost('conv1', 6272, 'compute'),
    layerCost('pool1', 784, 'vector', {
      kind: 'pool',
      m: 0,
      n: 0,
      k: 0,
      macs: 0,
      parameters: 0,
      computeCycles: 0,
      utilization: 0,
    }),
    layerCost('relu1', 0, 'compute', {
      kind: 'activation',
      m: 0,
      n: 0,
      k: 0,
      macs: 0,
      parameters: 0,
      vectorCycles: 0,
      memoryCycles: 0,
      utilization: 0,
    }),
    layerCost('stage2.block1.conv1', 3136, 'hbm', {
      runnerUp: null,
      hbmBytes: 1000,
      operationalIntensity: 12.5,
      groups: 32,
    }),
  ],
  cycles: 10192,
  seconds: 9.7e-6,
  ridgeMacsPerHbmByte: 112,
  macs: 236_027_904,
  parameters: 18944,
  energyJoules: 0.0003,
};

export function diagnosticAt(start: number, end: number, changes: Partial<Diagnostic> = {}): Diagnostic {
  return {
    code: 'unknown-property',
    severity: 'error',
    message: 'no such property',
    origin: origin(start, end),
    ...changes,
  };
}

/** The load as written is 2000 requests a second. The largest load that is met is `factor` times that. */
export function capacityResult(factor: number): Capacity {
  const probe = (at: number, verdict: Verdict): CapacityProbe => ({
    factor: at,
    offeredRps: 2000 * at,
    verdict,
    requests: 16_384,
  });
  const low = probe(factor, 'met');
  const high = probe(1.2 * factor, 'violated');
  const small = probe(0.1, 'violated');
  const slo = {
    metric: 'latency',
    statistic: { kind: 'percentile', fraction: 0.99 },
    limitSeconds: 0.015,
    text: 'p99 latency <= 15 ms',
    origin: origin(),
  } as const;
  return {
    scenario: 'Rush',
    origin: origin(),
    npu: 'Stimpack',
    scheduler: 'Conservative',
    low,
    high,
    limit: { serve: 'ResNet50', slo, measured: 0.016, verdict: 'violated' },
    exceptions: [small],
    probes: [small, low, high],
    caveats: [],
  };
}
