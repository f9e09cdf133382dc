import { describe, expect, test } from 'vitest';
import { type Exploration, type ExplorationResult, exploredVerdicts } from '../../protocol/index.ts';
import { explorationOf, exploreAnswer, explored, sizing } from './fixture-exploration.ts';
import { fixtureOrigin, fixtureUri } from './fixture-run.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import type { OpenPanel } from './harness.ts';
import { checkLooks, looks, panelTests, settle, textOf } from './harness.ts';

/* A sweep over designs: requested, reported while it runs, drawn in three ways, stepped through, stopped, and stale. */

const { withPanel } = panelTests();
const results = fixtureResults();

const requestOf = (exploration: Exploration) => {
  return { uri: fixtureUri, hash: '00ff', exploration: exploration.name };
};

/** Shows an exploration that has not been simulated. */
async function open(panel: OpenPanel, exploration: Exploration): Promise<void> {
  await panel.update(fixtureUpdate(fixtureState('fresh', { explorations: [exploration] }), results));
  await panel.page.getByTestId(`explore-row-${exploration.name}`).click();
  await settle(panel.page);
}

/** Starts it, and answers with its result. */
async function explore(panel: OpenPanel, result: ExplorationResult, kind: 'running' | 'done' = 'done'): Promise<void> {
  await open(panel, result.exploration);
  await panel.page.getByTestId('explore-start').click();
  await panel.send({ type: 'explore', request: requestOf(result.exploration), answer: exploreAnswer(kind, result) });
  await settle(panel.page);
}

const wideAndNarrow = [
  ['dark', 1200],
  ['light', 300],
] as const;

test.each([300, 1200])('accessible at a width of %d pixels', async (width) => {
  await withPanel({ width }, async (panel) => {
    const { page } = panel;
    await explore(panel, explored(sizing));
    await page.getByTestId('pareto-plot').press('ArrowRight');
    await page.getByTestId('pareto-plot').press('ArrowRight');
    await page.getByTestId('pareto-table').locator('summary').click();
    await checkLooks(panel, `explore-${width}`);
  });
});

describe('results', () => {
  const oneAxis = explorationOf(
    'Sizing',
    [['Stimpack.HBM.bandwidth', ['400 GB/s', '600 GB/s', '800 GB/s', '1000 GB/s', '1200 GB/s']]],
    [
      ['maximize', 'capacity'],
      ['minimize', 'energy'],
    ],
  );
  const oneGoal = explorationOf(
    'Sizing',
    sizing.axes.map(({ path, values }) => [path, values.map(({ text }) => text)]),
    [['minimize', 'latency']],
  );
  const fourAxes = explorationOf(
    'Sizing',
    [
      ['Stimpack.dataflow', ['weight-stationary', 'output-stationary']],
      ['Stimpack.arrays.count', ['2', '4', '8']],
      ['Stimpack.CMEM.capacity', ['64 MiB', '128 MiB', '256 MiB']],
      ['Stimpack.HBM.bandwidth', ['400 GB/s', '800 GB/s', '1200 GB/s', '1600 GB/s']],
    ],
    [
      ['maximize', 'goodput'],
      ['minimize', 'energy'],
      ['maximize', 'accuracy'],
    ],
  );
  const cases: readonly (readonly [name: string, result: ExplorationResult, says: RegExp])[] = [
    [
      'both',
      explored(sizing),
      /^Sizing\. 27 designs: 17 meet all objectives\. The front runs from 128 MiB, 500 GB\/s \(.* rps, .* mJ\) to 256 MiB, 1200 GB\/s \(/,
    ],
    ['one-axis', explored(oneAxis, { asWritten: 1 }), /^Sizing\. 5 designs: \d meets? all objectives\. The front runs/],
    ['one-goal', explored(oneGoal), /\. The lowest p99 latency is at 256 MiB, 1200 GB\/s \([\d.]+ ms\)\.$/],
    [
      'none-meets',
      explored(sizing, { neededRps: 1e6 }),
      /^Sizing\. 27 designs: none of them meets all objectives\. The front/,
    ],
    ['four-axes', explored(fourAxes, { asWritten: 40 }), /^Sizing\. 72 designs: /],
    ['not-written', explored(sizing, { asWritten: -1 }), /27 designs/],
  ];
  test.each(cases)('%s', async (name, result, says) => {
    await withPanel({}, async (panel) => {
      await explore(panel, result);
      for (const [theme, width] of wideAndNarrow) {
        await panel.page.setViewportSize({ width, height: 900 });
        await panel.setTheme(theme);
        await panel.shoot(`explore-${name}-${theme}`);
        expect(await textOf(panel.page, 'explore-finding-Sizing')).toMatch(says);
        expect(await panel.page.evaluate('document.documentElement.scrollWidth')).toBe(width);
      }
    });
  });

  test('a measure with a zero changes between zero and its highest value, not by a percentage', async () => {
    await withPanel({}, async (panel) => {
      const overload = explorationOf(
        'Sizing',
        [['Rush.ResNet50.arrivals', ['9000 rps', '15000 rps', '22000 rps']]],
        [
          ['maximize', 'goodput'],
          ['minimize', 'energy'],
        ],
      );
      const found = explored(overload, { asWritten: 2 });
      const [goodput] = found.measures;
      goodput?.set([8875, 4000, 0]);
      await explore(panel, found);
      await panel.page.getByTestId('heat-measure').selectOption({ label: 'goodput' });
      await settle(panel.page);
      const said = await textOf(panel.page, 'heat-finding');
      expect(said).toMatch(/, at 9,000 rps\. It changes between 0 rps and 8,875 rps with [\w.]+\.$/);
      // The axis does not cut the mark at zero.
      await panel.page.getByTestId('pareto-x').selectOption({ label: 'goodput' });
      await settle(panel.page);
      await panel.page.getByTestId('pareto-plot').press('Home');
      await panel.shoot('explore-zero');
    });
  });

  test.each([
    [9, false],
    [200, true],
  ])(
    'colours of measures that differ by a factor of %d: logarithmic is %s, and the legend states it',
    async (ratio, logarithmic) => {
      await withPanel({}, async (panel) => {
        const found = explored(oneGoal);
        found.measures[0]?.set(Array.from({ length: found.count }, (_, i) => 1e-3 * ratio ** (i / (found.count - 1))));
        await explore(panel, found);
        await panel.shoot(`explore-ramp-${ratio}`);
        expect((await textOf(panel.page, 'heat-legend')).includes('logarithmic colours')).toBe(logarithmic);
      });
    },
  );

  test('the plots follow the chosen measures, axes and fixed values', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      const result = explored(fourAxes, { asWritten: 40 });
      await explore(panel, result);
      await page.getByTestId('pareto-x').selectOption({ label: 'accuracy' });
      await page.getByTestId('heat-measure').selectOption({ label: 'energy per request' });
      await page.getByTestId('heat-across').selectOption({ label: 'arrays.count' });
      await page.getByTestId('heat-fixed-axis0').selectOption({ label: 'output-stationary' });
      await settle(page);
      expect(await textOf(page, 'heat-finding')).toMatch(/^The lowest energy per request is .* mJ, at 2, 400 GB\/s\./);
      const plot = page.getByTestId('heat-plot');
      await plot.press('Home');
      // The first array count, the first bandwidth, output-stationary, and the capacity of the design as written.
      expect(await textOf(page, 'design-title')).toBe('Design 41, as written');
      expect(await textOf(page, 'value-axis0')).toBe('output-stationary');
      await plot.press('ArrowRight');
      await plot.press('ArrowUp');
      expect(await textOf(page, 'value-axis1')).toBe('4');
      expect(await textOf(page, 'value-axis3')).toBe('800 GB/s');
    });
  });
});

test('a table shows how much each axis and each pair changes each goal', async () => {
  await withPanel({}, async (panel) => {
    const { page, shoot } = panel;
    await explore(panel, explored(sizing));
    expect(await textOf(page, 'effects-finding')).toMatch(
      /^\S.* explains? \d+ % of the differences in capacity\. \S.* explains? \d+ % of the differences in energy per request\.$/,
    );
    const rows = await page.getByTestId('figure-effects').locator('tbody tr').allInnerTexts();
    const axes = sizing.axes.length;
    expect(rows.length).toBe(axes + (axes * (axes - 1)) / 2);
    expect(rows[0]).toMatch(/%\s.* rps \(.*\) to .* rps \(/);
    await shoot('explore-effects');
  });
});

describe('linked views', () => {
  test('arrow keys mark a design in all three views and announce it', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      const result = explored(sizing);
      await explore(panel, result);
      // The lowest capacity first.
      await page.getByTestId('pareto-plot').press('Home');
      expect(await textOf(page, 'design-title')).toBe('Design 1');
      expect(await textOf(page, 'live')).toMatch(
        /^Design 1 of 27 designs: CMEM\.capacity 64 MiB, HBM\.bandwidth 400 GB\/s, capacity 7,200 rps, energy per request 2\.4 mJ; violates an objective$/,
      );
      expect(await page.getByTestId('design-0').getAttribute('data-pointed')).toBe('true');
      expect(await page.locator('.spot').isVisible()).toBe(true);
      expect(await page.locator('.cell-spot').isVisible()).toBe(true);
      await page.getByTestId('design-scroller').press('End');
      expect(await textOf(page, 'design-title')).toBe('Design 27');
      expect(Number(await page.getByTestId('value-goal0').getAttribute('data-value'))).toBe(result.measures[0]?.[26]);
      await page.getByTestId('design-scroller').press('Escape');
      expect(await page.locator('.spot').isVisible()).toBe(false);
      // Without a pointer, the keys start at the design as written.
      expect(await textOf(page, 'design-title')).toBe('Design 12, as written');
    });
  });

  test('the pointer finds the cell below it and the nearest point, and a click reveals the line of the axis', async () => {
    await withPanel({ height: 1400 }, async (panel) => {
      const { page, sent } = panel;
      await explore(panel, explored(sizing));
      const plot = await page.getByTestId('heat-plot').boundingBox();
      if (plot === null) throw new Error('no heat map');
      await page.mouse.move(plot.x + plot.width - 30, plot.y + 20);
      expect(await textOf(page, 'design-title')).toBe('Design 27');
      await page.mouse.click(plot.x + plot.width - 30, plot.y + 20);
      // The bandwidth is the horizontal axis.
      expect(await sent()).toContainEqual({ type: 'reveal', origin: fixtureOrigin(1560, 1595) });
      // A clicked design stays marked.
      await page.mouse.move(5, 5);
      expect(await textOf(page, 'design-title')).toBe('Design 27');
      const spot = await page.locator('.spot').boundingBox();
      if (spot === null) throw new Error('no point');
      await page.mouse.move(spot.x + 4, spot.y + 4);
      expect(await textOf(page, 'design-title')).toBe('Design 27');
      await page.getByTestId('source-goal1').click();
      expect(await sent()).toContainEqual({ type: 'reveal', origin: fixtureOrigin(1720, 1735) });
      await page.getByTestId('explore-source').click();
      expect(await sent()).toContainEqual({ type: 'reveal', origin: sizing.origin });
    });
  });

  test('filters and sorting apply to plots, table and keys', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      const result = explored(sizing);
      await explore(panel, result);
      await page.getByTestId('filter-met').click();
      await settle(page);
      expect(await page.locator('[data-design]').count()).toBe(17);
      expect(await page.getByTestId('pareto-violated').count()).toBe(0);
      expect(await textOf(page, 'pareto-met')).toBe('17');
      await page.getByTestId('sort-goal1').click();
      await settle(page);
      const shown = await page.locator('tr[data-design] td[data-key=goal1]').evaluateAll((cells) => {
        return cells.map((cell) => Number(cell.getAttribute('data-value')));
      });
      expect(shown).toEqual(shown.toSorted((a, b) => a - b));
      expect(await textOf(page, 'designs-finding')).toMatch(
        /^17 designs of 27, sorted by energy per request, lowest first\./,
      );
      await page.getByTestId('sort-goal1').click();
      await settle(page);
      expect(await textOf(page, 'designs-finding')).toContain('highest first');
    });
  });

  test('the plot and the sentence have the same front, of designs that meet all objectives if there are any', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      const result = explored(sizing);
      await explore(panel, result);
      const front = result.front.reduce((sum, one) => sum + one, 0);
      expect(await textOf(page, 'pareto-front')).toBe(String(front));
      expect(await textOf(page, 'filter-front')).toBe(`front ${front}`);
    });
  });

  test('legends follow the plot', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      await explore(panel, explored(sizing));
      const ramp = page.getByTestId('heat-legend').locator('li').first();
      expect(await ramp.innerText()).toMatch(/7,200 rps.*12,184 rps/s);
      await page.getByTestId('heat-measure').selectOption({ label: 'energy per request' });
      await settle(page);
      expect(await ramp.innerText()).toMatch(/2\.4 mJ.*4\.51 mJ/s);
    });
  });

  test('the focus stays when the focused element is replaced', async () => {
    await withPanel({}, async (panel) => {
      const { page, send } = panel;
      const focused = () => page.evaluate("document.activeElement?.getAttribute('data-testid')");
      const request = requestOf(sizing);
      await panel.update(fixtureUpdate(fixtureState('fresh', { explorations: [sizing] }), results));
      await page.getByTestId('explore-row-Sizing').press('Enter');
      await settle(page);
      expect(await focused()).toBe('explore-row-Sizing');
      await page.getByTestId('explore-start').press('Enter');
      await settle(page);
      expect(await focused()).toBe('explore-stop');
      await send({ type: 'explore', request, answer: exploreAnswer('done', explored(sizing)) });
      expect(await focused()).toBe('explore-name');
      await page.getByTestId('sort-goal1').press('Enter');
      await settle(page);
      expect(await focused()).toBe('sort-goal1');
      await page.getByTestId('sentence-Rush').press('Enter');
      await settle(page);
      expect(await focused()).toBe('sentence-Rush');
    });
  });

  test('a button leads back to the scenario', async () => {
    await withPanel({}, async (panel) => {
      const { page } = panel;
      await explore(panel, explored(sizing));
      expect(await page.getByTestId('figure-latency').isVisible()).toBe(false);
      await page.getByTestId('explore-scenario').click();
      await settle(page);
      expect(await page.getByTestId('explore').isVisible()).toBe(false);
      expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
      const { height = 0 } = (await page.getByTestId('latency-canvas').boundingBox()) ?? {};
      expect(height).toBeGreaterThan(100);
    });
  });

  test('the cursor in the source marks the matching parts', async () => {
    await withPanel({}, async (panel) => {
      await explore(panel, explored(sizing));
      const [axis] = sizing.axes;
      if (axis === undefined) throw new Error('no axis');
      await panel.send({ type: 'selection', origin: { ...axis.origin, end: axis.origin.start } });
      await settle(panel.page);
      expect(await panel.page.getByTestId('figure-heat').getAttribute('data-selected')).toBe('true');
      expect(await panel.page.getByTestId('explore-row-Sizing').getAttribute('data-selected')).toBe('true');
    });
  });
});

describe('states', () => {
  test('not tried, running, partly found, stopped, failed', async () => {
    for (const [theme, width] of looks<(typeof wideAndNarrow)[number]>(...wideAndNarrow)) {
      await withPanel({ theme, width }, async (panel) => {
        const { page, sent, send, shoot } = panel;
        const request = requestOf(sizing);
        await open(panel, sizing);
        expect(await textOf(page, 'explore-finding-Sizing')).toBe(
          'Sizing. 27 designs of Rush (CMEM.capacity × HBM.bandwidth), to find the highest capacity and the lowest energy per request. Not simulated yet.',
        );
        expect(await textOf(page, 'explore-start')).toBe('Simulate 27 designs');
        await shoot(`explore-untried-${theme}`);
        await page.getByTestId('explore-start').click();
        expect(await sent()).toContainEqual({ type: 'explore', request });
        await send({ type: 'explore', request, answer: { kind: 'running', fraction: 0, result: null } });
        expect(await page.getByTestId('explore-start').isVisible()).toBe(false);
        await shoot(`explore-running-${theme}`);
        const some = explored(sizing, { tried: 12 });
        await send({ type: 'explore', request, answer: exploreAnswer('running', some) });
        await settle(page);
        expect(await textOf(page, 'explore-finding-Sizing')).toMatch(/^Sizing\. Simulated 12 of 27 designs: /);
        expect(Number(await page.getByTestId('explore-progress').getAttribute('value'))).toBeCloseTo(12 / 27);
        // A message without a result keeps the last one.
        await send({ type: 'explore', request, answer: { kind: 'running', fraction: 0.5, result: null } });
        expect(await page.getByTestId('figure-pareto').isVisible()).toBe(true);
        await shoot(`explore-some-${theme}`);
        await page.getByTestId('explore-stop').click();
        expect(await sent()).toContainEqual({ type: 'cancelExplore' });
        await send({ type: 'explore', request, answer: { kind: 'gone' } });
        await settle(page);
        expect(await textOf(page, 'explore-note')).toBe(
          'The exploration was stopped. The 12 designs simulated until then are shown below.',
        );
        await shoot(`explore-gone-${theme}`);
        await page.getByTestId('explore-start').click();
        await send({ type: 'explore', request, answer: { kind: 'failed', message: 'the worker ended' } });
        await settle(page);
        expect(await textOf(page, 'explore-note')).toContain('The exploration failed: the worker ended.');
        expect(await textOf(page, 'explore-start')).toBe('Simulate again');
        await shoot(`explore-failed-${theme}`);
      });
    }
  });

  test('results of an earlier text are marked as such and can be simulated again', async () => {
    await withPanel({}, async (panel) => {
      const { page, update, shoot, sent } = panel;
      await explore(panel, explored(sizing));
      expect(await page.getByTestId('explore-note').isVisible()).toBe(false);
      expect(await page.getByTestId('explore-start').isVisible()).toBe(false);
      const [first, ...others] = sizing.axes;
      if (first === undefined) throw new Error('no axis');
      const edited = { ...sizing, axes: [{ ...first, values: first.values.slice(1) }, ...others] };
      await update(fixtureUpdate(fixtureState('fresh', { explorations: [edited] }), results));
      await settle(page);
      expect(await textOf(page, 'explore-note')).toMatch(/^The text has changed since/);
      expect(await page.getByTestId('figure-pareto').isVisible()).toBe(true);
      await shoot('explore-stale');
      await update(fixtureUpdate(fixtureState('fresh', { hash: '11ee', explorations: [sizing] }), results));
      await settle(page);
      expect(await textOf(page, 'explore-note')).toMatch(/^The text has changed since/);
      await page.getByTestId('explore-start').click();
      expect(await sent()).toContainEqual({ type: 'explore', request: { ...requestOf(sizing), hash: '11ee' } });
    });
  });

  test('other values under the same names replace the earlier ones', async () => {
    await withPanel({}, async (panel) => {
      const { page, send, update } = panel;
      await explore(panel, explored(sizing));
      await page.getByTestId('pareto-plot').press('Home');
      expect(await textOf(page, 'value-axis1')).toBe('400 GB/s');
      const [first, second, ...others] = sizing.axes;
      if (first === undefined || second === undefined) throw new Error('no axis');
      const values = second.values.map((_, i) => ({ text: `${405 + 100 * i} GB/s`, value: 405 + 100 * i }));
      const edited: Exploration = { ...sizing, axes: [first, { ...second, values }, ...others] };
      await update(fixtureUpdate(fixtureState('fresh', { explorations: [edited] }), results));
      await page.getByTestId('explore-start').click();
      await send({ type: 'explore', request: requestOf(edited), answer: exploreAnswer('done', explored(edited)) });
      await settle(page);
      await page.getByTestId('pareto-plot').press('Home');
      expect(await textOf(page, 'value-axis1')).toBe(values[0]?.text);
      expect(await page.locator('tr[data-design="0"] td[data-key="axis1"]').innerText()).toBe(values[0]?.text);
    });
  });

  test('an exploration that started before the page opens is shown', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh', { explorations: [sizing] }), results));
      const request = requestOf(sizing);
      // It has ended before the page receives its first message.
      await send({ type: 'explore', request, answer: exploreAnswer('done', explored(sizing)) });
      await settle(page);
      expect(await textOf(page, 'explore-name')).toBe('Sizing');
    });
  });

  test('an exploration that was started elsewhere in the editor is shown', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh', { explorations: [sizing] }), results));
      const request = requestOf(sizing);
      await send({ type: 'explore', request, answer: { kind: 'running', fraction: 0, result: null } });
      await settle(page);
      expect(await textOf(page, 'explore-name')).toBe('Sizing');
      // A user who has moved on to something else stays there.
      await page.getByTestId('explore-scenario').click();
      await send({ type: 'explore', request, answer: exploreAnswer('running', explored(sizing, { tried: 5 })) });
      await send({ type: 'explore', request, answer: exploreAnswer('done', explored(sizing)) });
      await settle(page);
      expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
      expect(await textOf(page, 'explore-finding-Sizing')).toMatch(/^Sizing\. 27 designs: 17 meet/);
    });
  });

  test('repeated results are restored without changing the view', async () => {
    await withPanel({}, async ({ page, update, send }) => {
      await update(fixtureUpdate(fixtureState('fresh', { explorations: [sizing] }), results));
      const request = requestOf(sizing);
      const some = exploreAnswer('running', explored(sizing, { tried: 5 }));
      await send({ type: 'explore', request, answer: some, again: true });
      await send({ type: 'explore', request, answer: { kind: 'gone' }, again: true });
      await settle(page);
      expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
      expect(await textOf(page, 'explore-finding-Sizing')).toMatch(/^Sizing\. Simulated 5 of 27 designs/);
      await page.getByTestId('explore-row-Sizing').click();
      await settle(page);
      expect(await textOf(page, 'explore-note')).toContain('The exploration was stopped.');
      expect(await page.getByTestId('figure-pareto').isVisible()).toBe(true);
    });
  });

  test('a deleted exploration is replaced by the scenario', async () => {
    await withPanel({}, async (panel) => {
      const { page, update } = panel;
      await explore(panel, explored(sizing));
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await settle(page);
      expect(await page.getByTestId('explore').isVisible()).toBe(false);
      expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
    });
  });

  test('a reloaded page shows the exploration with its choices', async () => {
    let state: unknown;
    await withPanel({}, async (panel) => {
      await explore(panel, explored(sizing));
      await panel.page.getByTestId('filter-front').click();
      state = await panel.savedState();
    });
    await withPanel({ state }, async (panel) => {
      await panel.update(fixtureUpdate(fixtureState('fresh', { explorations: [sizing] }), results));
      expect(await textOf(panel.page, 'explore-name')).toBe('Sizing');
      await panel.page.getByTestId('explore-start').click();
      await panel.send({
        type: 'explore',
        request: requestOf(sizing),
        answer: exploreAnswer('done', explored(sizing)),
      });
      await settle(panel.page);
      expect(await panel.page.getByTestId('filter-front').getAttribute('aria-pressed')).toBe('true');
    });
  });
});

test('exports contain every design, in SI units', async () => {
  await withPanel({}, async (panel) => {
    const { page, sent, shoot } = panel;
    await explore(panel, explored(sizing));
    const save = async (figure: string, action: string): Promise<string> => {
      await page.getByTestId(`figure-${figure}`).locator('summary[aria-label]').click();
      await page.getByTestId(`figure-${figure}`).locator(`[data-action=${action}]`).click();
      await settle(page);
      const saved = (await sent()).findLast(({ type }) => type === 'save');
      return saved?.type === 'save' ? String(saved.content) : '';
    };
    const csv = (await save('designs', 'csv')).trimEnd().split('\r\n');
    expect(csv[0]).toBe(
      'design,Stimpack.CMEM.capacity,Stimpack.HBM.bandwidth,capacityRps,energyJoulesPerRequest,verdict,front,asWritten',
    );
    expect(csv.length).toBe(28);
    expect(csv[3]).toBe('3,64 MiB,600 GB/s,,,unbuilt,no,no');
    const heat = await save('heat', 'svg');
    // At least one rectangle for each measured cell, and no colour notation that only browsers understand.
    expect(heat.match(/<rect /g)?.length).toBeGreaterThanOrEqual(26);
    expect(heat).not.toMatch(/oklch|NaN|undefined/);
    expect(await save('pareto', 'svg')).toContain('as written');
    expect(JSON.parse(await save('designs', 'json')).rows[26].capacityRps).toBeGreaterThan(0);
    await page.setContent(heat);
    await shoot('explore-heat-svg');
  });
});

/** The relative luminance of a colour in SVG notation (WCAG 2.2). */
function luminance(color: string): number {
  const hex = color.startsWith('#') ? [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16)) : undefined;
  const [r = 0, g = 0, b = 0] = (hex ?? (color.match(/\d+/g) ?? []).map(Number)).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test.each(['dark', 'light', 'highContrast', 'highContrastLight'] as const)(
  'among hundreds of points, in %s, form and lightness distinguish met from violated',
  async (theme) => {
    const steps = (count: number, unit: string) => Array.from({ length: count }, (_, i) => `${i + 1} ${unit}`);
    const hundreds = explorationOf(
      'Hundreds',
      [
        ['Stimpack.CMEM.capacity', steps(20, 'MiB')],
        ['Stimpack.HBM.bandwidth', steps(30, 'GB/s')],
      ],
      [
        ['maximize', 'capacity'],
        ['minimize', 'energy'],
      ],
    );
    await withPanel({ theme }, async (panel) => {
      const { page, sent } = panel;
      await explore(panel, explored(hundreds));
      await page.getByTestId('figure-pareto').locator('summary[aria-label]').click();
      await page.getByTestId('figure-pareto').locator('[data-action=svg]').click();
      await settle(page);
      const saved = (await sent()).findLast(({ type }) => type === 'save');
      const svg = saved?.type === 'save' ? String(saved.content) : '';
      const count = async (key: string) => Number((await textOf(page, `pareto-${key}`)).replaceAll(',', ''));
      const discs = [...svg.matchAll(/<path d="M[^"]*A[^"]*" fill="(rgb[^"]+)"/g)];
      const crosses = [
        ...svg.matchAll(/<path d="M[^LA"]*L[^MLA"]*M[^LA"]*L[^MLA"]*" fill="none" stroke="(rgb[^"]+)"/g),
      ];
      expect(discs.length).toBe(await count('met'));
      expect(crosses.length).toBe(await count('violated'));
      const [disc, cross] = [luminance(discs[0]?.[1] ?? ''), luminance(crosses[0]?.[1] ?? '')];
      expect((Math.max(disc, cross) + 0.05) / (Math.min(disc, cross) + 0.05)).toBeGreaterThan(1.5);
    });
  },
);

test('of ten thousand designs, only visible rows are created', async () => {
  const steps = (count: number, unit: string) => Array.from({ length: count }, (_, i) => `${(i + 1) * 10} ${unit}`);
  const wide = explorationOf(
    'Wide',
    [
      ['Stimpack.CMEM.capacity', steps(10, 'MiB')],
      ['Stimpack.HBM.bandwidth', steps(25, 'GB/s')],
      ['Stimpack.arrays.rows', steps(40, '')],
    ],
    [
      ['maximize', 'capacity'],
      ['minimize', 'energy'],
    ],
  );
  const result = explored(wide, { asWritten: 5123 });
  expect(result.count).toBe(10_000);
  for (const [theme, width] of looks<(typeof wideAndNarrow)[number]>(...wideAndNarrow)) {
    await withPanel({ theme, width }, async (panel) => {
      const { page, shoot } = panel;
      await explore(panel, result);
      await linesDrawn(panel, result);
      await shoot(`explore-wide-${theme}`);
      const rows = page.locator('tr[data-design]');
      expect(await rows.count()).toBeLessThan(60);
      await page.getByTestId('design-scroller').press('End');
      expect(await textOf(page, 'design-title')).toBe('Design 10000');
      expect(await page.getByTestId('design-9999').isVisible()).toBe(true);
      expect(await rows.count()).toBeLessThan(60);
    });
  }
});

/** Waits until the plot of all values has drawn its lines, some hundred in each frame. */
async function linesDrawn({ page }: OpenPanel, { verdicts }: ExplorationResult): Promise<void> {
  const count = verdicts.filter((verdict) => verdict !== exploredVerdicts.indexOf('unbuilt')).length;
  await page.locator(`[data-testid="parallel-plot"][data-lines="${count}"]`).waitFor();
}

test('limits on the plot of all values leave designs out, with the keyboard and with the pointer', async () => {
  for (const [theme, width] of looks<(typeof wideAndNarrow)[number]>(...wideAndNarrow)) {
    await withPanel({ theme, width }, async (panel) => {
      const { page, shoot } = panel;
      await explore(panel, explored(sizing));
      await linesDrawn(panel, explored(sizing));
      const shownDesigns = async () =>
        Number((await textOf(page, 'parallel-finding')).match(/(\d+) designs? within/u)?.[1]);
      await page.getByTestId('parallel-limit').selectOption('axis1');
      expect(await textOf(page, 'parallel-range')).toBe('400 GB/s to 1200 GB/s');
      await page.getByTestId('parallel-from').press('ArrowRight');
      await settle(page);
      expect(await textOf(page, 'parallel-range')).toBe('500 GB/s to 1200 GB/s');
      expect(await shownDesigns()).toBe(24);
      expect(await page.locator('tr[data-design]').count()).toBeLessThanOrEqual(24);
      // A drag over the upper half of the first upright, 64 to 256 MiB, leaves the two larger ones.
      const plot = page.getByTestId('parallel-plot');
      await plot.scrollIntoViewIfNeeded();
      const box = await plot.boundingBox();
      const places = JSON.parse((await plot.getAttribute('data-uprights')) ?? '[]') as readonly number[];
      if (box === null || places[0] === undefined) throw new Error('the plot is not shown');
      await page.mouse.move(box.x + places[0], box.y + 42);
      await page.mouse.down();
      await page.mouse.move(box.x + places[0], box.y + 0.6 * box.height, { steps: 4 });
      await page.mouse.up();
      await settle(page);
      expect(await shownDesigns()).toBe(16);
      await linesDrawn(panel, explored(sizing));
      await shoot(`explore-limits-${theme}`);
      await plot.press('ArrowRight');
      expect(await textOf(page, 'design-title')).toMatch(/^Design \d+$/u);
      await page.getByTestId('parallel-clear').click();
      await settle(page);
      expect(await shownDesigns()).toBeNaN();
      expect(await page.getByTestId('parallel-clear').isHidden()).toBe(true);
    });
  }
});
