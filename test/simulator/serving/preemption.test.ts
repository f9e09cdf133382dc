import { describe, expect, test } from 'vitest';
import type { Arrivals } from '../../../design/index.ts';
import type { RunInput } from '../../../simulator/serving/index.ts';
import { latencySlo, origin, run, type ServeOptions, serve } from './fixtures.ts';

/*
 * The batch that is interrupted. Each of two chips computes a batch with ten layers of one second. In the middle of the first
 * layer, a more urgent request arrives that takes one second. It starts after the first layer, at 1 s, on the chip whose
 * batch is less urgent.
 */

const at = (...times: readonly number[]): Arrivals => ({
  kind: 'trace',
  path: 'x.csv',
  speedup: 1,
  timesSeconds: Float64Array.from(times),
  origin,
});

function latencies(order: RunInput['order'], options: readonly ServeOptions[], chips = 2): readonly number[] {
  const result = run({
    order,
    preemption: 'layer',
    chips,
    warmupFraction: 0,
    duration: { kind: 'auto', maxRequests: 1000 },
    serves: options.map((each) => serve({ layers: 10, seconds: 10, arrivals: at(0), ...each })),
  });
  return result.serves.map(({ latency }) => latency.max);
}

const short: ServeOptions = { layers: 1, seconds: 1, arrivals: at(0.5) };

describe('preemption stops the least urgent batch', () => {
  test.each<[string, RunInput['order'], readonly ServeOptions[], readonly number[]]>([
    ['the lower priority', 'priority', [{ priority: 1 }, { priority: 5 }, { ...short, priority: 9 }], [11, 10, 1.5]],
    [
      'the lower priority, second in the file',
      'priority',
      [{ priority: 5 }, { priority: 1 }, { ...short, priority: 9 }],
      [10, 11, 1.5],
    ],
    [
      'the later deadline',
      'edf',
      [{ slos: [latencySlo(0.99, 100)] }, { slos: [latencySlo(0.99, 50)] }, { ...short, slos: [latencySlo(0.99, 5)] }],
      [11, 10, 1.5],
    ],
    ['the longer remaining work', 'sjf', [{ seconds: 20 }, {}, short], [21, 10, 2.5]],
    [
      'none if both are more urgent',
      'priority',
      [{ priority: 5 }, { priority: 6 }, { ...short, priority: 1 }],
      [10, 10, 10.5],
    ],
    [
      'only the one that is less urgent than the request',
      'priority',
      [{ priority: 9 }, { priority: 1 }, { ...short, priority: 5 }],
      [10, 11, 1.5],
    ],
  ])('%s', (_, order, options, expected) => {
    expect(latencies(order, options)).toEqual(expected.map((seconds) => expect.closeTo(seconds, 9)));
  });
});

test('the most urgent of the interrupted batches resumes first', () => {
  const [low, middle, high] = latencies(
    'priority',
    [{ priority: 1 }, { priority: 5, arrivals: at(0.5) }, { ...short, priority: 9, arrivals: at(1.5) }],
    1,
  );
  // The low priority runs from 0 to 1 and from 12 to 21, the middle one from 1 to 2 and from 3 to 12, the high one from
  // 2 to 3.
  expect([low, middle, high]).toEqual([21, 11.5, 1.5].map((seconds) => expect.closeTo(seconds, 9)));
});
