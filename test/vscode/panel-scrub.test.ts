import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWorkbench, temporaryCopy, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import { goToLine, openFile, runCommand, screenshot, webviewFrame } from '../../scripts/vscode/workbench.ts';

/*
 * A number that moves in a real VS Code: by the keys in the source and by a slider of the panel. The panel shows previews while it moves and the whole run
 * when it rests.
 */

const peakLine = 14;

let workbench: Workbench;
let frame: Frame;
const examples = temporaryCopy(path.resolve('examples'));

beforeAll(async () => {
  workbench = await openWorkbench({
    folder: examples.folder,
    extension: path.resolve('.'),
    viewport: { width: 1600, height: 1000 },
  });
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  frame = await webviewFrame(page, (candidate) => candidate.getByTestId('verdicts').isVisible());
  await frame.evaluate(recordPhases);
});

afterAll(async () => {
  await workbench?.close();
  examples.remove();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'panel-scrub-failed');
});

/** In the page: keeps the phase of each state, whether it has the plots of a preview, and what the page has shown of it. */
const recordPhases = `
  globalThis.phases = [];
  globalThis.shown = [];
  addEventListener('message', ({ data }) => {
    if (data.type === 'update') phases.push(data.update.previews === undefined ? data.update.state.phase : 'plots');
  });
  const content = document.querySelector('[data-testid=content]');
  new MutationObserver((all) => shown.push(...all.map(({ attributeName }) => attributeName)))
    .observe(content, { attributes: true, attributeFilter: ['data-judged', 'data-previewed', 'data-drawn'] });
`;

interface Recorded {
  readonly phases: readonly string[];
  readonly shown: readonly string[];
}

/** What has been recorded since the last call. */
const recorded = (): Promise<Recorded> =>
  frame.evaluate<Recorded>('({ phases: phases.splice(0), shown: shown.splice(0) })');

const peak = async (): Promise<string> => {
  const text = await workbench.page.locator('.view-line', { hasText: 'let' }).filter({ hasText: 'peak' }).innerText();
  // VS Code draws spaces as no-break spaces.
  return /\d+/.exec(text)?.[0] ?? text;
};

const rested = (): Promise<unknown> =>
  until('the whole run', async () => {
    const phase = await frame.getByTestId('phase').innerText();
    return phase.includes('up to date') && (await frame.getByTestId('content').getAttribute('data-drawing')) === null;
  });

async function undo(): Promise<void> {
  await openFile(workbench.page, 'rush.npu');
  await goToLine(workbench.page, peakLine);
  await workbench.page.keyboard.press('Control+z');
}

test('keys that repeat quickly lose no step, previews are shown meanwhile, and one undo reverts all of them', async () => {
  const { page } = workbench;
  await rested();
  await goToLine(page, peakLine, 13);
  await recorded();
  for (let i = 0; i < 12; i++) await page.keyboard.press('Alt+ArrowUp');
  for (let i = 0; i < 5; i++) await page.keyboard.press('Alt+ArrowDown');
  await until('all steps', async () => (await peak()) === '20000');
  const phases: string[] = [];
  const shown: string[] = [];
  await until('the whole run', async () => {
    const news = await recorded();
    phases.push(...news.phases);
    shown.push(...news.shown);
    return phases.includes('running') && phases.at(-1) === 'fresh';
  });
  await rested();
  expect(phases).toContain('preview');
  expect(phases.indexOf('preview')).toBeLessThan(phases.indexOf('running'));
  // The verdicts of a preview are shown before any plots of the whole run are drawn.
  expect(shown[0]).toBe('data-judged');
  const verdict = await frame.getByTestId('verdicts').innerText();
  await undo();
  await until('the number before', async () => (await peak()) === '13000');
  // The results follow the undo as well, without a save.
  await until('the run before', async () => (await frame.getByTestId('verdicts').innerText()) !== verdict);
  await rested();
});

test('a slider shows verdicts and plots of previews while it is dragged, and the whole run when it rests', async () => {
  const { page } = workbench;
  const slider = frame.getByTestId('number-peak');
  await slider.scrollIntoViewIfNeeded();
  const box = await slider.boundingBox();
  if (box === null) throw new Error('the slider has no place');
  const middle = box.y + box.height / 2;
  const at = (share: number): Promise<void> => page.mouse.move(box.x + share * box.width, middle);
  await recorded();
  await at(0.5);
  await page.mouse.down();
  const all: Recorded[] = [];
  // It moves until it has been seen, not for a fixed time.
  let moves = 0;
  await until('previews and their plots', async () => {
    await at(0.5 + 0.3 * Math.sin(++moves / 6));
    all.push(await recorded());
    return ['data-judged', 'data-previewed'].every((one) => all.some(({ shown }) => shown.includes(one)));
  });
  await screenshot(page, 'panel-scrub');
  await page.mouse.up();
  expect(all.some(({ phases }) => phases.includes('plots'))).toBe(true);
  await until('another number', async () => (await peak()) !== '13000');
  await rested();
  expect(await frame.locator('[data-preview]').count()).toBe(0);
  expect((await slider.getAttribute('aria-valuetext')) ?? '').toBe(`${await peak()} rps`);
  await undo();
  await until('the number before', async () => (await peak()) === '13000');
});
