import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { panelTests, settle } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

describe.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)('%s', (theme) => {
  test.each([300, 1200])('drawn at %d pixels, accessible', async (width) => {
    await withPanel({ theme, width }, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await shoot(`run-${theme}-${width}`);
      // Nothing sticks out sideways.
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      await page.getByTestId('latency-table').locator('summary').click();
      await page.evaluate(axe);
      const violations =
        await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
        violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join(' | ')))`);
      expect(violations).toEqual([]);
    });
  });
});

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
