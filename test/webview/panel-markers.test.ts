import { describe, expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { checkAccessible, panelTests, settle, textOf } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
const fresh = () => fixtureUpdate(fixtureState('fresh'), results);

describe('a part of the time', () => {
  test('a zoom puts the numbers of the window into every legend and sentence', async () => {
    await withPanel({}, async ({ page, update, shoot }) => {
      await update(fresh());
      const ids = ['timeline', 'latency', 'throughput', 'queue', 'accuracy', 'power'];
      const read = () =>
        Promise.all(ids.flatMap((id) => [textOf(page, `${id}-legend`), textOf(page, `${id}-finding`)]));
      const before = await read();
      await page.getByTestId('latency-plot').focus();
      for (let i = 0; i < 3; i++) await page.keyboard.press('+');
      await page.mouse.move(0, 0);
      await settle(page);
      const after = await read();
      for (const [i, text] of after.entries()) expect(text).not.toBe(before[i]);
      expect(await textOf(page, 'throughput-finding')).toMatch(/^In this time, the chip completed/);
      expect(await textOf(page, 'latency-legend')).toMatch(/p99\s*[\d.]+ ms to [\d.]+ ms/);
      await shoot('zoomed-numbers');
      await page.keyboard.press('0');
      await settle(page);
      expect(await read()).toEqual(before);
    });
  });

  test('two marks show the time between them on all plots, and the numbers of that time', async () => {
    await withPanel({}, async (panel) => {
      const { page, update, savedState, shoot } = panel;
      await update(fresh());
      const marker = (id: string, i: number) => page.getByTestId(`${id}-plot`).locator('.marker').nth(i);
      await page.getByTestId('latency-plot').focus();
      await page.keyboard.press('Home');
      await page.keyboard.press('m');
      await settle(page);
      expect(await textOf(page, 'marked')).toMatch(/^A [\d.]+ s: press M for B$/);
      await page.keyboard.press('End');
      await page.keyboard.press('m');
      await settle(page);
      expect(await textOf(page, 'marked')).toMatch(/^A [\d.]+ s, B 2[\d.]+ s: 2[\d.]+ s apart$/);
      for (const id of ['timeline', 'latency', 'queue', 'power']) {
        expect(await marker(id, 0).isVisible()).toBe(true);
        expect(await marker(id, 1).isVisible()).toBe(true);
      }
      expect(await textOf(page, 'queue-finding')).toMatch(/in this time\.$/);
      expect(await savedState()).toMatchObject({ markers: [expect.any(Number), expect.any(Number)] });
      await shoot('marks');
      await checkAccessible(panel);
      await page.getByTestId('unmark').click();
      await settle(page);
      expect(await marker('latency', 0).isVisible()).toBe(false);
      expect(await textOf(page, 'queue-finding')).not.toMatch(/in this time/);
    });
  });

  test('a click with Alt marks the time below the pointer', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fresh());
      await page.getByTestId('queue-plot').click({ modifiers: ['Alt'], position: { x: 300, y: 30 } });
      await settle(page);
      expect(await textOf(page, 'marked')).toMatch(/^A [\d.]+ s: press M for B$/);
    });
  });
});
