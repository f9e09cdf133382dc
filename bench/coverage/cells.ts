import type { Arrivals } from '../../design/index.ts';
import type { BlockSource, RandomStream, RunInput } from '../../simulator/serving/index.ts';
import { exponentialService, origin, poisson, serve } from '../../test/simulator/serving/fixtures.ts';
import { md1WaitQuantile, mmk } from '../../test/simulator/serving/queueing-theory.ts';
import { DiscreteServiceQueue } from './discrete-service.ts';
import { type Modulated, ModulatedQueue } from './modulated.ts';
import type { Figures, Sample } from './sample.ts';
import { batchQueue, priorityQueue } from './witness.ts';

/** The mean and the 99th percentile of the latency, in seconds. */
export interface Truth {
  readonly mean: number;
  readonly p99: number;
}

/** A kind of queue: its input for the simulator, the serve that is judged, and the source of its true values. */
export interface Queue {
  readonly name: string;
  /** A description for the table. */
  readonly what: string;
  readonly judged: number;
  readonly input: (load: number) => Partial<RunInput> & Pick<RunInput, 'serves'>;
  readonly truth:
    | { readonly from: 'theory'; readonly at: (load: number) => Truth }
    /** A long run of the loops in witness.ts, kept in truths.json. */
    | { readonly from: 'witness'; readonly run: (load: number, requests: number, seed: number) => Sample };
}

export const loads = [0.5, 0.8, 0.9, 0.95] as const;

/** A factor of the service time, one of a few constants. */
function mixture(choices: readonly (readonly [share: number, scale: number])[]) {
  const draw = (random: RandomStream): number => {
    let left = random.uniform();
    for (const [share, scale] of choices) {
      left -= share;
      if (left < 0) return scale;
    }
    return choices.at(-1)?.[1] ?? 1;
  };
  const source = (random: RandomStream): BlockSource => ({
    fill: (target, from, to) => {
      for (let i = from; i < to; i++) target[i] = draw(random);
      return to - from;
    },
  });
  return { mean: choices.reduce((sum, [share, scale]) => sum + share * scale, 0), source };
}

const two = [
  [0.9, 1],
  [0.1, 4],
] as const;
const three = [
  { share: 0.5, seconds: 0.5 },
  { share: 0.4, seconds: 1 },
  { share: 0.1, seconds: 4 },
] as const;
const meanOfThree = three.reduce((sum, { share, seconds }) => sum + share * seconds, 0);

const highShare = 0.4;
const rates = (load: number): readonly [number, number] => [load * highShare, load * (1 - highShare)];

const batchOf = { most: 8, seconds: (size: number) => 0.36 + 0.08 * size };

/** Traffic with the mean rate `load`. Its rate in busy phases is `peak` times the mean rate. */
function modulated(load: number, quiet: number, busy: number, peak: number): Modulated {
  const high = peak * load;
  return { low: (load * (quiet + busy) - high * busy) / quiet, high, quiet, busy };
}
const frequent = (load: number) => modulated(load, 30, 10, 2.2);
const rare = (load: number) => modulated(load, 3600, 400, 3.25);

function bursty({ low, high, quiet, busy }: Modulated): Arrivals {
  return {
    kind: 'bursty',
    lowRatePerSecond: low,
    highRatePerSecond: high,
    meanLowSeconds: quiet,
    meanHighSeconds: busy,
    origin,
  };
}

const priorities: Queue['input'] = (load) => ({
  order: 'priority',
  serves: rates(load).map((rate, at) => serve({ name: `Class${at}`, arrivals: poisson(rate), priority: 1 - at })),
});

export const queues: readonly Queue[] = [
  {
    name: 'M/M/1',
    what: 'exponential service',
    judged: 0,
    input: (load) => ({ serves: [serve({ arrivals: poisson(load), serviceScale: exponentialService })] }),
    truth: { from: 'theory', at: (load) => ofMmk(1, load) },
  },
  {
    name: 'M/M/4',
    what: 'four chips behind one queue, exponential service',
    judged: 0,
    input: (load) => ({ chips: 4, serves: [serve({ arrivals: poisson(4 * load), serviceScale: exponentialService })] }),
    truth: { from: 'theory', at: (load) => ofMmk(4, 4 * load) },
  },
  {
    name: 'M/D/1',
    what: 'constant service',
    judged: 0,
    input: (load) => ({ serves: [serve({ arrivals: poisson(load) })] }),
    truth: {
      from: 'theory',
      at: (load) => ({ mean: 1 + load / (2 * (1 - load)), p99: 1 + md1WaitQuantile(load, 0.99) }),
    },
  },
  {
    name: 'M/G/1, two times',
    what: 'one service in ten takes four times as long',
    judged: 0,
    input: (load) => {
      const scale = mixture(two);
      return { serves: [serve({ arrivals: poisson(load / scale.mean), serviceScale: scale })] };
    },
    truth: {
      from: 'theory',
      at: (load) => {
        const { mean } = mixture(two);
        const queue = new DiscreteServiceQueue(
          load / mean,
          two.map(([share, seconds]) => ({ share, seconds })),
        );
        return { mean: mean + queue.meanWait, p99: queue.latencyQuantile(0.99) };
      },
    },
  },
  {
    name: 'M/G/1, three times',
    what: 'three networks that take 0.5, 1 and 4, first come, first served; the second is judged',
    judged: 1,
    input: (load) => ({
      serves: three.map(({ share, seconds }, at) =>
        serve({ name: `Net${at}`, model: at, seconds, arrivals: poisson((share * load) / meanOfThree) }),
      ),
    }),
    truth: {
      from: 'theory',
      at: (load) => {
        const queue = new DiscreteServiceQueue(load / meanOfThree, three);
        return { mean: 1 + queue.meanWait, p99: queue.latencyQuantile(0.99, 1) };
      },
    },
  },
  {
    name: 'priority, first class',
    what: 'two classes, 40 % of the requests have priority, no preemption',
    judged: 0,
    input: priorities,
    truth: { from: 'witness', run: (load, requests, seed) => priorityQueue(rates(load), requests, seed)[0] },
  },
  {
    name: 'priority, second class',
    what: 'the other 60 %',
    judged: 1,
    input: priorities,
    truth: { from: 'witness', run: (load, requests, seed) => priorityQueue(rates(load), requests, seed)[1] },
  },
  {
    name: 'batches of up to 8',
    what: 'a batch of b takes 0.36 + 0.08 b; load 1 is full batches all the time',
    judged: 0,
    input: (load) => ({
      serves: [
        serve({
          arrivals: poisson(load * batchOf.most),
          batch: { maxSize: batchOf.most, timeoutSeconds: 0 },
          batchCost: batchOf.seconds,
        }),
      ],
    }),
    truth: {
      from: 'witness',
      run: (load, requests, seed) => batchQueue({ ...batchOf, rate: load * batchOf.most }, requests, seed),
    },
  },
  {
    name: 'MMPP/D/1, frequent bursts',
    what: 'phases of 30 and 10 services, the second at 2.2 times the mean rate',
    judged: 0,
    input: (load) => ({ serves: [serve({ arrivals: bursty(frequent(load)) })] }),
    truth: { from: 'theory', at: (load) => ofModulated(frequent(load)) },
  },
  {
    name: 'MMPP/D/1, rare bursts',
    what: 'phases of 3,600 and 400 services, the second at 3.25 times the mean rate',
    judged: 0,
    input: (load) => ({ serves: [serve({ arrivals: bursty(rare(load)) })] }),
    truth: { from: 'theory', at: (load) => ofModulated(rare(load)) },
  },
];

function ofMmk(servers: number, load: number): Truth {
  const { mean, quantile } = mmk(servers, load);
  return { mean, p99: quantile(0.99) };
}

function ofModulated(arrivals: Modulated): Truth {
  const queue = new ModulatedQueue(arrivals);
  return { mean: queue.meanLatency, p99: queue.latencyQuantile(0.99) };
}

/** The results of witness.ts with their standard errors, by queue and load. */
export type Truths = Readonly<Record<string, Readonly<Record<string, Figures & { readonly requests: number }>>>>;
