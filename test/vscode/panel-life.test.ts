import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWorkbench, temporaryCopy, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import {
  goToLine,
  openFile,
  readStatusBar,
  runCommand,
  screenshot,
  storedTabs,
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * The states of the panel in a real VS Code: without a document, with one, after a reload of the window while the
 * document is behind another file, moved from the tab to the side bar, and after its document is closed or deleted.
 */

let workbench: Workbench;
const examples = temporaryCopy(path.resolve('examples'));
const file = path.join(examples.folder, 'rush.npu');

beforeAll(async () => {
  writeFileSync(path.join(examples.folder, 'notes.txt'), 'A file of another kind.');
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
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'panel-life-failed');
});

const panelWith = (id: string): Promise<Frame> =>
  webviewFrame(workbench.page, (frame) => frame.getByTestId(id).isVisible());

const windowOf = (frame: Frame): Promise<string> => frame.getByTestId('window').innerText();

let zoomed = '';

/**
 * Resolves when the page has sent its view to the host, 150 ms after the last change of the view (webview/page/view-keeper.ts).
 * Timers of a page end in the order of their times, so this one ends after that of the view, also on a busy machine.
 */
async function viewSent(frame: Frame): Promise<void> {
  await frame.evaluate('new Promise((done) => setTimeout(done, 200))');
}

/** Presses a key that moves the window in time. Returns its new place. */
async function pressed(frame: Frame, key: string): Promise<string> {
  const before = await windowOf(frame);
  await frame.getByTestId('latency-plot').press(key);
  await until('another window', async () => (await windowOf(frame)) !== before);
  return windowOf(frame);
}

test('without an active design, the panel states what to do', async () => {
  // The palette lists the commands that were available when it was opened.
  await workbench.page.locator('.activitybar [aria-label="Stimpack"]').first().waitFor();
  // Beside this one, so that the next editor does not cover the panel.
  await openFile(workbench.page, 'notes.txt');
  await runCommand(workbench.page, 'Stimpack: Open Results Beside the Editor');
  const frame = await panelWith('open-example');
  expect(await frame.getByTestId('placeholder').innerText()).toContain('Nothing to plot yet');
});

test('it draws the active document, and keeps it behind another file', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  const frame = await panelWith('verdicts');
  zoomed = await pressed(frame, '+');
  await openFile(page, 'notes.txt');
  expect(await windowOf(await panelWith('verdicts'))).toBe(zoomed);
});

test('both ways: a plot leads to its line, and the cursor in the source marks its plots', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  const frame = await panelWith('verdicts');
  const lines = readFileSync(file, 'utf8').split('\n');
  const lineOf = (text: string) => lines.findIndex((line) => line.includes(text)) + 1;
  const cursor = `Ln ${lineOf('p99 latency <=')}, `;
  await frame.getByTestId('latency-plot').press('Enter');
  await until('the objective to be shown', async () =>
    (await readStatusBar(page)).some((text) => text.includes(cursor)),
  );
  await goToLine(page, lineOf('arrivals: poisson'), 10);
  await until('the arrivals to be marked', () =>
    frame.locator('[data-testid="figure-throughput"][data-selected]').isVisible(),
  );
  expect(await frame.locator('[data-testid="figure-latency"][data-selected]').count()).toBe(0);
});

test('a plot is exported: as a picture in the clipboard, as a file, and as a trace of the shown run', async () => {
  const { page } = workbench;
  const frame = await panelWith('verdicts');
  const choose = async (figure: string, action: string): Promise<void> => {
    const menu = frame.getByTestId(`figure-${figure}`).locator('.menu');
    await menu.locator('summary').click();
    await menu.locator(`[data-action="${action}"]`).click();
  };
  await choose('latency', 'copy');
  await until('the picture', async () => (await frame.getByTestId('live').innerText()) === 'Image copied');
  const types = await page.evaluate(async () => (await navigator.clipboard.read()).flatMap(({ types }) => types));
  expect(types).toContain('image/png');
  for (const [figure, action, name] of [
    ['throughput', 'csv', 'throughput.csv'],
    ['timeline', 'trace', 'Rush.trace.json'],
  ] as const) {
    await choose(figure, action);
    const input = page.locator('.quick-input-widget input');
    await until('the dialog', async () => (await input.inputValue()).endsWith(name));
    await input.press('Enter');
    await until(`${name} to be written`, async () => existsSync(path.join(examples.folder, name)));
  }
  const csv = readFileSync(path.join(examples.folder, 'throughput.csv'), 'utf8');
  expect(csv).toMatch(/^startSeconds,arrived,completed/);
  // It is written in pieces, and is complete once it can be parsed.
  const trace = await until('the whole trace', async () => {
    const text = readFileSync(path.join(examples.folder, 'Rush.trace.json'), 'utf8');
    return JSON.parse(text) as { readonly traceEvents: readonly unknown[] };
  });
  expect(trace.traceEvents.length).toBeGreaterThan(100);
  await openFile(page, 'notes.txt');
});

test('a reload of the window restores document, run and zoom', async () => {
  const { page } = workbench;
  await storedTabs(page, (front) =>
    ['notes.txt', '\\"window\\":{'].every((text) => front.some((tab) => tab.includes(text))),
  );
  await page.reload();
  const frame = await panelWith('verdicts');
  // The tab of the document is behind this one and not loaded yet. The panel opened the document.
  await page.locator('.tab.active[data-resource-name="notes.txt"]').waitFor();
  expect(await frame.getByTestId('file-name').innerText()).toBe('rush.npu');
  expect(await windowOf(frame)).toBe(zoomed);
  await screenshot(page, 'panel-reloaded');
});

test('from the tab to the side bar: the other page continues where this one was', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  const frame = await panelWith('verdicts');
  zoomed = await pressed(frame, '+');
  await viewSent(frame);
  await page.locator('.tab', { hasText: 'Stimpack' }).click();
  await runCommand(page, 'View: Close Editor');
  await until('the tab to go', async () => frame.isDetached());
  await runCommand(page, 'Stimpack: Open Results in the Side Bar');
  expect(await windowOf(await panelWith('verdicts'))).toBe(zoomed);
  await screenshot(page, 'panel-side-bar');
  // And back, while the side bar is hidden and its page is gone.
  await runCommand(page, 'View: Show Explorer');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  expect(await windowOf(await panelWith('verdicts'))).toBe(zoomed);
});

test('a closed document can be opened from the panel, and a deleted one is reported as deleted', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'View: Close Editor');
  const closed = await panelWith('open-again');
  expect(await closed.getByTestId('problem').innerText()).toContain('rush.npu is closed');
  expect(await closed.getByTestId('content').isVisible()).toBe(true);
  await screenshot(page, 'panel-closed');
  await closed.getByTestId('open-again').click();
  await until('its run', async () => (await closed.getByTestId('phase').innerText()).includes('up to date'));
  rmSync(file);
  await until('the word of it', async () => (await closed.getByTestId('phase').innerText()).includes('deleted'));
  expect(await closed.getByTestId('content').isVisible()).toBe(true);
});
