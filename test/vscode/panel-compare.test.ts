import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
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
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * Runs that are compared in a real VS Code: with an earlier run, with a git revision, and in a second panel that is locked to its file. And what reaches
 * the panel from outside: a file that changes on disk, and a report that is saved.
 */

let workbench: Workbench;
let frame: Frame;
const examples = temporaryCopy(path.resolve('examples'));
const file = path.join(examples.folder, 'rush.npu');
const peakLine =
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.startsWith('let peak')) + 1;

function git(...args: readonly string[]): void {
  execFileSync('git', ['-c', 'user.name=A', '-c', 'user.email=a@b.c', ...args], { cwd: examples.folder });
}

beforeAll(async () => {
  git('init', '--quiet');
  git('add', '.');
  git('commit', '--quiet', '--message', 'First design');
  workbench = await openWorkbench({
    folder: examples.folder,
    extension: path.resolve('.'),
    viewport: { width: 1600, height: 1000 },
  });
  await openFile(workbench.page, 'rush.npu');
  await runCommand(workbench.page, 'Stimpack: Open Results Beside the Editor');
  frame = await panelOf('rush.npu');
});

afterAll(async () => {
  await workbench?.close();
  examples.remove();
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'panel-compare-failed');
});

const panelOf = (name: string): Promise<Frame> =>
  webviewFrame(
    workbench.page,
    async (candidate) =>
      (await candidate.getByTestId('verdicts').isVisible()) &&
      (await candidate.getByTestId('file-name').innerText()) === name,
  );

const rows = () => frame.getByTestId('history').getByRole('listitem');
const historyText = () => frame.getByTestId('history').innerText();

async function savePeak(rate: number): Promise<void> {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await replaceLine(page, peakLine, `let peak = ${rate} rps`);
  await save(page);
}

test('an earlier run keeps its star, is compared, and is restored as an edit that Ctrl+S saves', async () => {
  const { page } = workbench;
  await until('the first run', async () => (await rows().count()) === 1);
  await rows().getByRole('button', { name: /^Star/u }).click();
  await until('its star', async () => (await historyText()).includes('★'));
  // A run of this run within two seconds would be one entry with it, but for the star.
  await savePeak(9000);
  await until('the second run', async () => (await historyText()).includes('peak 13000 -> 9000 rps'));
  await rows()
    .nth(1)
    .getByRole('button', { name: /^Compare/u })
    .click();
  await until('its figures', async () => (await frame.getByTestId('comparison').innerText()).includes('first run'));
  expect(await frame.getByTestId('distribution-legend').innerText()).toContain('first run');
  await rows()
    .nth(1)
    .getByRole('button', { name: /^Restore/u })
    .click();
  // VS Code draws spaces as no-break spaces.
  const text = page.locator('.view-line', { hasText: /peak.=.13000.rps/u });
  await until('the text', () => text.first().isVisible());
  const front = page.locator('.editor-group-container.active .tab.active[data-resource-name="rush.npu"]');
  await until('the editor to have the keyboard', () => front.isVisible());
  expect(readFileSync(file, 'utf8')).toContain('peak = 9000 rps');
  await save(page);
  // On a busy machine, the tab is marked as changed some time after it has the text, so `save` may not wait.
  await until('the saved text', async () => readFileSync(file, 'utf8').includes('peak = 13000 rps'));
});

test('a git revision is simulated and compared, and stays in the history', async () => {
  const { page } = workbench;
  await savePeak(25_000);
  await until('overload with both rates', async () =>
    (await readStatusBar(page)).includes('overload: 25,000 rps offered, at most 21,094 rps in the long run'),
  );
  await runCommand(page, 'Stimpack: Compare with a Git Revision');
  const commit = page.locator('.quick-input-widget .monaco-list-row', { hasText: 'First design' });
  await until('the commits of the file', () => commit.first().isVisible());
  await commit.first().click();
  await until('its figures', async () => (await frame.getByTestId('comparison').innerText()).includes('First design'));
  expect(await frame.getByTestId('distribution-legend').innerText()).toMatch(/[0-9a-f]{8} First design/u);
  expect(await rows().last().innerText()).toMatch(/[0-9a-f]{8} First design/u);
  await screenshot(page, 'panel-revision');
});

test('a document that changes on disk runs again', async () => {
  git('checkout', '--quiet', 'rush.npu');
  await until('its verdict', async () => (await frame.getByTestId('verdicts').innerText()).includes('meets all'));
  writeFileSync(file, readFileSync(file, 'utf8').replace('peak = 13000', 'peak = 26000'));
  await until('its verdict', async () => (await frame.getByTestId('verdicts').innerText()).includes('26,000 rps'));
  git('checkout', '--quiet', 'rush.npu');
  await until('its verdict', async () => (await frame.getByTestId('verdicts').innerText()).includes('meets all'));
});

test('a definition in the library does not blank the panel', async () => {
  const { page } = workbench;
  const lines = readFileSync(file, 'utf8').split('\n');
  await openFile(page, 'rush.npu');
  await goToLine(page, lines.findIndex((line) => line.includes('npu: Stimpack')) + 1, 9);
  await runCommand(page, 'Go to Definition');
  await until('the library', () => page.locator('.tab.active[data-resource-name="stimpack.npu"]').isVisible());
  await until('the status of the design', async () =>
    (await readStatusBar(page)).some((text) => text.includes('(rush.npu)')),
  );
  expect(await frame.getByTestId('file-name').innerText()).toBe('rush.npu');
  expect(await frame.getByTestId('content').isVisible()).toBe(true);
});

test('a locked panel stays at its file, and another one follows', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'Stimpack: Open Another Results Tab for This File');
  await page.locator('.tab', { hasText: 'Stimpack: rush.npu' }).click();
  await runCommand(page, 'View: Move Editor into Group Below');
  await openFile(page, 'explore.npu');
  const [locked, following] = [await panelOf('rush.npu'), await panelOf('explore.npu')];
  const verdicts = (of: Frame) => of.getByTestId('outcomes').innerText();
  expect(await verdicts(locked)).not.toBe(await verdicts(following));
  // Of a document that was opened while the panel was open.
  await until('its sliders', () => following.getByTestId('numbers').isVisible());
  await screenshot(page, 'panel-locked');
});

test('the report has the results of the file in front', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'Stimpack: Export Results as an HTML Report');
  const input = page.locator('.quick-input-widget input');
  await until('the dialog', async () => (await input.inputValue()).endsWith('rush.html'));
  await input.press('Enter');
  const report = path.join(examples.folder, 'rush.html');
  await until(
    'the report',
    async () => existsSync(report) && readFileSync(report, 'utf8').trimEnd().endsWith('</html>'),
  );
  expect(readFileSync(report, 'utf8')).toContain('rush.npu');
});
