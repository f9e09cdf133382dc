import { describe, expect, test } from 'vitest';
import type { HistoryEntry, HistoryFigures, RunResults } from '../../protocol/index.ts';
import { figuresOf, pack, runVerdict } from '../../protocol/index.ts';
import { fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { checkLooks, checkWidth, panelTests, settle, textOf } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();

function entry(id: string, name: string, of: RunResults, isStarred = false): HistoryEntry {
  const figures: HistoryFigures = of.map(({ scenario, main }) => {
    return { scenario, verdict: runVerdict(main), run: figuresOf(main, main.label) };
  });
  const { tree, buffer } = pack(figures);
  const columnsBase64 = Buffer.from(buffer).toString('base64');
  return { id, name, atMilliseconds: 1_700_000_000_000, isStarred, figures: { tree, columnsBase64 } };
}

const entries = [
  entry('c', 'HBM.bandwidth 614 -> 900 GB/s', results),
  entry('b', 'peak 2300 -> 900 rps', fixtureResults(900), true),
  entry('a', 'first run', results),
];

describe('the history', () => {
  test('lists the last runs with their verdicts; two of them are compared in figures and as curves', async () => {
    await withPanel({}, async (panel) => {
      const { page, update, send, savedState } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await page.getByTestId('history').isVisible()).toBe(false);
      await send({ type: 'history', uri: 'file:///other.npu', entries });
      expect(await page.getByTestId('history').isVisible()).toBe(false);
      await send({ type: 'history', uri: fixtureUri, entries });
      const marks = await page.getByTestId('history').getByRole('img').all();
      expect(await Promise.all(marks.map((mark) => mark.getAttribute('aria-label')))).toEqual([
        'violated',
        'met',
        'violated',
      ]);
      const before = await page.locator('.compared thead th').count();
      await page.getByTestId('history-compare-b').click();
      await page.getByTestId('history-compare-a').click();
      await settle(page);
      expect(await page.locator('.compared thead th').count()).toBe(before + 2);
      expect(await textOf(page, 'comparison')).toMatch(/peak 2300 -> 900 rps/);
      expect(await textOf(page, 'distribution-legend')).toMatch(/peak 2300 -> 900 rps/);
      expect(await savedState()).toMatchObject({ compared: ['b', 'a'] });
      await checkLooks(panel, 'history-1200');
      await page.getByTestId('history-compare-b').click();
      await settle(page);
      expect(await page.locator('.compared thead th').count()).toBe(before + 1);
    });
  });

  test('with more runs than the page is wide, the sentence stays whole, and the names of the measures stay visible', async () => {
    await withPanel({ width: 400 }, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send({ type: 'history', uri: fixtureUri, entries });
      for (const id of ['a', 'b', 'c']) await page.getByTestId(`history-compare-${id}`).click();
      await settle(page);
      const scroller = page.getByTestId('comparison').locator('.scroller');
      expect(await scroller.evaluate((element) => element.scrollWidth > element.clientWidth)).toBe(true);
      await scroller.evaluate((element) => element.scrollTo({ left: 10_000 }));
      const view = await scroller.boundingBox();
      const caption = await scroller.locator('caption').boundingBox();
      const name = await scroller.locator('tbody th').first().boundingBox();
      if (view === null || caption === null || name === null) throw new Error('a part has no place');
      expect(caption.x + caption.width).toBeLessThanOrEqual(view.x + view.width + 1);
      expect(Math.abs(caption.x - view.x)).toBeLessThan(1);
      expect(Math.abs(name.x - view.x)).toBeLessThan(1);
    });
  });

  test('asks the host to star, restore and delete', async () => {
    await withPanel({ width: 300 }, async (panel) => {
      const { page, update, send, sent } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await send({ type: 'history', uri: fixtureUri, entries });
      for (const [key, id] of [
        ['star', 'c'],
        ['restore', 'b'],
        ['delete', 'a'],
      ]) {
        await page.getByTestId(`history-${key}-${id}`).click();
      }
      expect((await sent()).filter(({ type }) => type === 'history')).toEqual([
        { type: 'history', id: 'c', action: 'star' },
        { type: 'history', id: 'b', action: 'restore' },
        { type: 'history', id: 'a', action: 'delete' },
      ]);
      await checkWidth(panel, 'history-300');
    });
  });

  test('compares a run that the host chose, such as a git revision, and shows the figures of both', async () => {
    await withPanel({ width: 600 }, async ({ page, update, send, savedState }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const chosen = { type: 'history', uri: fixtureUri, entries, chosen: 'b' } as const;
      await send(chosen);
      await settle(page);
      expect(await textOf(page, 'comparison')).toMatch(/peak 2300 -> 900 rps/);
      const place = await page.getByTestId('comparison').boundingBox();
      expect(place?.y).toBeLessThan(200);
      // A second answer about the same revision does not end the comparison.
      await send(chosen);
      expect(await savedState()).toMatchObject({ compared: ['b'] });
    });
  });

  test('leaves out an entry of another version', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const broken = { ...entry('x', 'broken', results), figures: { tree: { $: 'f64' }, columnsBase64: '?' } };
      await send({ type: 'history', uri: fixtureUri, entries: [broken, ...entries] });
      expect(await page.getByTestId('history').getByRole('listitem').count()).toBe(entries.length);
    });
  });
});
