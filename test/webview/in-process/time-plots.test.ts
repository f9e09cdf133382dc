import { describe, expect, test } from 'vitest';
import { activities } from '../../../protocol/index.ts';
import { ratesOf } from '../../../webview/model/shown.ts';
import { listsAllSwitches, switchDensity } from '../../../webview/plots/timeline/switch-density.ts';
import { indexTimeline } from '../../../webview/plots/timeline/timeline-index.ts';
import { fixtureResults } from '../fixtures.ts';

/* What plots over time draw where a bucket or a list ends early. */

test.each<[string, number, readonly number[]]>([
  ['a whole last bucket', 4, [50, 50]],
  ['half of a bucket: its rate is that of the half', 3, [50, 100]],
  ['too little of a bucket for a rate', 2.3, [50, Number.NaN]],
])('%s', (_, seconds, expected) => {
  expect([...ratesOf({ seconds, series: { bucketSeconds: 2 } }, [100, 100])]).toEqual(expected);
});

describe('the strip of mode changes', () => {
  const main = fixtureResults()[0]?.main;
  if (main === undefined) throw new Error('no fixture');
  const index = indexTimeline(main.timeline, main.timeline.segments);
  const window = { startSeconds: 0, endSeconds: main.seconds };
  const { switches, overview } = main.timeline;

  test('counts every listed change once, relative to the fullest part', () => {
    expect(listsAllSwitches(main, window)).toBe(true);
    const density = switchDensity(main, index, 0, window, 100);
    const counts = new Array<number>(100).fill(0);
    for (const at of switches.startSeconds) {
      const bin = Math.min(99, Math.floor((at / main.seconds) * 100));
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const most = Math.max(...counts);
    expect([...density]).toEqual(counts.map((count) => count / most));
    expect(switches.startSeconds.length).toBeGreaterThan(10);
  });

  test('does not thin out where the list of changes ends', () => {
    const few = { ...switches, startSeconds: switches.startSeconds.slice(0, 3), total: switches.total };
    // The chip changes its mode at an even rate, whatever the list contains.
    const shares = new Float32Array(overview.shares.length);
    for (let bucket = 0; bucket < overview.buckets; bucket++) {
      shares[bucket * activities.length + activities.indexOf('switching')] = 0.01;
    }
    const run = { ...main, timeline: { ...main.timeline, switches: few, overview: { ...overview, shares } } };
    expect(listsAllSwitches(run, window)).toBe(false);
    const whole = { startSeconds: 0, endSeconds: overview.buckets * overview.bucketSeconds };
    for (const density of switchDensity(run, index, 0, whole, 50)) expect(density).toBeCloseTo(1, 5);
    const listed = { startSeconds: 0, endSeconds: (few.startSeconds.at(-1) ?? 0) / 2 };
    expect(listsAllSwitches(run, listed)).toBe(true);
  });
});
