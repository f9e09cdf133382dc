import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchChromium } from '../../scripts/vscode/chromium.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import type { Bundle, OpenOptions, OpenPanel } from './harness.ts';
import { buildPanel, openPanel } from './harness.ts';
import type { ThemeName } from './themes.ts';

let browser: Browser;
let bundle: Bundle;

beforeAll(async () => {
  [browser, bundle] = await Promise.all([launchChromium(), buildPanel()]);
});
afterAll(() => browser.close());

async function withPanel(options: OpenOptions, use: (panel: OpenPanel) => Promise<void>): Promise<void> {
  const panel = await openPanel(browser, bundle, options);
  try {
    await use(panel);
    expect(panel.problems).toEqual([]);
  } finally {
    await panel.context.close();
  }
}

const results = fixtureResults();

test('the bundle stays under 400 KB', () => {
  expect(Buffer.byteLength(bundle.script)).toBeLessThan(400_000);
});

test.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)(
  'draws a run in %s',
  async (theme: ThemeName) => {
    for (const width of [300, 1200]) {
      await withPanel({ theme, width }, async ({ update, shoot }) => {
        await update(fixtureUpdate(fixtureState('fresh'), results));
        await shoot(`run-${theme}-${width}`);
      });
    }
  },
);
