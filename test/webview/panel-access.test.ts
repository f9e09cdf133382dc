import { expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { atRest, checkAccessible, checkLooks, panelTests, settle } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();

test.each([300, 1200])('accessible at a width of %d pixels', async (width) => {
  await withPanel({ width }, async (panel) => {
    const { page, update } = panel;
    await update(fixtureUpdate(fixtureState('fresh'), results));
    await page.getByTestId('latency-table').locator('summary').click();
    await checkLooks(panel, `run-${width}`);
  });
});

test.each([320, 600])('at a zoom of 200 %% and %d pixels, nothing is wider than the page', async (width) => {
  for (const theme of ['dark', 'highContrastLight'] as const) {
    await withPanel({ theme, width, scale: 2 }, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await shoot(`zoomed-${theme}-${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  }
});

test('accessible in every theme while stale', async () => {
  await withPanel({ width: 900 }, async (panel) => {
    await panel.update(fixtureUpdate(fixtureState('fresh'), results));
    await panel.update(fixtureUpdate(fixtureState('stale'), null));
    await atRest(panel.page);
    await panel.shoot('stale');
    await checkAccessible(panel);
  });
});

test('a visible panel follows a change of theme', async () => {
  await withPanel({ theme: 'dark' }, async ({ page, update, setTheme }) => {
    await update(fixtureUpdate(fixtureState('fresh'), results));
    const burstPixels = (color: string) => `(() => {
      const canvas = document.querySelector('[data-testid=timeline-canvas]');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      let count = 0;
      for (let i = 0; i < data.length; i += 4) if (((data[i] << 16) | (data[i + 1] << 8) | data[i + 2]) === ${color}) count++;
      return count;
    })()`;
    expect(await page.evaluate(burstPixels('0x4aa3f0'))).toBeGreaterThan(1000);
    await setTheme('light');
    await settle(page);
    expect(await page.evaluate(burstPixels('0x4aa3f0'))).toBe(0);
    expect(await page.evaluate(burstPixels('0x0b6bb5'))).toBeGreaterThan(1000);
  });
});
