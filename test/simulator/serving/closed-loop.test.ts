import { describe, expect, it } from 'vitest';
import type { Arrivals, Slo } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { first, latencySlo, origin, run, serve } from './fixtures.ts';

/*
 * Closed loops on chips that take one second for a batch of any size. Each expected value follows from the time of a
 * round trip.
 */

const closed = (clients: number, requestsPerQuery = 1, thinkSeconds = 0): Arrivals => ({
  kind: 'closed',
  clients,
  requestsPerQuery,
  thinkSeconds,
  origin,
});

const offline = (requests: number): Arrivals => ({
  kind: 'trace',
  path: `offline(${requests})`,
  offline: true,
  speedup: 1,
  timesSeconds: new Float64Array(requests),
  origin,
});

const largest: Slo = { metric: 'latency', statistic: { kind: 'max' }, limitSeconds: 1.5, text: 'max latency', origin };
const rate: Slo = { metric: 'throughput', limitPerSecond: 0.9, text: 'throughput', origin };

interface Case {
  readonly name: string;
  readonly arrivals: Arrivals;
  readonly chips?: number;
  /** Room of a batch, which takes as long as one request. */
  readonly room?: number;
  readonly throughput: number;
  readonly latency: number;
  readonly batch: number;
}

const cases: readonly Case[] = [
  { name: 'one client', arrivals: closed(1), throughput: 1, latency: 1, batch: 1 },
  { name: 'a client that thinks', arrivals: closed(1, 1, 3), throughput: 0.25, latency: 1, batch: 1 },
  { name: 'four clients for one chip', arrivals: closed(4), throughput: 1, latency: 4, batch: 1 },
  { name: 'four clients for two chips', arrivals: closed(4), chips: 2, throughput: 2, latency: 2, batch: 1 },
  { name: 'a chip for each client', arrivals: closed(3), chips: 3, throughput: 3, latency: 1, batch: 1 },
  { name: 'idle chips', arrivals: closed(2, 1, 1), chips: 8, throughput: 1, latency: 1, batch: 1 },
  { name: 'batches of all clients', arrivals: closed(8), room: 8, throughput: 8, latency: 1, batch: 8 },
  // The answers of one batch arrive when the next one starts, so every batch is full.
  { name: 'clients beyond the room of a batch', arrivals: closed(12), room: 8, throughput: 8, latency: 1.5, batch: 8 },
  { name: 'queries of several requests', arrivals: closed(1, 8), room: 8, throughput: 8, latency: 1, batch: 8 },
  { name: 'queries that run as two batches', arrivals: closed(1, 8), room: 4, throughput: 4, latency: 1.5, batch: 4 },
];

describe('a closed loop', () => {
  for (const { name, arrivals, chips = 1, room = 1, throughput, latency, batch } of cases) {
    it(`has the throughput and latency of its round trip: ${name}`, () => {
      const own = serve({ arrivals, batch: { maxSize: room, timeoutSeconds: 0 }, batchCost: () => 1 });
      const result = run({ chips, serves: [own], duration: { kind: 'time', seconds: 10_000 } });
      const measured = first(result.serves);
      expect(measured.completedRps).toBeCloseTo(throughput, 2);
      expect(measured.latency.mean).toBeCloseTo(latency, 2);
      expect(measured.meanBatch).toBeCloseTo(batch, 2);
    });
  }

  it('never has more requests in the system than its clients send', () => {
    const { counts } = first(
      run({ serves: [serve({ arrivals: closed(5) })], duration: { kind: 'time', seconds: 1000.5 } }).serves,
    );
    expect(counts.queued + counts.running).toBe(5);
    expect(counts.arrived).toBe(counts.completed + 5);
  });

  it('ends after a number of requests, all of them served', () => {
    const { counts } = first(
      run({ serves: [serve({ arrivals: closed(7) })], duration: { kind: 'requests', count: 100 } }).serves,
    );
    expect(counts).toMatchObject({ arrived: 100, completed: 100, queued: 0, running: 0 });
  });

  it('counts answers under preemption and with two serves', () => {
    const result = run({
      order: 'edf',
      preemption: 'layer',
      serves: [
        serve({ arrivals: closed(3), layers: 4 }),
        serve({ name: 'Urgent', arrivals: closed(2), layers: 4, slos: [latencySlo(0.9, 0.5)] }),
      ],
      duration: { kind: 'time', seconds: 1000.5 },
    });
    for (const [index, clients] of [3, 2].entries()) {
      const { counts } = result.serves[index] ?? first(result.serves);
      expect(counts.arrived - counts.completed).toBe(clients);
    }
  });

  const verdicts: readonly (readonly [string, Partial<RunInput>, Arrivals, readonly string[]])[] = [
    ['one client in one mode repeats itself', {}, closed(1), ['met', 'met', 'met']],
    [
      'one client whose chip may burst',
      { burst: { kind: 'queue', threshold: 9 } },
      closed(1),
      ['met', 'undecided', 'met'],
    ],
    ['several clients', { chips: 2 }, closed(2), ['met', 'undecided', 'met']],
    ['a late client', {}, closed(2), ['violated', 'violated', 'met']],
  ];
  it.each(verdicts)('%s', (_, options, arrivals, expected) => {
    const own = serve({ arrivals, slos: [latencySlo(0.99, 1.5), largest, rate] });
    const result = run({ ...options, serves: [own], duration: { kind: 'auto', maxRequests: 40_000 } });
    expect(first(result.serves).slos.map(({ verdict }) => verdict)).toEqual(expected);
  });

  it('is the same in every run', () => {
    const options = {
      serves: [serve({ arrivals: closed(6, 1, 0.3) })],
      duration: { kind: 'time', seconds: 50 },
    } as const;
    expect(run({ ...options, seed: 1 }).serves).toEqual(run({ ...options, seed: 1 }).serves);
  });
});

describe('offline traffic', () => {
  it('is a recording: its throughput is exact', () => {
    const own = serve({
      arrivals: offline(800),
      batch: { maxSize: 8, timeoutSeconds: 0 },
      batchCost: () => 1,
      slos: [rate],
    });
    const result = run({ serves: [own], duration: { kind: 'auto', maxRequests: 10 }, warmupFraction: 0 });
    expect(result.seconds).toBe(100);
    const [outcome] = first(result.serves).slos;
    expect(outcome).toMatchObject({ verdict: 'met', measured: { value: 8, low: 8, high: 8 } });
  });
});
