import type { Model, Scenario, Serve } from '../../../design/index.ts';
import { ModelBuilder, stimpack } from '../hardware/fixtures.ts';
import { latencySlo, origin, poisson } from '../serving/fixtures.ts';

/** A network with a few convolutions, so that a run is fast. */
export function tinyModel(filters: readonly number[] = [128, 256, 512]): Model {
  const net = new ModelBuilder('Tiny', [56, 56, 64]);
  for (const [layer, count] of filters.entries()) net.conv(count, 3, layer < 2 ? { stride: 2 } : {});
  return { ...net.build(), accuracy: { metric: 'top-1', byPrecision: { bf16: 0.76, int8: 0.75 } } };
}

const tiny = tinyModel();

export function tinyServe(options: Partial<Serve> = {}): Serve {
  return {
    name: 'Tiny',
    model: tiny,
    arrivals: poisson(20_000),
    batch: { maxSize: 4, timeoutSeconds: 0 },
    priority: 0,
    slos: [latencySlo(0.99, 1e-3)],
    origin,
    ...options,
  };
}

export function tinyScenario(options: Partial<Scenario> = {}): Scenario {
  return {
    name: 'S',
    origin,
    npu: stimpack,
    chips: 1,
    scheduler: {
      name: 'Q',
      origin,
      order: 'fifo',
      burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2e-4 },
      switchAt: 'layer',
      preemption: 'none',
    },
    serves: [tinyServe()],
    compare: [],
    duration: { kind: 'requests', count: 4000 },
    warmupFraction: 0.1,
    confidence: 0.99,
    seed: 1,
    ...options,
  };
}
