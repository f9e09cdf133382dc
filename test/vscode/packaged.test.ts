import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageExtension } from '../../scripts/package.ts';
import { artifact } from '../../scripts/vscode/artifacts.ts';
import { installExtension } from '../../scripts/vscode/code-server.ts';
import { openWorkbench, temporaryCopy, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import {
  openFile,
  readProblems,
  readStatusBar,
  replaceLine,
  runCommand,
  save,
  screenshot,
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * The packaged extension, installed as a user installs it, in a real VS Code without our source tree. The test opens
 * the example, saves a load that is too high, reads the problem and the panel, then saves a low load and reads them
 * again.
 */

let workbench: Workbench;
const examples = temporaryCopy(path.resolve('examples'));
const file = path.join(examples.folder, 'rush.npu');
const loadLine =
  readFileSync(file, 'utf8')
    .split('\n')
    .findIndex((line) => line.startsWith('let peak')) + 1;

beforeAll(async () => {
  const vsix = await packageExtension(artifact('stimpack.vsix'));
  const extensionsDir = artifact('extensions');
  await installExtension(vsix, extensionsDir);
  workbench = await openWorkbench({ folder: examples.folder, extensionsDir, viewport: { width: 1600, height: 1000 } });
});

afterAll(async () => {
  await workbench?.close();
  examples.remove();
});

async function saveLoad(rate: string): Promise<void> {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await replaceLine(page, loadLine, `let peak = ${rate}`);
  await save(page);
}

/** The values that the panel drew for a figure, from its legend. */
async function drawn(frame: Frame, testId: string): Promise<number> {
  return Number(await frame.getByTestId(testId).first().getAttribute('data-value'));
}

const panel = (): Promise<Frame> =>
  webviewFrame(workbench.page, async (frame) => (await frame.getByTestId('verdicts').count()) > 0);

test('a violated objective is a problem on its line, and the panel draws the run that violated it', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  await saveLoad('60000 rps');
  const problem = await until('the problem', async () =>
    (await readProblems(page)).find(({ code, severity }) => code === 'slo-violated' && severity === 'error'),
  );
  expect(problem.message).toMatch(/p99 latency of ResNet50 violates its 15 ms limit in overload/);
  const text = readFileSync(file, 'utf8').split('\n')[problem.line - 1];
  expect(text).toContain('p99 latency');
  const frame = await panel();
  await until('the panel to say so', async () => (await frame.locator('[data-verdict="violated"]').count()) > 0);
  expect(await drawn(frame, 'measured')).toBeGreaterThan(0.015);
  for (const figure of ['timeline', 'latency', 'throughput']) {
    const box = await frame.getByTestId(`${figure}-canvas`).boundingBox();
    expect(box?.width).toBeGreaterThan(200);
  }
  await screenshot(page, 'vscode-violated');
});

test('the link of a code opens its page, which is part of the extension', async () => {
  const { page } = workbench;
  await page.locator('.markers-panel-container a', { hasText: 'slo-violated' }).first().click();
  await page.locator('.tab.active', { hasText: 'slo-violated' }).waitFor();
  await webviewFrame(page, /An objective is violated\./);
  await screenshot(page, 'vscode-code-page');
  await runCommand(page, 'View: Close Editor');
});

test('a load that the chip can serve clears problem and panel', async () => {
  const { page } = workbench;
  await saveLoad('500 rps');
  await until('the status bar to say met', async () =>
    (await readStatusBar(page)).some((text) => text.includes('met')),
  );
  expect((await readProblems(page)).filter(({ code }) => code === 'slo-violated')).toEqual([]);
  const frame = await panel();
  await until('the panel to say so', async () => (await frame.locator('[data-verdict="violated"]').count()) === 0);
  expect(await drawn(frame, 'measured')).toBeLessThan(0.015);
  await screenshot(page, 'vscode-met');
});

test('an edit marks everything as stale until the next save', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await replaceLine(page, loadLine, 'let peak = 700 rps');
  const frame = await panel();
  await until(
    'the panel to say stale',
    async () => (await frame.getByTestId('content').getAttribute('data-stale')) === 'true',
  );
  await save(page);
  await until(
    'the panel to be fresh',
    async () => (await frame.getByTestId('content').getAttribute('data-stale')) === 'false',
  );
});

test('broken text keeps the last results visible and reports the place of its error', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  await replaceLine(page, loadLine, 'let peak = 700 parsecs');
  await save(page);
  const frame = await panel();
  await until('the panel to say it was not run', async () => (await frame.getByTestId('problem').count()) > 0);
  expect(await frame.getByTestId('place').innerText()).toContain(`line ${loadLine}`);
  expect(await frame.getByTestId('content').isVisible()).toBe(true);
});
