import { describe, expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { accessibilityProblems, panelTests, settle } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();

describe.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)('%s', (theme) => {
  test.each([300, 1200])('drawn at %d pixels, accessible', async (width) => {
    await withPanel({ theme, width }, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await shoot(`run-${theme}-${width}`);
      // Nothing sticks out sideways.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.getByTestId('latency-table').locator('summary').click();
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  });
});

test.each(['dark', 'highContrastLight'] as const)('%s: composed at a zoom of 200 %', async (theme) => {
  for (const width of [320, 600]) {
    await withPanel({ theme, width, scale: 2 }, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await shoot(`zoomed-${theme}-${width}`);
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    });
  }
});

test.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)(
  '%s: accessible while stale',
  async (theme) => {
    await withPanel({ theme, width: 900 }, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await update(fixtureUpdate(fixtureState('stale'), null));
      await page.waitForTimeout(600);
      await shoot(`stale-${theme}`);
      expect(await accessibilityProblems(page)).toEqual([]);
    });
  },
);

test('follows a change of theme while it is shown', async () => {
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
