import { readFileSync, writeFileSync } from 'node:fs';
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
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/* Which document the panel shows in a real VS Code: behind a chip, locked to a file, after a change on disk, and while a number changes. */

let workbench: Workbench;
const examples = temporaryCopy(path.resolve('examples'));
const three = path.join(examples.folder, 'three.npu');
const chips = 'import "stimpack/stimpack"\n\nnpu Mine extends Stimpack {\n  HBM { bandwidth: 614 GB/s }\n}\n';

beforeAll(async () => {
  const rush = readFileSync(path.resolve('examples/rush.npu'), 'utf8');
  writeFileSync(path.join(examples.folder, 'chips.npu'), chips);
  writeFileSync(
    three,
    `import "./chips.npu"\n${rush.replace('npu: Stimpack', 'npu: Mine').replace('scenario Rush', 'scenario Three')}`,
  );
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
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'panel-follows-failed');
});

const panelOf = (scenario: string): Promise<Frame> =>
  webviewFrame(workbench.page, async (frame) => {
    const verdicts = frame.getByTestId('verdicts');
    return (await verdicts.isVisible()) && (await verdicts.innerText()).includes(scenario);
  });
const status = async (text: string): Promise<boolean> =>
  (await readStatusBar(workbench.page)).some((item) => item.includes(text));

test('a file without scenarios shows the document that uses it, and opens beside the locked group of the panel', async () => {
  const { page } = workbench;
  await openFile(page, 'three.npu');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  const frame = await panelOf('Three');
  await openFile(page, 'chips.npu');
  await until('the state of the document that uses it', () => status('(three.npu)'));
  expect(await frame.getByTestId('verdicts').innerText()).toContain('Three');
  await frame.getByTestId('latency-plot').focus();
  await openFile(page, 'rush.npu');
  await panelOf('Rush');
  await screenshot(page, 'panel-follows');
});

test('a locked tab keeps its file, and a second tab shows another', async () => {
  const { page } = workbench;
  await openFile(page, 'three.npu');
  await panelOf('Three');
  await runCommand(page, 'Stimpack: Open Another Results Tab for This File');
  await until('the locked tab', () => page.locator('.tab', { hasText: 'Stimpack: three.npu' }).first().isVisible());
  await openFile(page, 'rush.npu');
  await panelOf('Three');
  await screenshot(page, 'panel-locked');
});

test('a number changes in steps, the verdict follows, and one undo takes all of them back', async () => {
  const { page } = workbench;
  await openFile(page, 'rush.npu');
  const text = readFileSync(path.resolve('examples/rush.npu'), 'utf8');
  const line = text.split('\n').findIndex((one) => one.startsWith('let peak ='));
  const number = /\d+/.exec(text.split('\n')[line] ?? '')?.[0] ?? '';
  await goToLine(page, line + 1, 13);
  const shown = () => page.locator('.view-line', { hasText: 'let peak' }).first().innerText();
  for (let i = 0; i < 5; i++) await page.keyboard.press('Alt+ArrowUp');
  await until('the number to change', async () => !(await shown()).includes(number));
  await until('the verdict of the new number', async () => (await status('SLO')) && !(await status('stale')));
  await screenshot(page, 'panel-scrub');
  await page.keyboard.press('Control+z');
  await until('one undo to take back all steps', async () => (await shown()).includes(number));
});

test('a clean document that changes on disk runs again', async () => {
  const { page } = workbench;
  await openFile(page, 'three.npu');
  await until('its verdict', async () => (await status('SLO')) && !(await status('stale')));
  writeFileSync(three, readFileSync(three, 'utf8').replace(/let peak = .*/, 'let peak = 60000 rps'));
  await until('overload in the status bar', () => status('overload'));
});
