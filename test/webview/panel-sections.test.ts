import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { checkLooks, panelTests, settle } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
const fresh = () => fixtureUpdate(fixtureState('fresh'), results);

const contents = (page: Page): Promise<readonly string[]> =>
  page.getByTestId('contents').locator('button').allInnerTexts();

/** Whether the middle of an element is on the screen and nothing covers it. */
const isInFront = (page: Page, id: string): Promise<boolean> =>
  page.evaluate(`(() => {
    const element = document.querySelector('[data-testid="${id}"]');
    const { left, top, width, height } = element.getBoundingClientRect();
    const found = document.elementFromPoint(left + width / 2, top + height / 2);
    return element.contains(found);
  })()`);

describe('a section', () => {
  test('collapses, stays so in the next page and in another document, and expands from the contents', async () => {
    let state: unknown;
    await withPanel({}, async ({ page, update, savedState }) => {
      await update(fresh());
      await page.getByTestId('toggle-latency').click();
      await settle(page);
      expect(await page.getByTestId('latency-plot').isVisible()).toBe(false);
      expect(await page.getByTestId('toggle-latency').getAttribute('aria-expanded')).toBe('false');
      await update(fixtureUpdate(fixtureState('fresh', { uri: 'file:///other.npu', name: 'other.npu' }), results));
      expect(await page.getByTestId('latency-plot').isVisible()).toBe(false);
      state = await savedState();
    });
    await withPanel({ state }, async ({ page, update }) => {
      await update(fresh());
      expect(await page.getByTestId('latency-plot').isVisible()).toBe(false);
      await page.getByTestId('contents-latency').click();
      await settle(page);
      expect(await page.getByTestId('latency-plot').isVisible()).toBe(true);
      // It was drawn while it had no size.
      const width = await page.evaluate(`document.querySelector('[data-testid=latency-canvas]').width`);
      expect(width).toBeGreaterThan(300);
    });
  });

  test('moves with Alt and an arrow key, keeps the focus, and stays there', async () => {
    let state: unknown;
    await withPanel({}, async ({ page, update, savedState }) => {
      await update(fresh());
      expect((await contents(page)).slice(0, 4)).toEqual(['Modes', 'Latency', 'Throughput', 'Queue']);
      const toggle = page.getByTestId('toggle-queue');
      await toggle.focus();
      await page.keyboard.press('Alt+ArrowUp');
      await page.keyboard.press('Alt+ArrowUp');
      await settle(page);
      expect((await contents(page)).slice(0, 4)).toEqual(['Modes', 'Queue', 'Latency', 'Throughput']);
      expect(await page.evaluate('document.activeElement.dataset.testid')).toBe('toggle-queue');
      state = await savedState();
    });
    await withPanel({ state: { ...(state as object), uri: fixtureUri } }, async ({ page, update }) => {
      await update(fresh());
      expect((await contents(page)).slice(0, 4)).toEqual(['Modes', 'Queue', 'Latency', 'Throughput']);
    });
  });

  test('moves where its heading is dragged to', async () => {
    await withPanel({ height: 1600 }, async ({ page, update }) => {
      await update(fresh());
      const from = await page.getByTestId('toggle-queue').boundingBox();
      const to = await page.getByTestId('latency-plot').boundingBox();
      if (from === null || to === null) throw new Error('not visible');
      await page.mouse.move(from.x + 5, from.y + 5);
      await page.mouse.down();
      await page.mouse.move(to.x + 60, to.y + 20, { steps: 5 });
      await page.mouse.up();
      await settle(page);
      expect((await contents(page)).slice(0, 4)).toEqual(['Modes', 'Queue', 'Latency', 'Throughput']);
      // A drag is not a click.
      expect(await page.getByTestId('queue-plot').isVisible()).toBe(true);
    });
  });
});

describe.each([1200, 300])('at %d pixels', (width) => {
  test('document, state, verdict and staleness stay in view while the page scrolls', async () => {
    await withPanel({ width, height: 500 }, async ({ page, update, shoot }) => {
      await update(fresh());
      await page.evaluate('window.scrollTo(0, 1200)');
      await settle(page);
      const ids = ['file-name', 'phase', 'run', 'badge'];
      expect(await Promise.all(ids.map((id) => isInFront(page, id)))).toEqual(ids.map(() => true));
      expect(await page.getByTestId('badge').innerText()).toMatch(/Rush/);
      await shoot(`scrolled-${width}`);
      await update(fixtureUpdate(fixtureState('stale'), null));
      expect(await page.getByTestId('top-bar').getAttribute('data-stale')).toBe('true');
      expect(await page.getByTestId('phase').innerText()).toMatch(/edited/);
      expect(await isInFront(page, 'phase')).toBe(true);
      await page.getByTestId('badge').click();
      await settle(page);
      expect(await page.evaluate('window.scrollY')).toBe(0);
    });
  });

  test('an entry of the contents shows the heading below the bars', async () => {
    await withPanel({ width, height: 500 }, async ({ page, update }) => {
      await update(fresh());
      for (const id of ['queue', 'comparison', 'latency']) {
        await page.getByTestId(`contents-${id}`).click();
        await settle(page);
        expect([id, await isInFront(page, `toggle-${id}`)]).toEqual([id, true]);
      }
    });
  });

  test('a name in the figures breaks at its spaces only', async () => {
    await withPanel({ width }, async ({ page, update, shoot }) => {
      await update(fresh());
      const heights = await page.evaluate<readonly number[]>(
        `[...document.querySelectorAll('.compared .pick')].map(({ offsetHeight }) => offsetHeight)`,
      );
      expect(heights.length).toBe(2);
      expect(Math.max(...heights)).toBeLessThan(32);
      await shoot(`sections-${width}`);
    });
  });

  test('it is accessible and not too wide with a collapsed section', async () => {
    await withPanel({ width, height: 500 }, async (panel) => {
      await panel.update(fresh());
      await panel.page.getByTestId('toggle-throughput').click();
      await settle(panel.page);
      await checkLooks(panel, `collapsed-${width}`);
    });
  });
});
