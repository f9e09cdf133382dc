import type { Arrivals, Origin, Slo } from '../../../design/index.ts';
import type { ServiceTable } from '../../../simulator/service-table.ts';
import {
  type BlockSource,
  type RandomStream,
  type RunInput,
  type ServeInput,
  simulateRun,
} from '../../../simulator/serving/index.ts';

/* Runs on chips that have only service times, written by hand. */

export const origin: Origin = { uri: 'test:', start: 0, end: 0 };

export function poisson(ratePerSecond: number): Arrivals {
  return { kind: 'poisson', ratePerSecond, origin };
}

export function latencySlo(fraction: number, limitSeconds: number): Slo {
  const text = `p${fraction * 100} latency <= ${limitSeconds} s`;
  return { metric: 'latency', statistic: { kind: 'percentile', fraction }, limitSeconds, text, origin };
}

/** Each layer takes the same time, wherever its weights are. Burst mode is `speedup` times as fast. */
export function table(batch: number, layers: number, seconds: number, speedup = 2): ServiceTable {
  const cells = new Float64Array(layers * 6);
  for (let layer = 0; layer < layers; layer++) {
    for (let state = 0; state < 3; state++) {
      cells[layer * 6 + state] = seconds / layers;
      cells[layer * 6 + 3 + state] = seconds / layers / speedup;
    }
  }
  return { batch, layerCount: layers, seconds: cells, bound: new Uint8Array(layers * 6), joules: null };
}

export interface ServeOptions extends Partial<ServeInput> {
  readonly layers?: number;
  readonly seconds?: number;
  /** Seconds of a batch of b, divided by those of a batch of one. 1: a batch takes no longer than one request. */
  readonly batchCost?: (size: number) => number;
  readonly speedup?: number;
}

export function serve(options: ServeOptions = {}): ServeInput {
  const { layers = 1, seconds = 1, batchCost = (size) => size, speedup = 2, ...rest } = options;
  const batch = options.batch ?? { maxSize: 1, timeoutSeconds: 0 };
  return {
    name: 'Net',
    modelName: 'Net',
    origin,
    arrivals: poisson(0.5),
    batch,
    priority: 0,
    slos: [],
    accuracy: { metric: 'top-1', base: 0.8, burst: 0.7 },
    model: 0,
    tables: Array.from({ length: batch.maxSize }, (_, i) => table(i + 1, layers, seconds * batchCost(i + 1), speedup)),
    ...rest,
  };
}

export function input(options: Partial<RunInput> = {}): RunInput {
  return {
    label: 'test',
    npuName: 'Npu',
    schedulerName: 'Scheduler',
    chips: 1,
    order: 'fifo',
    burst: { kind: 'never' },
    switchAt: 'layer',
    preemption: 'none',
    canBurst: true,
    quantizedSource: 'on-chip',
    switchLatencySeconds: 0,
    residency: null,
    staticWatts: null,
    serves: [serve()],
    duration: { kind: 'requests', count: 100_000 },
    warmupFraction: 0.1,
    confidence: 0.99,
    seed: 1,
    ...options,
  };
}

export function run(options: Partial<RunInput> = {}) {
  const result = simulateRun(input(options));
  if (result === undefined) throw new Error('the run was cancelled');
  return result;
}

export function first<T>(items: readonly T[]): T {
  const [item] = items;
  if (item === undefined) throw new Error('empty');
  return item;
}

class Scales implements BlockSource {
  private readonly draw: () => number;
  constructor(draw: () => number) {
    this.draw = draw;
  }
  fill(target: Float64Array, from: number, to: number): number {
    for (let i = from; i < to; i++) target[i] = this.draw();
    return to - from;
  }
}

export const exponentialService = {
  mean: 1,
  source: (random: RandomStream): BlockSource => new Scales(() => random.exponential()),
};

/** The factor of the service time: `scale` for a `fraction` of the batches, 1 for the others. */
export const mixedService = (fraction: number, scale: number) => ({
  mean: 1 + fraction * (scale - 1),
  source: (random: RandomStream): BlockSource => new Scales(() => (random.uniform() < fraction ? scale : 1)),
});
