import { describe, expect, test } from 'vitest';
import type { ScenarioResult, SloOutcome } from '../../protocol/index.ts';
import { breakdownParts, pack, shareText, sloDistance, timeShareText, undecidedText } from '../../protocol/index.ts';
import { findLandmark } from '../../webview/model/landmarks.ts';
import { createModel } from '../../webview/model/panel-model.ts';
import { keepPin, pinRun, restorePin } from '../../webview/model/pin.ts';
import { pickShown } from '../../webview/model/shown.ts';
import { clampWindow, initialViewState, parseViewState, zoomWindow } from '../../webview/model/view-state.ts';
import { createReceiver } from '../../webview/page/receive.ts';
import { groupSize, mergeBuckets } from '../../webview/plots/charts/thinning.ts';
import {
  latencyFinding,
  layersFinding,
  queueFinding,
  throughputFinding,
  timelineFinding,
} from '../../webview/text/findings.ts';
import { sharePercent } from '../../webview/text/share-text.ts';
import { countedFrom, tickText, timeScale, timeText } from '../../webview/text/time-text.ts';
import { verdictSentence } from '../../webview/text/verdict-sentence.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';

const results = fixtureResults();
const [rush, calm] = results;
const shown = pickShown(results, initialViewState);
const serve = rush?.main.serves[0];
if (rush === undefined || calm === undefined || shown === undefined || serve === undefined)
  throw new Error('no fixture');

describe('sentences', () => {
  const slos = (outcomes: readonly SloOutcome[]): ScenarioResult => ({
    ...rush,
    main: { ...rush.main, serves: [{ ...serve, slos: outcomes }] },
  });
  const [latency, accuracy] = serve.slos;
  if (latency === undefined || accuracy === undefined) throw new Error('no objectives');
  const open: SloOutcome = {
    ...latency,
    verdict: 'undecided',
    measured: { value: 0.006, low: 0.0058, high: 0.0063, confidence: 0.99 },
    missFraction: 0,
    breakdown: null,
  };
  const few: SloOutcome = {
    ...open,
    measured: { value: 0.0012, low: 0.001, high: Number.POSITIVE_INFINITY, confidence: 0.99 },
  };
  const short: SloOutcome = {
    ...accuracy,
    verdict: 'violated',
    measured: { ...accuracy.measured, value: 0.75 },
    missFraction: 0.0157,
  };
  // The words for names, values and distances come from design and are tested there. These tests check how they are combined.
  const distance = (scenario: ScenarioResult, slo: number) => {
    const outcome = scenario.main.serves[0]?.slos[slo];
    return outcome === undefined ? '' : sloDistance(outcome);
  };
  const [first, next] = breakdownParts(serve.breakdown);
  if (first === undefined || next === undefined) throw new Error('no breakdown');
  const spent = `A late request spends ${timeShareText(first)} and ${shareText(next)}.`;
  const why = undecidedText(open);
  const cases: readonly (readonly [what: string, ScenarioResult, string])[] = [
    [
      'violated',
      rush,
      `Rush violates an objective. p99 latency is 6.97 ms, ${distance(rush, 0)}. ${spent} Accuracy is met.`,
    ],
    [
      'late requests of an undecided objective',
      slos([{ ...open, breakdown: { ...serve.breakdown, ofLate: true } }]),
      `Rush is undecided. p99 latency is between 5.8 ms and 6.3 ms at 99 % confidence; ${why}. ${spent}`,
    ],
    [
      'one violated, one undecided',
      slos([open, short]),
      `Rush violates an objective. Accuracy is 75 %, ${sloDistance(short)}. p99 latency is between 5.8 ms and 6.3 ms at 99 % confidence; ${why}.`,
    ],
    ['too few requests', slos([few]), `Rush is undecided. p99 latency is 1.2 ms; ${undecidedText(few)}.`],
    [
      'met',
      calm,
      `Calm meets all objectives. p99 latency is 1.75 ms, ${distance(calm, 0)}. Accuracy is 76.47 %, ${distance(calm, 1)}.`,
    ],
    [
      'undecided',
      slos([open, accuracy]),
      `Rush is undecided. p99 latency is between 5.8 ms and 6.3 ms at 99 % confidence; ${why}. Accuracy is met.`,
    ],
    ['no objectives', slos([]), 'Rush has no objectives. ResNet50 completes 2,242 rps.'],
  ];
  test.each(cases)('%s', (_, scenario, text) => {
    const sentence = verdictSentence(scenario);
    expect(`${sentence.lead} ${sentence.text}`).toBe(text);
  });
});

describe('findings', () => {
  test('of a run that violates an objective', () => {
    expect(latencyFinding(rush.main, serve)).toBe(
      '2,420 of 53,814 requests (4.5 %) took longer than the 6 ms limit, spread over the run. The slowest request took 8.94 ms and finished around 2.19 s.',
    );
    expect(throughputFinding(serve)).toMatch(
      /^The chip completed 2,242 rps, 100\.8 rps of them too late; 2,300 rps were offered\./,
    );
    expect(timelineFinding(rush.main)).toMatch(
      /90 % of the time in base mode, [\d.]+ % in burst mode and [\d.]+ % quantizing weights, switched modes 404 times/,
    );
  });

  test('a run that counts more than its overload allows explains it', () => {
    const slos = serve.slos.map((outcome) => ({ ...outcome, overload: { offeredRps: 25_000, saturationRps: 21_094 } }));
    const counted = (completedRps: number) => throughputFinding({ ...serve, offeredRps: 24_827, completedRps, slos });
    expect(counted(21_097)).toMatch(
      /^The chip completed 21,097 .*; 24,827 rps were offered\. This is more than the 21,094 rps of the long run:/,
    );
    expect(counted(21_094)).not.toContain('long run');
  });

  test('shares are written as in the legend', () => {
    const { timeline, seconds } = rush.main;
    const share = (activity: 'burst' | 'quantizing') =>
      sharePercent(timeline.totals.reduce((sum, chip) => sum + chip[activity], 0) / (seconds * timeline.chips));
    expect(timelineFinding(rush.main)).toContain(
      `${share('burst')} in burst mode and ${share('quantizing')} quantizing`,
    );
  });

  test.each([1, 3, 6, 7, 9, 11, 13])('%d idle chips are reported as idle, despite rounding errors', (chips) => {
    const seconds = 0.1;
    const totals = Array.from({ length: chips }, () => ({
      idle: seconds,
      base: 0,
      burst: 0,
      switching: 0,
      quantizing: 0,
    }));
    const timeline = { ...rush.main.timeline, chips, totals };
    expect(timelineFinding({ ...rush.main, seconds, timeline })).toMatch(/had nothing to do in this run\.$/);
  });

  test.each([
    [1, 'which is no faster'],
    [1.001, 'which is no faster'],
    [2.5, '2.5 times as fast'],
  ])('burst mode %d times as fast', (ratio, said) => {
    const [base] = rush.layers;
    if (base === undefined) throw new Error('no layers');
    expect(layersFinding(base, { ...base, seconds: base.seconds / ratio }, true)).toContain('A step with one token');
    expect(layersFinding(base, { ...base, seconds: base.seconds / ratio })).toMatch(new RegExp(`, ${said}\\.$`));
  });

  test('a queue that is long at the end is overload only if fewer requests are completed than arrive', () => {
    const queued = serve.series.queued.map((_, bucket) => bucket);
    const longAtTheEnd = { ...serve, series: { ...serve.series, queued, maxQueued: queued } };
    expect(queueFinding(rush.main, longAtTheEnd)).not.toMatch(/falls behind/);
    expect(queueFinding(rush.main, { ...serve, backlog: { arrivedRps: 12_000, completedRps: 11_406 } })).toMatch(
      /The chip falls behind: 12,000 rps arrived and 11,406 rps were completed\.$/,
    );
  });

  test('a single period of late requests is named', () => {
    const completedInTime = serve.series.completed.map((count, bucket) => (bucket >= 100 && bucket < 110 ? 0 : count));
    const crowded = { ...serve, series: { ...serve.series, completedInTime } };
    expect(latencyFinding(rush.main, crowded)).toMatch(
      /took longer than the 6 ms limit, all of them between 6 s and 6\.6 s\./,
    );
  });
});

describe('time', () => {
  test.each([
    [0, 24, 5, '5 s'],
    [0.5, 0.6, 0.55, '550 ms'],
    [12.3456, 12.3457, 12.34562, '+20 µs'],
    [12.3456, 12.3457, 12.3456, '12.3456 s'],
    [0, 2e-6, 5e-7, '0.5 µs'],
  ])('a tick between %d and %d', (start, end, at, text) => {
    expect(tickText(at, timeScale(start, end))).toBe(text);
  });

  test('ticks far from the start are relative to the first tick, which has an absolute time', () => {
    // A window of 20 ms whose ends are not round numbers.
    const scale = countedFrom(timeScale(20.7532102, 20.7732102), 20.755);
    expect([20.755, 20.76, 20.765].map((at) => tickText(at, scale))).toEqual(['20.755 s', '+5 ms', '+10 ms']);
    const whole = timeScale(0, 24);
    expect(countedFrom(whole, 5)).toBe(whole);
  });

  test.each([
    [13.20461, 24, '13.2 s'],
    [13.20461, 0.02, '13.2046 s'],
    [13.204612345, 1e-6, '13.20461234 s'],
  ])('%d in a window of %d', (at, span, text) => {
    expect(timeText(at, span)).toBe(text);
  });
});

describe('windows', () => {
  test.each([
    [
      { startSeconds: -3, endSeconds: 2 },
      { startSeconds: 0, endSeconds: 5 },
    ],
    [
      { startSeconds: 22, endSeconds: 27 },
      { startSeconds: 19, endSeconds: 24 },
    ],
    [{ startSeconds: -1, endSeconds: 30 }, null],
  ])('stay inside the run', (window, clamped) => {
    expect(clampWindow(window, 24)).toEqual(clamped);
  });

  test('zoom keeps the position of the time under the pointer', () => {
    const zoomed = zoomWindow({ startSeconds: 0, endSeconds: 10 }, 0.5, 4);
    expect(zoomed).toEqual({ startSeconds: 2, endSeconds: 7 });
  });

  test.each([[undefined], [null], ['x'], [{ run: 1.5, window: { startSeconds: 2, endSeconds: 1 } }]])(
    'a state that does not fit is dropped: %j',
    (value) => {
      expect(parseViewState(value)).toEqual(initialViewState);
    },
  );
});

describe('thinning', () => {
  test('the highest spike stays, everything else is averaged', () => {
    const values = Float64Array.from([1, 9, 3, Number.NaN, 5]);
    expect([...mergeBuckets(values, 2, 'largest')]).toEqual([9, 3, 5]);
    expect([...mergeBuckets(values, 2, 'mean')]).toEqual([5, 3, 5]);
  });

  test.each([
    [0.06, 24, 1200, 1],
    [0.06, 24, 600, 2],
    [0.06, 24, 200, 8],
    [0.06, 1, 200, 1],
  ])('buckets of %d s in %d s on %d pixels', (bucket, window, pixels, size) => {
    expect(groupSize(bucket, window, pixels)).toBe(size);
  });
});

describe('landmarks', () => {
  const times = rush.main.timeline.switches.startSeconds;
  test('every mode switch is reached, forwards and backwards', () => {
    let at = -1;
    const forwards: number[] = [];
    for (
      let found = findLandmark(shown, 'switch', at, 1);
      found !== undefined;
      found = findLandmark(shown, 'switch', at, 1)
    ) {
      at = found.seconds;
      forwards.push(at);
    }
    expect(forwards).toEqual([...times]);
    const before = findLandmark(shown, 'switch', times[5] ?? 0, -1);
    expect(before?.seconds).toBe(times[4]);
  });

  test('beyond the listed switches, the buckets are used', () => {
    const few = { ...rush.main.timeline.switches, startSeconds: times.slice(0, 3) };
    const run = { ...rush.main, timeline: { ...rush.main.timeline, switches: few } };
    const found = findLandmark({ ...shown, run }, 'switch', 20, 1);
    const next = times.find((time) => time > 20 + run.series.bucketSeconds) ?? Number.NaN;
    expect(Math.abs((found?.seconds ?? 0) - next)).toBeLessThan(2 * run.series.bucketSeconds);
  });

  test('without a landmark, nothing is found', () => {
    expect(findLandmark(shown, 'switch', 24, 1)).toBeUndefined();
    expect(findLandmark(shown, 'late', -5, -1)).toBeUndefined();
  });
});

describe('a pin', () => {
  test('survives plain JSON unchanged', () => {
    const pin = pinRun('Rush', rush.main);
    expect(restorePin(JSON.parse(JSON.stringify(keepPin(pin))))).toEqual(pin);
  });

  test.each([[null], [{}], [{ tree: {}, columnsBase64: '' }], [{ tree: 3, columnsBase64: '%' }]])(
    '%j is not a pin',
    (kept) => {
      expect(restorePin(kept)).toBeUndefined();
    },
  );
});

describe('an invalid update', () => {
  const good = fixtureUpdate(fixtureState('fresh'), results);
  test.each([
    ['columns beyond their buffer', { ...good, results: { ...pack(results), buffer: new ArrayBuffer(8) } }],
    [
      'columns of a preview beyond their buffer',
      { ...good, results: null, previews: { ...pack(results), buffer: new ArrayBuffer(8) } },
    ],
    ['no list of scenarios', { ...good, results: pack({ main: 1 }) }],
  ])('%s: no part of it is used', (_, update) => {
    const model = createModel(null);
    const none = () => undefined;
    const { receive } = createReceiver({
      model,
      kept: null,
      finder: { find: none, answered: none, forget: none, isAsking: () => false } as never,
      schedule: none,
      repick: none,
      showState: none,
      showVerdicts: none,
      showPreview: none,
      showCurve: none,
      showExplorations: none,
      showNumbers: none,
      saveView: none,
      compare: none,
      forgetDetail: none,
    });
    expect(() => receive({ type: 'update', update })).toThrow();
    expect(model).toEqual(createModel(null));
  });
});
