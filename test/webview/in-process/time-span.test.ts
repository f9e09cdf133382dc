import { describe, expect, test } from 'vitest';
import { pickShown, rateOver } from '../../../webview/model/shown.ts';
import { betweenMarkers, bucketsIn, meanIn, rangeIn, sumIn, withMarker } from '../../../webview/model/time-span.ts';
import { initialViewState, parseViewState } from '../../../webview/model/view-state.ts';
import { latencySpanFinding, throughputSpanFinding } from '../../../webview/text/span-findings.ts';
import { windowText } from '../../../webview/text/time-text.ts';
import { fixtureResults } from '../fixtures.ts';

const grain = { buckets: 10, bucketSeconds: 0.5 };

test.each([
  // Their difference is 883.4 ms: 0.528 s and 1.412 s as they are written are 884 ms apart.
  [0.5284, 1.4118, '0.528 s', '1.412 s', '884 ms'],
  [2.1049, 5.6151, '2.10 s', '5.62 s', '3.52 s'],
  [0, 2.52, '0.00 s', '2.52 s', '2.52 s'],
  [12.0000012, 12.0000039, '12.00000120 s', '12.00000390 s', '2.7 µs'],
])('the length from %f s to %f s agrees with the ends as they are written', (startSeconds, endSeconds, ...texts) => {
  expect(Object.values(windowText({ startSeconds, endSeconds }))).toEqual(texts);
});

describe('the buckets of a window', () => {
  test.each([
    [0, 5, 0, 9],
    [1, 2, 2, 3],
    // A bucket whose middle is outside is not counted.
    [1.3, 2.3, 3, 4],
    // A window between two middles still has a bucket.
    [1.1, 1.2, 2, 2],
    [4.9, 5, 9, 9],
  ])('%f s to %f s: %d to %d', (startSeconds, endSeconds, first, last) => {
    expect(bucketsIn(grain, { startSeconds, endSeconds })).toEqual({ first, last });
  });
});

test.each<[readonly number[], number, number, number, number]>([
  [[1, 2, 3, 4], 9, 3, 2, 4],
  // Values that do not exist.
  [[1, Number.NaN, 3, 4], 7, 3.5, 3, 4],
  [[1, Number.NaN, Number.NaN, Number.NaN], 0, Number.NaN, Number.NaN, Number.NaN],
])('the numbers of the last three of %j', (values, sum, mean, low, high) => {
  const span = { first: 1, last: 3 };
  expect(
    sumIn(
      values.map((value) => (Number.isNaN(value) ? 0 : value)),
      span,
    ),
  ).toBe(sum);
  expect(meanIn(values, span)).toBe(mean);
  expect(rangeIn(values, span)).toEqual({ low, high });
});

test('a rate over several buckets divides by the time that the run covers', () => {
  const run = { seconds: 1.75, series: { bucketSeconds: 0.5 } };
  const counts = [10, 20, 30, 15];
  expect(rateOver(run, counts, { first: 2, last: 3 })).toBe(45 / 0.75);
  expect(rateOver(run, counts, { first: 0, last: 0 })).toBe(20);
  // Half a bucket is enough for a rate, less than a quarter is not.
  expect(rateOver(run, counts, { first: 3, last: 3 })).toBe(60);
  expect(rateOver({ ...run, seconds: 1.55 }, counts, { first: 3, last: 3 })).toBeNaN();
});

test('a third mark starts again', () => {
  const two = withMarker(withMarker([], 3), 1);
  expect(betweenMarkers(two)).toEqual({ startSeconds: 1, endSeconds: 3 });
  expect(withMarker(two, 2)).toEqual([2]);
  expect(betweenMarkers([2])).toBeUndefined();
  expect(betweenMarkers([2, 2])).toBeUndefined();
});

describe('the time that legends and sentences describe', () => {
  const results = fixtureResults();
  const spanOf = (view: object) => pickShown(results, { ...initialViewState, ...view })?.span;
  const window = { startSeconds: 3, endSeconds: 5 };

  test.each<[string, object, unknown]>([
    ['the whole run', {}, undefined],
    ['the window', { window }, window],
    ['the time between two marks', { window, markers: [7, 4] }, { startSeconds: 4, endSeconds: 7 }],
    ['the window, if a mark is beyond the run', { window, markers: [4, 99] }, window],
  ])('%s', (_, view, expected) => {
    expect(spanOf(view)).toEqual(expected);
  });

  test('the sentences count only the events in that time', () => {
    const serve = results[0]?.main.serves[0];
    if (serve === undefined) throw new Error('no fixture');
    const { completed, completedInTime, maxSeconds } = serve.series;
    const late = (completed[0] ?? 0) - (completedInTime[0] ?? 0);
    const text = latencySpanFinding(serve, { first: 0, last: 0 });
    if (late > 0) expect(text).toMatch(new RegExp(`^${late} of ${completed[0]} requests`));
    else expect(text).toMatch(/No request took longer/);
    expect(maxSeconds[0]).toBeGreaterThan(0);
    expect(throughputSpanFinding({ offered: 100, completed: 90, inTime: 80 })).toBe(
      'In this time, the chip completed 90 rps, 10 rps of them too late; 100 rps were offered.',
    );
    // From the queue at the beginning.
    expect(throughputSpanFinding({ offered: 100, completed: 110, inTime: 110 })).toBe(
      'In this time, the chip completed 110 rps; 100 rps were offered.',
    );
  });
});

test.each([[4], [[1, 2, 3]], [['a']], [[-1]], [null]])('saved markers %j are ignored', (markers) => {
  expect(parseViewState({ markers }).markers).toEqual([]);
});
