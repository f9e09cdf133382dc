import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWorkbench, temporaryCopy, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import {
  goToLine,
  openFile,
  readStatusBar,
  replaceLine,
  runCommand,
  save,
  screenshot,
  storedTabs,
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * A sweep over designs in a real VS Code. The test starts it from the lens above its block, watches it draw, stops it,
 * runs it to its end, reads its numbers, follows its points and rows to the source, and reloads the window.
 */

let workbench: Workbench;
const examples = temporaryCopy(path.resolve('examples'));
const source = readFileSync(path.join(examples.folder, 'explore.npu'), 'utf8').split('\n');
const lineOf = (text: string) => source.findIndex((line) => line.includes(text)) + 1;
/** Enough designs that partial results are visible. */
const many = '  vary Sized.HBM.bandwidth in 40 GB/s .. 260 GB/s step 5 GB/s';
const few = '  vary Sized.HBM.bandwidth in 40 GB/s .. 200 GB/s step 80 GB/s';

beforeAll(async () => {
  workbench = await openWorkbench({
    folder: examples.folder,
    extension: path.resolve('.'),
    viewport: { width: 1600, height: 1000 },
  });
});

afterAll(async () => {
  await workbench?.close();
  examples.remove();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'panel-explore-failed');
});

const panel = (): Promise<Frame> => webviewFrame(workbench.page, (frame) => frame.getByTestId('explore').isVisible());

const phaseOf = async (frame: Frame) => frame.getByTestId('explore').getAttribute('data-phase');

const cursorAt = (text: string): Promise<unknown> =>
  until(`the cursor at '${text}'`, async () =>
    (await readStatusBar(workbench.page)).some((each) => each.includes(`Ln ${lineOf(text)}, `)),
  );

/** The numbers of the designs in the table. */
const rowsOf = (frame: Frame): Promise<readonly (readonly number[])[]> =>
  frame
    .locator('tr[data-design]')
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.querySelectorAll('td[data-value]')].map((cell) => Number(cell.getAttribute('data-value'))),
      ),
    );

async function bandwidth(text: string): Promise<void> {
  await openFile(workbench.page, 'explore.npu');
  await replaceLine(workbench.page, lineOf('vary Sized.HBM.bandwidth'), text);
  await save(workbench.page);
}

test('the lens above the block starts it, and partial results are drawn while it runs', async () => {
  const { page } = workbench;
  await bandwidth(many);
  await goToLine(page, lineOf('explore Sizing'));
  const lens = page.locator('.codelens-decoration a', { hasText: 'Explore' });
  await lens.first().click();
  const frame = await panel();
  await until('some of the designs', async () => (await frame.locator('tr[data-design]').count()) > 0);
  const sentence = await frame.getByTestId('explore-finding-Sizing').innerText();
  expect(sentence).toMatch(/^Sizing\. Simulated \d+ of 225 designs: /);
  expect(await frame.getByTestId('explore-stop').isVisible()).toBe(true);
  await screenshot(page, 'explore-running');
});

test('it can be stopped, and its results stay', async () => {
  const frame = await panel();
  await frame.getByTestId('explore-stop').click();
  await until('the note that it was stopped', async () =>
    (await frame.getByTestId('explore-note').innerText()).startsWith('The exploration was stopped.'),
  );
  expect(await frame.getByTestId('explore-start').innerText()).toBe('Simulate again');
  expect(await frame.getByTestId('figure-pareto').isVisible()).toBe(true);
  await screenshot(workbench.page, 'explore-stopped');
});

test('at its end, the trade-off, the heat map and the table show the same numbers', async () => {
  await bandwidth(few);
  const frame = await panel();
  await until('the note that the text has changed', async () =>
    (await frame.getByTestId('explore-note').innerText()).includes('The text has changed since'),
  );
  await until('the run', async () => (await frame.getByTestId('phase').innerText()).includes('up to date'));
  await runCommand(workbench.page, 'Stimpack: Explore');
  await until('the end of it', async () => (await phaseOf(frame)) === 'done', 120_000);
  const sentence = await frame.getByTestId('explore-finding-Sizing').innerText();
  expect(sentence).toMatch(/^Sizing\. 15 designs: (all|\d+) meet/);
  const rows = await rowsOf(frame);
  expect(rows).toHaveLength(15);
  const [first, last] = [rows[0] ?? [], rows.at(-1) ?? []];
  // The most CMEM and the fastest HBM can serve more load than the least of both.
  expect(last[2]).toBeGreaterThan(first[2] ?? Number.NaN);
  const plot = frame.getByTestId('heat-plot');
  await plot.press('End');
  const title = await frame.getByTestId('design-title').innerText();
  const design = Number(/\d+/.exec(title)?.[0]) - 1;
  for (const [i, key] of ['goal0', 'goal1'].entries()) {
    expect(Number(await frame.getByTestId(`value-${key}`).getAttribute('data-value'))).toBe(rows[design]?.[2 + i]);
  }
  // Each canvas has more than its background.
  for (const id of ['pareto', 'heat']) {
    const inked = await frame.getByTestId(`${id}-canvas`).evaluate((canvas: unknown) => {
      const { width, height, getContext } = canvas as HTMLCanvasElementLike;
      const context = getContext.call(canvas, '2d');
      return context
        .getImageData(0, 0, width, height)
        .data.filter((_, i) => i % 4 === 3)
        .filter((alpha) => alpha > 0).length;
    });
    expect(inked).toBeGreaterThan(1000);
  }
  await screenshot(workbench.page, 'explore-done');
});

interface HTMLCanvasElementLike {
  readonly width: number;
  readonly height: number;
  readonly getContext: (kind: '2d') => {
    readonly getImageData: (
      x: number,
      y: number,
      width: number,
      height: number,
    ) => { readonly data: Uint8ClampedArray };
  };
}

test('a point leads to the varied line, a goal to its own line, a row to its axis, and the cursor in the source marks its plot', async () => {
  const { page } = workbench;
  const frame = await panel();
  await frame.getByTestId('pareto-plot').press('End');
  const [x = Number.NaN, y = Number.NaN] = await frame.locator('.spot').evaluate((spot: unknown) => {
    const { left, top } = (spot as { readonly style: { readonly left: string; readonly top: string } }).style;
    return [Number.parseFloat(left), Number.parseFloat(top)];
  });
  await frame.getByTestId('pareto-plot').click({ position: { x, y } });
  await cursorAt('vary Sized.CMEM.capacity');
  const kept = await frame.getByTestId('design-title').innerText();
  await frame.getByTestId('source-goal1').click();
  await cursorAt('minimize energy');
  await frame.locator('tr[data-design="3"] td[data-key="axis1"]').click();
  await cursorAt('vary Sized.HBM.bandwidth');
  expect(await frame.getByTestId('design-title').innerText()).not.toBe(kept);
  await goToLine(page, lineOf('maximize capacity'), 5);
  await until('the plots of that goal to be marked', () =>
    frame.locator('[data-testid="figure-pareto"][data-selected]').isVisible(),
  );
});

test('a reload of the window restores it, with its selection', async () => {
  const { page } = workbench;
  const before = await panel();
  await before.getByTestId('filter-front').click();
  // The page is drawn again in the next frame.
  await until(
    'the filter',
    async () => (await before.getByTestId('filter-front').getAttribute('aria-pressed')) === 'true',
  );
  const rows = await rowsOf(before);
  await storedTabs(page, (front) => front.some((tab) => tab.includes('\\"filter\\":\\"front\\"')));
  await page.reload();
  const frame = await panel();
  await until('the designs', async () => (await frame.locator('tr[data-design]').count()) === rows.length);
  expect(await rowsOf(frame)).toEqual(rows);
  expect(await frame.getByTestId('filter-front').getAttribute('aria-pressed')).toBe('true');
  expect(await phaseOf(frame)).toBe('done');
  await screenshot(page, 'explore-reloaded');
});
