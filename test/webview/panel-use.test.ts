import { writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { pack } from '../../protocol/index.ts';
import { fixtureOrigin, fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { drawn, panelTests, screenshotFolder, settle, textOf } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
const [rush] = results;
const serve = rush?.main.serves[0];

describe('zoom and keys', () => {
  test('a drag zooms all plots over time, reset undoes it, and the host stores the window', async () => {
    await withPanel({}, async ({ page, update, savedState, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const box = await page.getByTestId('latency-plot').boundingBox();
      if (box === null) throw new Error('no latency plot');
      await page.mouse.move(box.x + 76, box.y + 60);
      await page.mouse.down();
      await page.mouse.move(box.x + 106, box.y + 60, { steps: 4 });
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

  test('a reloaded page restores its view', async () => {
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

  test('an invalid saved state does no harm', async () => {
    await withPanel(
      { state: { uri: fixtureUri, scenario: 4, run: -1, window: { startSeconds: 'x' } } },
      async ({ page, update }) => {
        await update(fixtureUpdate(fixtureState('fresh'), results));
        expect(await textOf(page, 'window')).toBe('Whole run, 24 s');
      },
    );
  });

  test('a key finds the next mode switch and the batch after it', async () => {
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

  test('a key finds the next late requests', async () => {
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
  test('arrow keys step through the points of every plot, and the live region announces them', async () => {
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

describe('source and export', () => {
  test('an objective, a plot and Enter reveal their source', async () => {
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

  test('CSV contains the plotted columns with full precision', async () => {
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

  test.each([
    ['accuracy', 'Accuracy', 'accuracyFraction', serve?.accuracyOverTime],
    ['power', 'Power', 'powerWatts', results[0]?.main.wattsOverTime],
  ] as const)('%s over time is exported slot by slot, as CSV and JSON', async (id, title, key, column) => {
    await withPanel({}, async ({ page, update, sent }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const figure = page.getByTestId(`figure-${id}`);
      const save = async (action: 'csv' | 'json'): Promise<string> => {
        await figure.getByLabel(`Source and export of ${title}`).click();
        await figure.locator(`[data-action=${action}]`).click();
        const saved = (await sent()).findLast((message) => message.type === 'save');
        expect(saved?.suggestedName).toBe(`${id}.${action}`);
        return String(saved?.content);
      };
      const [head, ...lines] = (await save('csv')).trimEnd().split('\r\n');
      expect(head).toBe(`startSeconds,${key}`);
      const { values, slotSeconds } = column ?? { values: [], slotSeconds: Number.NaN };
      expect(lines.map((line) => line.split(',').map(Number))).toEqual(
        Array.from(values, (value, slot) => [slot * slotSeconds, value]),
      );
      const { rows } = JSON.parse(await save('json'));
      expect(rows[7]).toEqual({ startSeconds: 7 * slotSeconds, [key]: values[7] });
    });
  });

  test('SVG contains the same drawing as lines and text', async () => {
    await withPanel({}, async ({ page, update, sent, problems }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      // A text that the drawing must contain, and the smallest number of strokes or shapes.
      const wanted: readonly (readonly [figure: string, title: string, words: string, shape: RegExp, count: number])[] =
        [
          ['latency', 'Latency', 'p99 6.97 ms', /L[\d.]+ [\d.]+/g, 400],
          ['timeline', 'Modes', '<pattern id="timeline-pattern0"', /fill="url\(#timeline-pattern0\)"/g, 100],
          ['distribution', 'Latency distribution', 'p99 latency &lt;= 6 ms', /L[\d.]+ [\d.]+/g, 300],
          ['layers', 'Layers', 'conv1', /fill="(#4aa3f0|url\(#layers-pattern0\))"/g, 100],
          ['roofline', 'Roofline', 'MACs per byte', /A3\.5 3\.5/g, 12],
        ];
      for (const [figure, title, words, shape, count] of wanted) {
        const element = page.getByTestId(`figure-${figure}`);
        await element.getByLabel(`Source and export of ${title}`, { exact: true }).click();
        await element.locator('[data-action=svg]').click();
        const content = String(
          (await sent()).flatMap((message) => (message.type === 'save' ? [message.content] : [])).at(-1),
        );
        expect(content, figure).toContain(words);
        expect(content, figure).toMatch(/Rush, \d{4}-\d\d-\d\d\. /);
        expect(content.match(shape)?.length, figure).toBeGreaterThanOrEqual(count);
        const broken = `new DOMParser().parseFromString(${JSON.stringify(content)}, 'image/svg+xml').querySelector('parsererror')?.textContent ?? null`;
        expect(await page.evaluate(broken), figure).toBeNull();
        writeFileSync(`${screenshotFolder}/${figure}.svg`, content);
      }
      expect(problems).toEqual([]);
    });
  });

  test('PNG contains a picture', async () => {
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
          // Browsers encode pictures while they are idle.
          { timeout: 30_000 },
        )
        .toBe('PNG');
      const canvas = "document.querySelector('[data-testid=timeline-plot] canvas, canvas[data-testid=timeline-plot]')";
      const [size, shown, pixels, name] = (await page.evaluate(`(() => {
        const { content, suggestedName } = __sent.find((message) => message.type === 'save');
        const { clientWidth, width } = ${canvas};
        return [new DataView(content).getUint32(16), clientWidth, width, suggestedName];
      })()`)) as [number, number, number, string];
      // Two pixels for each of the page, which has one, and the page is as it was.
      expect([size, pixels]).toEqual([2 * shown, shown]);
      expect(name).toMatch(/^Rush-timeline-\d{4}-\d\d-\d\d\.png$/);
    });
  });
});

describe('cursor in the source', () => {
  const cases: readonly (readonly [what: string, start: number, end: number, marks: readonly string[]])[] = [
    ['a latency constraint', 825, 825, ['sentence-Rush', 'outcome', 'figure-latency', 'figure-distribution']],
    ['the arrivals', 730, 735, ['sentence-Rush', 'figure-throughput', 'figure-queue']],
    ['the scenario', 610, 610, ['sentence-Rush']],
    ['another scenario', 1200, 1200, ['sentence-Calm']],
    ['something else', 5, 5, []],
  ];
  test.each(cases)('a cursor on %s marks its plots and values', async (_, start, end, marks) => {
    await withPanel({}, async ({ page, update, send }) => {
      // The fixture's scenarios have their objectives at the same places, so one scenario is enough here.
      const apart = results.map((scenario, i) =>
        i === 0 ? scenario : { ...scenario, main: { ...scenario.main, serves: [] } },
      );
      await update(fixtureUpdate(fixtureState('fresh'), apart));
      await send({ type: 'selection', origin: fixtureOrigin(start, end) });
      const marked = await page.evaluate(
        `[...document.querySelectorAll('[data-selected]')].map((element) => element.dataset.testid)`,
      );
      expect(new Set(marked as string[])).toEqual(new Set(marks));
    });
  });
});

describe('compare a scenario', () => {
  const compare = { type: 'compare', uri: fixtureUri, scenario: 'Calm' } as const;

  test.each(['before', 'after'])('its figures are visible, if requested %s the results arrive', async (when) => {
    await withPanel({}, async ({ page, update, send }) => {
      if (when === 'before') await send(compare);
      await update(fixtureUpdate(fixtureState('fresh'), results));
      if (when === 'after') await send(compare);
      await settle(page);
      // Below the bar that stays at the top.
      const bar = await page.getByTestId('top-bar').boundingBox();
      const top = (await page.getByTestId('comparison').boundingBox())?.y ?? 0;
      expect(top).toBeGreaterThanOrEqual(bar?.height ?? Number.POSITIVE_INFINITY);
      expect(top).toBeLessThan(120);
      expect(await page.getByTestId('sentence-Calm').getAttribute('aria-pressed')).toBe('true');
    });
  });

  test('a request for another document changes nothing', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await send({ ...compare, uri: 'file:///designs/other.npu' });
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await settle(page);
      expect((await page.getByTestId('comparison').boundingBox())?.y).toBeGreaterThan(300);
    });
  });
});

describe('a pinned run', () => {
  test('is shown beside later runs, survives a reload, and can be removed', async () => {
    let kept: unknown;
    await withPanel({}, async (panel) => {
      const { page, update, savedState, shoot } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('pin').click();
      await update(fixtureUpdate(fixtureState('fresh'), fixtureResults(1800)));
      expect(await drawn(panel, 'figure-p99-2')).toBe(serve?.latency.p99);
      expect(await drawn(panel, 'figure-p99-0')).not.toBe(serve?.latency.p99);
      await shoot('pinned');
      kept = JSON.parse(JSON.stringify(await savedState()));
    });
    await withPanel({ state: kept }, async (panel) => {
      const { page, update } = panel;
      await update(fixtureUpdate(fixtureState('fresh'), fixtureResults(1800)));
      expect(await drawn(panel, 'figure-p99-2')).toBe(serve?.latency.p99);
      await page.getByTestId('pin').click();
      await settle(page);
      expect(await page.getByTestId('figure-p99-2').count()).toBe(0);
    });
  });
});

describe('finer segments', () => {
  test('are requested once if the run has none, and drawn when they arrive', async () => {
    const state = { uri: fixtureUri, scenario: 'Rush', window: { startSeconds: 10, endSeconds: 10.01 } };
    await withPanel({ state }, async ({ page, update, send, sent, shoot }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const asked = async () =>
        (await sent()).flatMap((message) => (message.type === 'segments' ? [message.request] : []));
      await expect.poll(async () => (await asked()).length).toBe(1);
      const [request] = await asked();
      if (request === undefined) throw new Error('nothing was asked for');
      expect(request).toMatchObject({ uri: fixtureUri, scenario: 'Rush', run: 0, hash: '00ff' });
      expect(request.startSeconds).toBeLessThanOrEqual(10);
      expect(request.endSeconds).toBeGreaterThanOrEqual(10.01);
      const count = 40;
      const width = (request.endSeconds - request.startSeconds) / count;
      const segments = {
        windowStartSeconds: request.startSeconds,
        windowEndSeconds: request.endSeconds,
        startSeconds: Float64Array.from({ length: count }, (_, i) => request.startSeconds + i * width),
        endSeconds: Float64Array.from({ length: count }, (_, i) => request.startSeconds + (i + 0.8) * width),
        chip: new Uint16Array(count),
        activity: new Uint8Array(count).fill(2),
        serve: new Uint16Array(count),
        batchSize: new Uint16Array(count).fill(3),
        firstLayer: Uint16Array.from({ length: count }, (_, i) => i),
        lastLayer: Uint16Array.from({ length: count }, (_, i) => i),
      };
      await send({ type: 'segments', request, segments: pack(segments) });
      await page.getByTestId('timeline-plot').focus();
      await page.keyboard.press('ArrowRight');
      await settle(page);
      expect(await textOf(page, 'timeline-legend')).toMatch(/burst, ResNet50, batch of 3, conv\d_\d[abc], [\d.]+ µs/);
      await shoot('zoom-layers');
      expect((await asked()).length).toBe(1);
    });
  });
});
