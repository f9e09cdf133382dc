import { expect, test } from 'vitest';
import type { TimelineSegments } from '../../../protocol/index.ts';
import { type Detail, detailsOf, keepDetail, wantedDetail, withDetail } from '../../../webview/model/detail.ts';
import { pickShown, type Shown } from '../../../webview/model/shown.ts';
import { initialViewState, type ViewState } from '../../../webview/model/view-state.ts';
import { fixtureResults } from '../fixtures.ts';

/* Segments that were requested for a window are drawn only for their own run. */

const results = fixtureResults();
const window = { startSeconds: 2, endSeconds: 3 };

function shownWith(view: Partial<ViewState> = {}): Shown {
  const shown = pickShown(results, { ...initialViewState, window, ...view });
  if (shown === undefined) throw new Error('nothing to show');
  return shown;
}

/** One segment with a given duration. */
const stretch = (startSeconds: number, endSeconds: number): TimelineSegments => ({
  windowStartSeconds: startSeconds,
  windowEndSeconds: endSeconds,
  startSeconds: Float64Array.of(startSeconds),
  endSeconds: Float64Array.of(endSeconds),
  chip: Uint16Array.of(0),
  activity: Uint8Array.of(0),
  serve: Uint16Array.of(0),
  batchSize: Uint16Array.of(1),
  firstLayer: Uint16Array.of(0),
  lastLayer: Uint16Array.of(0),
});

const fetched = (of: Partial<Omit<Detail, 'stretches'>> = {}) =>
  keepDetail([], { scenario: 'Rush', run: 0, hash: '00ff', segments: stretch(1, 4), ...of });

test.each<[string, Partial<ViewState>, Partial<Omit<Detail, 'stretches'>>, boolean]>([
  ['the shown run', {}, {}, true],
  ['the variant that is shown', { run: 1 }, { run: 1 }, true],
  ['the other scenario, which is shown', { scenario: 'Calm' }, { scenario: 'Calm' }, true],
  ['another variant', {}, { run: 1 }, false],
  ['the scenario itself, while a variant is shown', { run: 1 }, {}, false],
  ['another scenario', {}, { scenario: 'Calm' }, false],
  ['an earlier simulation', {}, { hash: '00fe' }, false],
  ['a part of the window only', {}, { segments: stretch(2.5, 4) }, false],
])('segments of %s', (_, view, of, isDrawn) => {
  const shown = shownWith(view);
  const details = fetched(of);
  const drawn = withDetail(shown, details, '00ff');
  expect(drawn.detailed).toBe(isDrawn);
  expect(drawn.segments).toBe(isDrawn ? details[0]?.segments : shown.run.timeline.segments);
  expect(detailsOf(shown, details, '00ff')).toHaveLength(isDrawn || of.segments !== undefined ? 1 : 0);
});

test('of several requests, the one that covers the window is drawn, and four are kept', () => {
  let details: readonly Detail[] = [];
  for (let start = 0; start < 6; start++) {
    details = keepDetail(details, { scenario: 'Rush', run: 0, hash: '00ff', segments: stretch(start, start + 1) });
  }
  expect(details.map(({ segments }) => segments.windowStartSeconds)).toEqual([5, 4, 3, 2]);
  expect(withDetail(shownWith(), details, '00ff').segments.windowStartSeconds).toBe(2);
});

test('a request for segments names the run that is shown and a window on both sides of the visible one', () => {
  expect(wantedDetail(shownWith({ run: 1 }), 'file:///a.npu', '00ff')).toEqual({
    uri: 'file:///a.npu',
    hash: '00ff',
    scenario: 'Rush',
    run: 1,
    startSeconds: 1,
    endSeconds: 4,
  });
  expect(wantedDetail(withDetail(shownWith(), fetched(), '00ff'), 'file:///a.npu', '00ff')).toBeUndefined();
});
