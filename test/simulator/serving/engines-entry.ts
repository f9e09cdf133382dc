import type { Arrivals, BurstPolicy, Scenario } from '../../../design/index.ts';
import { capacity, simulateScenario } from '../../../simulator/index.ts';
import { bertLarge, plainTpu, resnet50, stimpack } from '../hardware/fixtures.ts';
import { exponentialService, latencySlo, origin, poisson, run, serve } from './fixtures.ts';

/*
 * The results of runs with every generator, order, policy and statistic, as one text. It must be the same on every
 * platform.
 */

const columns = (_: string, value: unknown) =>
  ArrayBuffer.isView(value) ? Array.from(value as unknown as ArrayLike<number>) : Object.is(value, -0) ? '-0' : value;

const arrivals: readonly Arrivals[] = [
  poisson(0.8),
  { kind: 'constant', ratePerSecond: 0.9, origin },
  { kind: 'bursty', lowRatePerSecond: 0.2, highRatePerSecond: 3, meanLowSeconds: 20, meanHighSeconds: 7, origin },
  { kind: 'diurnal', ratePerSecond: 0.8, amplitude: 0.7, periodSeconds: 300, origin },
  { kind: 'loadgen', ratePerSecond: 0.8, seed: '16159082839903944936', origin },
];
const policies: readonly BurstPolicy[] = [
  { kind: 'never' },
  { kind: 'always' },
  { kind: 'queue', threshold: 3 },
  { kind: 'slack', guardFraction: 0.05, holdSeconds: 2 },
  { kind: 'oracle' },
];

function* texts(): Generator<string> {
  let seed = 1;
  for (const each of arrivals) {
    for (const burst of policies) {
      const order = (['fifo', 'edf', 'sjf', 'priority'] as const)[seed % 4] ?? 'fifo';
      const options = { arrivals: each, layers: 7, speedup: 1.7, slos: [latencySlo(0.99, 9)] };
      const serves = [
        serve({ ...options, batch: { maxSize: 4, timeoutSeconds: 0.3 }, batchCost: (size) => 0.4 + 0.6 * size }),
        serve({ ...options, arrivals: poisson(0.1), name: 'Other', serviceScale: exponentialService, priority: 2 }),
      ];
      const preemption = seed % 2 === 0 ? 'layer' : 'none';
      yield JSON.stringify(
        run({
          serves,
          burst,
          order,
          preemption,
          chips: 1 + (seed % 3 === 0 ? 1 : 0),
          switchLatencySeconds: 0.01,
          duration: { kind: 'requests', count: 800 },
          seed: seed++,
        }),
        columns,
      );
    }
  }
  const scenario: Scenario = {
    name: 'Rush',
    origin,
    npu: stimpack,
    chips: 1,
    scheduler: {
      name: 'Slack',
      origin,
      order: 'edf',
      burst: { kind: 'slack', guardFraction: 0.05, holdSeconds: 2e-3 },
      switchAt: 'layer',
      preemption: 'none',
    },
    serves: [
      {
        name: 'ResNet50',
        model: resnet50(),
        arrivals: poisson(4000),
        batch: { maxSize: 4, timeoutSeconds: 1e-3 },
        priority: 0,
        slos: [latencySlo(0.99, 15e-3)],
        origin,
      },
      {
        name: 'Bert',
        model: bertLarge(),
        arrivals: poisson(40),
        batch: { maxSize: 1, timeoutSeconds: 0 },
        priority: 0,
        slos: [latencySlo(0.99, 130e-3)],
        origin,
      },
    ],
    compare: [],
    duration: { kind: 'auto', maxRequests: 16_384 },
    warmupFraction: 0.1,
    confidence: 0.99,
    seed: 7,
  };
  const scheduler = { ...scenario.scheduler, name: 'Never', burst: { kind: 'never' } } as const;
  yield JSON.stringify(
    simulateScenario({ ...scenario, compare: [{ label: 'plain', npu: plainTpu, scheduler, origin }] }),
    columns,
  );
  yield JSON.stringify(capacity(scenario, { tolerance: 0.02 }), columns);
}

/** One line for each run. */
export function results(): string {
  return `${[...texts()].join('\n')}\n`;
}
