import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RunState } from '../../protocol/index.ts';
import { launchChromium } from '../../scripts/vscode/chromium.ts';
import { fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import type { Bundle, OpenOptions, OpenPanel } from './harness.ts';
import { buildPanel, openPanel, settle } from './harness.ts';

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
    // Errors of the script, and anything that the content security policy stopped.
    expect(panel.problems).toEqual([]);
  } finally {
    await panel.context.close();
  }
}

const results = fixtureResults();
const [rush] = results;
const serve = rush?.main.serves[0];

/** As it is read: without what is hidden. */
async function textOf(page: Page, id: string): Promise<string> {
  // biome-ignore lint/performance/useDomNodeTextContent: textContent holds hidden parts too
  return page.getByTestId(id).innerText();
}

async function drawn({ page }: OpenPanel, id: string): Promise<number> {
  return Number(await page.getByTestId(id).getAttribute('data-value'));
}

test('the bundle stays under 400 KB', () => {
  expect(Buffer.byteLength(bundle.script)).toBeLessThan(400_000);
});

describe('what is drawn', () => {
  test('the numbers of the run stand in the legends, the figures and the tables', async () => {
    await withPanel({}, async (panel) => {
      const { page, update } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await drawn(panel, 'latency-p99')).toBe(serve?.latency.p99);
      expect(await drawn(panel, 'throughput-goodput')).toBe(serve?.goodputRps);
      expect(await drawn(panel, 'figure-p99-1')).toBe(rush?.variants[0]?.serves[0]?.latency.p99);
      expect(await drawn(panel, 'timeline-burst')).toBeCloseTo((rush?.main.timeline.totals[0]?.burst ?? 0) / 24, 9);
      await page.getByTestId('latency-table').locator('summary').click();
      const rows = page.getByTestId('latency-table').locator('tbody tr');
      expect(await rows.count()).toBe(400);
      const cell = await rows.nth(100).locator('td').nth(1).getAttribute('data-value');
      expect(Number(cell)).toBe(serve?.series.p99Seconds[100]);
    });
  });

  test('the sentence says what breaks, by how much and why', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const sentence = await textOf(page, 'sentence-Rush');
      expect(sentence).toMatch(
        /^✕\s+Rush breaks\. p99 latency is 6\.97 ms, 16 % over its 6 ms; .* 62 % waiting for the chip/,
      );
      expect(await page.getByTestId('sentence-Calm').getAttribute('data-verdict')).toBe('met');
    });
  });

  test('every canvas has pixels of its colours', async () => {
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

  test('plots over time share their edges to the pixel', async () => {
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
    ['empty', fixtureState('empty'), false, /Nothing to plot yet/],
    ['loading', fixtureState('running', { progress: 0.43 }), false, /simulating, 43 %/],
    ['running', fixtureState('running'), true, /simulating/],
    ['stale', fixtureState('stale'), true, /edited since/],
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
      /no results to show yet/,
    ],
    [
      'failed',
      fixtureState('failed', { problem: { message: 'the worker ended without a result', place: null } }),
      true,
      /the worker ended/,
    ],
    ['cancelled', fixtureState('cancelled'), true, /cancelled before it ended/],
    ['fresh', fixtureState('fresh'), true, /up to date, 412 ms/],
  ];
  test.each(cases)('%s', async (name, state, hasResults, says) => {
    for (const [theme, width] of [
      ['dark', 300],
      ['light', 900],
    ] as const) {
      await withPanel({ theme, width, reducedMotion: true }, async ({ page, update, shoot }) => {
        if (hasResults) await update(fixtureUpdate(fixtureState('fresh'), results));
        await update(fixtureUpdate({ ...state, sequence: 1e6 }, null));
        expect(await textOf(page, 'panel')).toMatch(says);
        // Results that there were stay in sight.
        expect(await page.getByTestId('content').isVisible()).toBe(hasResults);
        expect(await page.getByTestId('placeholder').isVisible()).toBe(!hasResults);
        await shoot(`state-${name}-${theme}`);
      });
    }
  });

  test('without a word from the host the page says what to do', async () => {
    await withPanel({}, async ({ page, sent }) => {
      await page.getByTestId('open-example').click();
      expect(await sent()).toEqual([{ type: 'ready' }, { type: 'command', command: 'openExample' }]);
    });
  });

  test('a state that was overtaken is dropped', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate({ ...fixtureState('fresh'), sequence: 20 }, results));
      await update(fixtureUpdate({ ...fixtureState('stale'), sequence: 19 }, null));
      expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('false');
    });
  });
});

describe('looking closer', () => {
  test('a drag zooms all plots over time, reset undoes it, and the host keeps the window', async () => {
    await withPanel({}, async ({ page, update, savedState, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const box = await page.getByTestId('latency-plot').boundingBox();
      if (box === null) throw new Error('no latency plot');
      await page.mouse.move(box.x + 60, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + 90, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await settle(page);
      expect(await textOf(page, 'window')).toMatch(/^0\.\d+ s to 1\.\d+ s/);
      expect(await savedState()).toMatchObject({ window: { startSeconds: expect.any(Number) } });
      await shoot('zoom-1s');
      await page.getByTestId('reset').click();
      await settle(page);
      expect(await textOf(page, 'window')).toBe('Whole run, 24 s');
    });
  });

  test('a page that comes back shows what was looked at', async () => {
    const state = {
      uri: fixtureUri,
      scenario: 'Rush',
      run: 1,
      serve: null,
      window: { startSeconds: 3, endSeconds: 5 },
    };
    await withPanel({ state }, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      expect(await textOf(page, 'window')).toMatch(/^3\.\d+ s to 5\.\d+ s/);
      expect(await page.getByTestId('pick-run-1').getAttribute('aria-pressed')).toBe('true');
    });
  });

  test('a state that no longer fits is no harm', async () => {
    await withPanel(
      { state: { uri: fixtureUri, scenario: 4, run: -1, window: { startSeconds: 'x' } } },
      async ({ page, update }) => {
        await update(fixtureUpdate(fixtureState('fresh'), results));
        expect(await textOf(page, 'window')).toBe('Whole run, 24 s');
      },
    );
  });

  test('the next mode change is found and its batch is named', async () => {
    await withPanel({}, async ({ page, update, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('timeline-plot').focus();
      await page.keyboard.press('n');
      await settle(page);
      const first = rush?.main.timeline.switches.startSeconds[0] ?? Number.NaN;
      expect(await textOf(page, 'live')).toContain(`${first.toFixed(3)}`.slice(0, 4));
      expect(await textOf(page, 'timeline-legend')).toContain('switching, 2 µs');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      await settle(page);
      expect(await textOf(page, 'timeline-legend')).toMatch(/(quantizing|burst), ResNet50, batch of 8, conv1 to/);
      await shoot('zoom-switch');
    });
  });

  test('the next late requests are found', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('next-late').click();
      await settle(page);
      expect(await textOf(page, 'live')).toMatch(/^Late requests at /);
      await page.getByTestId('latency-plot').focus();
      await page.keyboard.press('l');
      await settle(page);
      expect(await textOf(page, 'latency-legend')).toMatch(/^0\.\d+ s to 0\.\d+ s/);
    });
  });
});

describe('keys', () => {
  test('arrow keys step the points of every plot, and the live region speaks them', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const says: readonly (readonly [string, RegExp])[] = [
        ['timeline', /^at 0\.\d+ s: base \d/],
        ['latency', /^0\.\d+ s to 0\.\d+ s: p50 [\d.]+ ms, p99 [\d.]+ ms, max/],
        ['throughput', /^0\.\d+ s to 0\.\d+ s: offered/],
        ['queue', /^0\.\d+ s to 0\.\d+ s: waiting/],
        ['distribution', /^p75: Stimpack [\d.]+ ms, TPUv4i/],
        ['layers', /^conv2_1a: base .* bound by/],
      ];
      for (const [id, text] of says) {
        await page.getByTestId(`${id}-plot`).focus();
        await page.keyboard.press('Home');
        await page.keyboard.press('ArrowRight');
        await settle(page);
        expect(await textOf(page, 'live'), id).toMatch(text);
      }
    });
  });

  test('Tab reaches every plot and every button', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const reached = new Set<string>();
      for (let i = 0; i < 60; i++) {
        await page.keyboard.press('Tab');
        reached.add(String(await page.evaluate('document.activeElement?.dataset?.testid ?? ""')));
      }
      const wanted = ['run', 'slo-link', 'next-switch', 'next-late', 'pick-run-1'];
      const plots = ['timeline', 'latency', 'throughput', 'queue', 'distribution', 'layers'].map((id) => `${id}-plot`);
      expect([...wanted, ...plots].filter((id) => !reached.has(id))).toEqual([]);
    });
  });
});

describe('to the source, and out of the panel', () => {
  test('a constraint, a plot and Enter reveal what they come from', async () => {
    await withPanel({}, async ({ page, update, sent }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('slo-link').first().click();
      await page.getByTestId('throughput-plot').click();
      await page.getByTestId('latency-plot').focus();
      await page.keyboard.press('Enter');
      const reveals = (await sent()).flatMap((message) => (message.type === 'reveal' ? [message.origin] : []));
      expect(reveals).toEqual([serve?.slos[0]?.slo.origin, serve?.arrivalsOrigin, serve?.slos[0]?.slo.origin]);
    });
  });

  test('CSV holds the plotted columns in full precision', async () => {
    await withPanel({}, async ({ page, update, sent }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const figure = page.getByTestId('figure-latency');
      await figure.getByLabel('Source and export of Latency').click();
      await figure.locator('[data-action=csv]').click();
      const [saved] = (await sent()).filter((message) => message.type === 'save');
      expect(saved?.suggestedName).toBe('latency.csv');
      const lines = String(saved?.content).split('\r\n');
      expect(lines[0]).toBe('startSeconds,p50LatencySeconds,p99LatencySeconds,maxLatencySeconds,late');
      expect(Number(lines[101]?.split(',')[2])).toBe(serve?.series.p99Seconds[100]);
    });
  });

  test('PNG is a picture', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const figure = page.getByTestId('figure-timeline');
      await figure.getByLabel('Source and export of Modes').click();
      await figure.locator('[data-action=png]').click();
      await expect
        .poll(
          () =>
            page.evaluate(`(() => {
              const saved = __sent.find((message) => message.type === 'save');
              return saved === undefined ? null : String.fromCharCode(...new Uint8Array(saved.content).slice(1, 4));
            })()`),
          // Pictures are encoded when the browser has nothing better to do.
          { timeout: 30_000 },
        )
        .toBe('PNG');
    });
  });
});

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
    expect(await page.evaluate(burstPixels('0x3794ff'))).toBeGreaterThan(1000);
    await setTheme('light');
    await settle(page);
    expect(await page.evaluate(burstPixels('0x3794ff'))).toBe(0);
    expect(await page.evaluate(burstPixels('0x0063d3'))).toBeGreaterThan(1000);
  });
});
