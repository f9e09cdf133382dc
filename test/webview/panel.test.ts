import { describe, expect, test } from 'vitest';
import type { Absence, RunState } from '../../protocol/index.ts';
import { fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { atRest, drawn, looks, panelTests, settle, textOf } from './harness.ts';
import type { ThemeName } from './themes.ts';

const { withPanel, bundle } = panelTests();
const results = fixtureResults();
const [rush] = results;
const serve = rush?.main.serves[0];

test('the bundle stays under 400 KB', () => {
  expect(Buffer.byteLength(bundle().script)).toBeLessThan(400_000);
});

describe('plots', () => {
  test('legends, figures and tables show the numbers of the run', async () => {
    await withPanel({}, async (panel) => {
      const { page, update } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await drawn(panel, 'latency-p99')).toBe(serve?.latency.p99);
      expect(await drawn(panel, 'throughput-goodput')).toBe(serve?.goodputRps);
      expect(await drawn(panel, 'figure-p99-1')).toBe(rush?.variants[0]?.serves[0]?.latency.p99);
      expect(await drawn(panel, 'timeline-burst')).toBeCloseTo((rush?.main.timeline.totals[0]?.burst ?? 0) / 24, 9);
      await page.getByTestId('latency-table').locator('summary').click();
      const rows = page.getByTestId('latency-table').locator('tbody tr');
      // The table is created when it is opened.
      await expect.poll(() => rows.count()).toBe(400);
      const cell = await rows.nth(100).locator('td').nth(1).getAttribute('data-value');
      expect(Number(cell)).toBe(serve?.series.p99Seconds[100]);
    });
  });

  test('the sentence states which objective is violated, by how much and why', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const sentence = await textOf(page, 'sentence-Rush');
      expect(sentence).toMatch(
        /^✗\s+Rush violates an objective\. p99 latency is 6\.97 ms, 16 % above the 6 ms limit\. .* 62 % of its time waiting for the chip/,
      );
      expect(await page.getByTestId('sentence-Calm').getAttribute('data-verdict')).toBe('met');
    });
  });

  test('every canvas has pixels in its colours', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      for (const id of ['timeline', 'latency', 'throughput', 'queue', 'distribution', 'layers']) {
        const colors = await page.evaluate(`(() => {
          const canvas = document.querySelector('[data-testid=${id}-canvas]');
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          const seen = new Set();
          for (let i = 0; i < data.length; i += 4) if (data[i + 3] > 200) seen.add((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]);
          return seen.size;
        })()`);
        expect(colors, id).toBeGreaterThan(2);
      }
    });
  });

  test('the axes of plots over time align exactly', async () => {
    await withPanel({ width: 500, height: 2000 }, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('latency-plot').hover();
      await settle(page);
      const lefts: number[] = [];
      for (const id of ['timeline', 'latency', 'throughput', 'queue']) {
        const crosshair = await page.getByTestId(`${id}-plot`).locator('.crosshair').boundingBox();
        lefts.push(crosshair?.x ?? Number.NaN);
      }
      expect(lefts[0]).toBeGreaterThan(200);
      expect(new Set(lefts).size).toBe(1);
    });
  });
});

describe('states', () => {
  const place = { uri: fixtureUri, line: 12, column: 9 };
  const cases: readonly (readonly [name: string, state: RunState, hasResults: boolean, says: RegExp])[] = [
    ['empty', fixtureState('empty'), false, /Nothing to plot yet.*No scenario of/s],
    ['loading', fixtureState('running', { progress: 0.43 }), false, /simulating, 43 %/],
    ['running', fixtureState('running'), true, /simulating/],
    ['stale', fixtureState('stale'), true, /edited: save to run again/],
    [
      'rejected',
      fixtureState('rejected', { problem: { message: "'15 GB/s' is a bandwidth; a clock is a frequency", place } }),
      true,
      /line 12, column 9/,
    ],
    [
      'rejected-first',
      fixtureState('rejected', { problem: { message: "'15 GB/s' is a bandwidth", place } }),
      false,
      /There are no results yet/,
    ],
    [
      'failed',
      fixtureState('failed', { problem: { message: 'the worker ended without a result', place: null } }),
      true,
      /The worker ended/,
    ],
    ['cancelled', fixtureState('cancelled'), true, /The run was cancelled\./],
    ['fresh', fixtureState('fresh'), true, /up to date, 412 ms/],
  ];
  test.each(cases)('%s', async (name, state, hasResults, says) => {
    for (const [theme, width] of looks<readonly [ThemeName, number]>(['dark', 300], ['light', 900])) {
      await withPanel({ theme, width, reducedMotion: true }, async ({ page, update, shoot }) => {
        if (hasResults) await update(fixtureUpdate(fixtureState('fresh'), results));
        await update(fixtureUpdate({ ...state, sequence: 1e6 }, null));
        expect(await textOf(page, 'panel')).toMatch(says);
        // Earlier results stay visible.
        expect(await page.getByTestId('content').isVisible()).toBe(hasResults);
        expect(await page.getByTestId('placeholder').isVisible()).toBe(!hasResults);
        await shoot(`state-${name}-${theme}`);
      });
    }
  });

  test('without a message from the host, the page states what to do', async () => {
    await withPanel({}, async ({ page, sent }) => {
      await page.getByTestId('open-example').click();
      expect(await sent()).toEqual([{ type: 'ready' }, { type: 'command', command: 'openExample' }]);
    });
  });

  test('Run becomes Cancel and keeps the focus', async () => {
    await withPanel({}, async ({ page, update, sent, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('run').click();
      await update(fixtureUpdate(fixtureState('running', { progress: 0.2 }), null));
      expect(await page.getByTestId('run').isVisible()).toBe(false);
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('cancel-run');
      await atRest(page);
      await shoot('running-cancel');
      await page.getByTestId('cancel-run').click();
      expect(await sent()).toContainEqual({ type: 'cancelRun' });
      await update(fixtureUpdate(fixtureState('cancelled'), null));
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('run');
    });
  });

  test('an unsaved document has its own name', async () => {
    await withPanel({}, async ({ page, update }) => {
      const uri = 'untitled:Untitled-1';
      await update(fixtureUpdate(fixtureState('fresh', { uri, name: uri }), results));
      expect(await textOf(page, 'file-name')).toBe('Untitled-1 (not saved)');
    });
  });

  test('an outdated state is dropped', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate({ ...fixtureState('fresh'), sequence: 20 }, results));
      await update(fixtureUpdate({ ...fixtureState('stale'), sequence: 19 }, null));
      expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('false');
    });
  });

  const gone = { uri: fixtureUri, name: 'rush.npu' };
  const absences: readonly (readonly [name: string, absence: Absence, hasResults: boolean, says: RegExp])[] = [
    ['none', { kind: 'none' }, false, /Nothing to plot yet.*Open a design/s],
    ['starting', { kind: 'starting', ...gone }, false, /Reading rush\.npu…/],
    ['closed', { kind: 'closed', ...gone }, true, /rush\.npu is closed.*last results/s],
    ['closed-first', { kind: 'closed', ...gone }, false, /rush\.npu is closed.*Switch to another design/s],
    ['deleted', { kind: 'deleted', ...gone }, true, /was deleted, moved or renamed.*last results/s],
    ['deleted-first', { kind: 'deleted', ...gone }, false, /was deleted, moved or renamed.*Switch to another design/s],
  ];
  test.each(absences)('%s', async (name, absence, hasResults, says) => {
    for (const [theme, width] of looks<readonly [ThemeName, number]>(['dark', 300], ['light', 900])) {
      await withPanel({ theme, width, reducedMotion: true }, async ({ page, update, send, sent, shoot }) => {
        if (hasResults) await update(fixtureUpdate(fixtureState('fresh'), results));
        await send({ type: 'absent', absence });
        expect(await textOf(page, 'panel')).toMatch(says);
        expect(await page.getByTestId('content').isVisible()).toBe(hasResults);
        expect(await page.getByTestId('placeholder').isVisible()).toBe(!hasResults);
        if (hasResults) expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('true');
        await shoot(`state-${name}-${theme}`);
        if (absence.kind !== 'closed') return;
        await page.getByTestId('open-again').click();
        expect(await sent()).toContainEqual({ type: 'open', uri: fixtureUri });
      });
    }
  });

  test('a reopened document is shown, whatever its sequence numbers', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate({ ...fixtureState('fresh'), sequence: 1e6 }, results));
      await send({ type: 'absent', absence: { kind: 'deleted', ...gone } });
      await update(fixtureUpdate({ ...fixtureState('fresh'), sequence: 1 }, results));
      expect(await textOf(page, 'phase')).toContain('up to date');
      expect(await page.getByTestId('banner').isVisible()).toBe(false);
      expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('false');
    });
  });

  test('results of one document are never shown for another', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send({ type: 'absent', absence: { kind: 'starting', uri: 'file:///other.npu', name: 'other.npu' } });
      expect(await page.getByTestId('content').isVisible()).toBe(false);
      expect(await textOf(page, 'placeholder')).toContain('Reading other.npu');
    });
  });

  test('a page without a newer state continues that of another page', async () => {
    const state = {
      uri: fixtureUri,
      scenario: 'Rush',
      run: 1,
      serve: null,
      window: { startSeconds: 3, endSeconds: 5 },
      savedAt: 100,
    };
    await withPanel({}, async ({ page, update, send, kept }) => {
      await send({ type: 'restore', state });
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await textOf(page, 'window')).toMatch(/^3\.\d+ s to 5\.\d+ s/);
      // It passes the state to the next page.
      await expect.poll(kept).toMatchObject({ run: 1, window: { startSeconds: 3 } });
    });
    const own = { ...state, savedAt: 200, window: { startSeconds: 7, endSeconds: 8 } };
    await withPanel({ state: own }, async ({ page, update, send }) => {
      await send({ type: 'restore', state });
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await textOf(page, 'window')).toMatch(/^7\.\d+ s to 8\.\d+ s/);
    });
  });
});
