import { expect, test } from 'vitest';
import { fixtureState, fixtureUpdate } from './fixtures.ts';
import type { OpenPanel } from './harness.ts';
import { answerSegments, checkLooks, panelTests, settle, textOf } from './harness.ts';
import { loadOf, realRun } from './real-run.ts';

/*
 * The life of one late request of a real run. The test compares what the panel shows with the simulator's own record.
 */

const { withPanel } = panelTests();
const run = await realRun(loadOf('24000 rps'));
const [rush] = run.results;
const serve = rush?.main.serves[0];
const limitSeconds = 0.015;

const answer = (panel: OpenPanel, answered?: Set<string>) => answerSegments(panel, run.segments, answered);

const start = (panel: OpenPanel) => panel.update(fixtureUpdate(fixtureState('fresh', { uri: run.uri }), run.results));

/** The seconds of each part that the panel lists. */
const partsOf = async ({ page }: OpenPanel): Promise<Readonly<Record<string, number>>> =>
  page
    .locator('[data-testid="request-parts"] [data-part]')
    .evaluateAll((items) =>
      Object.fromEntries(
        items.map((item) => [item.getAttribute('data-part'), Number(item.getAttribute('data-value'))]),
      ),
    );

test('a click on a late request shows its wait, batch, layers and modes; the parts add up to its latency', async () => {
  await withPanel({ width: 1300, height: 1500 }, async (panel) => {
    const { page, shoot } = panel;
    await start(panel);
    const box = await page.getByTestId('latency-plot').boundingBox();
    if (box === null) throw new Error('no latency plot');
    // Far right, near the top, where an overloaded chip is late.
    await page.mouse.click(box.x + box.width - 60, box.y + 14);
    await answer(panel);
    const story = await textOf(page, 'request-story');
    expect(story).toMatch(
      /^It took [\d.]+ m?s, [\d.]+ [mµ]?s more than the 15 ms limit\. It arrived at \d\.\d+ s and found [\d,.]+ requests waiting/,
    );
    expect(story).toMatch(/It waited [\d.]+ m?s while [\d,.]+ batches with [\d,.]+ requests ran\./);
    expect(story).toMatch(/It ran in a batch of 8 for [\d.]+ [mµ]s.* in burst mode/);
    const parts = await partsOf(panel);
    const took = Object.values(parts).reduce((sum, seconds) => sum + seconds, 0);
    expect(took).toBeGreaterThan(limitSeconds);
    // No request is slower than the slowest.
    expect(took).toBeLessThanOrEqual((serve?.latency.max ?? 0) * (1 + 1e-9));
    await page.getByTestId('request-layers').locator('summary').click();
    await page.getByTestId('request-layers').locator('tbody tr').first().waitFor();
    const layers = await page.getByTestId('request-layers').locator('tbody tr').count();
    // Fused layers take no time. The 53 convolutions and the classifier do.
    expect(layers).toBeGreaterThanOrEqual(54);
    const seconds = await page
      .getByTestId('request-layers')
      .locator('tbody tr td:last-child')
      .evaluateAll((cells) => cells.reduce((sum, cell) => sum + Number(cell.getAttribute('data-value')), 0));
    expect(seconds).toBeCloseTo(took - (parts.waiting ?? 0) - (parts.filling ?? 0), 9);
    await shoot('request-life');
    await page.getByTestId('request-window').click();
    await answer(panel);
    await shoot('request-window');
    await page.getByTestId('request-close').click();
    expect(await page.getByTestId('request').isVisible()).toBe(false);
  });
});

test('keys step through late requests and announce them, and after zooming in each request has a mark', async () => {
  await withPanel({ theme: 'light' }, async (panel) => {
    const { page, shoot } = panel;
    const answered = new Set<string>();
    await start(panel);
    await page.getByTestId('latency-plot').focus();
    const ends: number[] = [];
    for (let step = 0; step < 3; step++) {
      await page.keyboard.press('l');
      await answer(panel, answered);
      const said = /Request finished at ([\d.]+) s\. It took [\d.]+ m?s, [\d.]+ [mµ]?s more/;
      await expect.poll(() => textOf(page, 'live')).toMatch(said);
      ends.push(Number(said.exec(await textOf(page, 'live'))?.[1]));
    }
    expect(ends).toEqual(ends.toSorted((a, b) => a - b));
    await page.getByTestId('request-window').click();
    await answer(panel, answered);
    await settle(page);
    await shoot('request-marks');
    // The key R shows the slowest request at the cursor.
    await page.getByTestId('latency-plot').press('r');
    await answer(panel, answered);
    expect(await textOf(page, 'request-story')).toContain('It took');
  });
});

test('new results close the shown request', async () => {
  await withPanel({}, async (panel) => {
    await start(panel);
    await panel.page.getByTestId('latency-plot').press('l');
    await answer(panel);
    expect(await panel.page.getByTestId('request').isVisible()).toBe(true);
    await start(panel);
    expect(await panel.page.getByTestId('request').isVisible()).toBe(false);
  });
});

test.each([300, 1200])('accessible at a width of %d pixels', async (width) => {
  await withPanel({ width }, async (panel) => {
    const { page } = panel;
    await start(panel);
    await page.getByTestId('latency-plot').press('l');
    await answer(panel);
    await page.getByTestId('request-layers').locator('summary').click();
    await page.getByTestId('request').scrollIntoViewIfNeeded();
    await checkLooks(panel, `request-${width}`);
  });
});
