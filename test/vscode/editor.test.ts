import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, onTestFinished, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import {
  goToLine,
  insertText,
  openFile,
  readProblems,
  readStatusBar,
  runCommand,
  screenshot,
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * The work of an architect around the text, in a window with two folders: the test view, a search for symbols of both
 * folders, the links of codes and lenses, typing, a design without a file, tasks, and the walkthrough.
 */

const root = mkdtempSync(path.join(tmpdir(), 'stimpack-workspace-'));
let workbench: Workbench;

const chips = `import "stimpack/tpuv4i"

npu Slow extends TPUv4i { HBM { bandwidth: 100 GB/s } }

model Tiny { input: 32 x 32 x 3, layers { conv { kernel: 3 x 3, filters: 64, padding: same } } }

scenario Alone {
  npu: Slow
  serve Tiny {
    arrivals: poisson(1000 rps)
    slo { p99 latency <= 1 ns }
  }
}
`;

const service = `import "../chips/chips.npu"
import "stimpack/tpuv4i"

scenario Service {
  npu: TPUv4i
  serve Tiny {
    arrivals: poisson(1000 rps)
    slo {
      p99 latency <= 10 ms
    }
  }
  compare: [Slow]
}
`;

const endless = `import "stimpack/tpuv4i"
scenario Endless {
  npu: TPUv4i
  duration: 1000000 s
  serve Net { arrivals: poisson(1000 rps), slo { p99 latency <= 5 ms } }
}
model Net { input: 8, layers { dense { outputs: 8 } } }
`;

beforeAll(async () => {
  const files = { 'chips/chips.npu': chips, 'services/service.npu': service };
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), text);
  }
  const workspace = path.join(root, 'two.code-workspace');
  writeFileSync(workspace, JSON.stringify({ folders: [{ path: 'chips' }, { path: 'services' }] }));
  workbench = await openWorkbench({
    folder: workspace,
    extension: process.env.STIMPACK_EXTENSION ?? path.resolve('.'),
    viewport: { width: 1500, height: 950 },
    // Drawn as text, so that the test can read it.
    settings: { 'editor.formatOnType': true, 'terminal.integrated.gpuAcceleration': 'off' },
  });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(root, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'editor-failed');
});

const status = async (holds: (text: string) => boolean): Promise<boolean> =>
  (await readStatusBar(workbench.page)).some(holds);

const lens = (title: string) => workbench.page.locator('.codelens-decoration a', { hasText: title }).first();
const tab = (title: string | RegExp) => workbench.page.locator('.tab', { hasText: title }).first();

test('the tests of both folders are in the view before a file is opened, and all of them are one run', async () => {
  const { page } = workbench;
  // A second click would close the view again.
  if (!(await page.locator('.test-explorer').isVisible()))
    await page.locator('.activitybar [aria-label^="Testing"]').first().click({ timeout: 120_000 });
  const rows = page.locator('.test-explorer .monaco-list-row');
  await until('both files', async () => (await rows.count()) === 2);
  expect((await rows.allInnerTexts()).map((text) => text.trim())).toEqual(['chips/chips.npu', 'services/service.npu']);
  await runCommand(page, 'Test: Run All Tests');
  await until('one run of both', async () => (await page.locator('.result-summary').innerText()).includes('1/2'));
  expect(await page.getByText('older result').count()).toBe(0);
  // Each diagnostic belongs to the file that declares the objective, although the other imports it.
  const problems = (await readProblems(page)).filter(({ code }) => code === 'slo-violated');
  expect(problems.map(({ message, line }) => [message.slice(0, 19), line])).toEqual([['p99 latency of Tiny', 11]]);
  await screenshot(page, 'editor-tests');
});

test('a long run is cancelled from the view', async () => {
  const { page } = workbench;
  const file = path.join(root, 'services', 'endless.npu');
  onTestFinished(() => rmSync(file, { force: true }));
  writeFileSync(file, endless);
  const rows = page.locator('.test-explorer .monaco-list-row');
  await until('the new file', async () =>
    (await rows.allInnerTexts()).some((row) => row.includes('services/endless.npu')),
  );
  await rows.filter({ hasText: 'services/endless.npu' }).first().click();
  await runCommand(page, 'Test: Run All Tests');
  // The file runs since it was opened. The run of the tests gets to it after the file before it.
  await until('the endless run', () => status((text) => text === 'simulating'));
  const running = page.locator('.test-explorer .monaco-list-row[aria-label*="Running"]', { hasText: 'endless' });
  await until('its test', () => running.first().isVisible());
  await runCommand(page, 'Test: Cancel Test Run');
  await until('its end', () => status((text) => text === 'cancelled'));
  await until('the view to say so', async () => (await page.locator('.result-summary').innerText()).includes('1/2'));
  rmSync(file);
  await until('the file to go', async () => (await rows.count()) === 2);
});

test('symbols of both folders are found', async () => {
  const { page } = workbench;
  const input = page.locator('.quick-input-widget .quick-input-box input');
  await page.keyboard.press('F1');
  await input.waitFor();
  await input.fill('#S');
  const rows = page.locator('.quick-input-widget .monaco-list-row');
  const texts = async () => (await rows.allInnerTexts()).map((text) => text.replace(/\s+/gu, ' ').trim());
  await until('symbols', async () => (await texts()).some((text) => text.startsWith('Slow')));
  expect((await texts()).filter((text) => /^S/u.test(text)).sort()).toEqual([
    expect.stringMatching(/^Service ?services . service\.npu/u),
    expect.stringMatching(/^Slow ?chips . chips\.npu/u),
  ]);
  await page.keyboard.press('Escape');
  await input.waitFor({ state: 'hidden' });
});

test('the link of a code opens its page in the preview, from the hover and from the list of problems', async () => {
  const { page } = workbench;
  await openFile(page, 'chips.npu');
  await until('the finding', () => status((text) => text.includes('violated')));
  await goToLine(page, 11, 12);
  await runCommand(page, 'Show or Focus Hover');
  await page.locator('.monaco-hover a.code-link').first().click();
  await until('the page', () => tab('slo-violated').isVisible());
  // A preview is a webview. The text editor would be a Monaco.
  await until(
    'it to be drawn',
    async () => (await page.locator('.editor-instance .monaco-editor:visible').count()) === 0,
  );
  await screenshot(page, 'editor-code-page');
  await runCommand(page, 'View: Close Editor');
});

test('lenses: the search for the capacity does not fail if the load is too large, and results open beside', async () => {
  const { page } = workbench;
  await openFile(page, 'chips.npu');
  await lens('Find capacity').click();
  const done = page.locator('.single-terminal-tab .codicon-check, .terminal-tabs-entry .codicon-check');
  await until('the end of the search', async () => (await done.count()) > 0, 120_000);
  await until('its answer in sight', async () =>
    (await page.locator('.xterm-rows').allInnerTexts()).join('\n').replaceAll('\u00a0', ' ').includes('no load'),
  );
  await screenshot(page, 'editor-capacity');
  await openFile(page, 'service.npu');
  await lens('Compare with Slow').click();
  await until('the results', () => tab('Stimpack').isVisible());
  const panel = await webviewFrame(page, (frame) => frame.getByTestId('comparison').isVisible());
  const below = `document.querySelector('[data-testid="comparison"]').getBoundingClientRect().top -
    document.querySelector('.top-bar').getBoundingClientRect().bottom`;
  await until(
    'the figures of both below the bar at the top',
    async () => Math.abs(Number(await panel.evaluate(below))) < 60,
  );
  await screenshot(page, 'editor-compare');
});

test('a finished line is formatted while typing, and a call shows its parameters', async () => {
  const { page } = workbench;
  await openFile(page, 'service.npu');
  await goToLine(page, 7, 1);
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await insertText(page, 'arrivals :poisson( 1000rps )');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Enter');
  const lines = page.locator('.editor-instance .monaco-editor.focused .view-line');
  await until('the settled line', async () =>
    (await lines.allInnerTexts()).some((text) =>
      text.replaceAll('\u00a0', ' ').includes('arrivals: poisson(1000 rps)'),
    ),
  );
  await insertText(page, 'batch: x');
  await page.keyboard.press('Control+z');
  await page.keyboard.press('Control+z');
  await goToLine(page, 7, 1);
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowLeft');
  await runCommand(page, 'Trigger Parameter Hints');
  await until('the signature', async () =>
    (await page.locator('.parameter-hints-widget').innerText()).includes('poisson(rate)'),
  );
  await page.keyboard.press('Escape');
  await runCommand(page, 'File: Revert File');
});

test('a design without a file: diagnostics, a fix, then a save and a run', async () => {
  const { page } = workbench;
  await runCommand(page, 'File: New Untitled Text File');
  await runCommand(page, 'Change Language Mode');
  const input = page.locator('.quick-input-widget .quick-input-box input');
  await input.fill('NPU design');
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'NPU design' }).first().click();
  await insertText(
    page,
    'import "stimpack/tpuv4i"\nscenario New {\n  npu: TPUv4ii\n  serve Net { arrivals: poisson(10 rps), slo { p99 latency <= 5 ms } }\n}\nmodel Net { input: 8, layers { dense(8) } }\n',
  );
  await page.keyboard.press('Escape');
  await goToLine(page, 3, 9);
  const fix = page.locator('.action-widget', { hasText: "Replace by 'TPUv4i'" });
  // Until the diagnostic has arrived, the key offers nothing.
  await until('the diagnostic', () => page.locator('.editor-instance .squiggly-error').first().isVisible());
  await page.keyboard.press('Control+.');
  await until('the fix', () => fix.isVisible());
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+s');
  await until('the dialog', async () => (await input.isVisible()) && (await input.inputValue()).endsWith('.npu'));
  await input.fill(path.join(root, 'services', 'new.npu'));
  await page.keyboard.press('Enter');
  await until('the file', () => tab('new.npu').isVisible());
  await until('its run', () => status((text) => text.includes('SLO met')));
  expect(readFileSync(path.join(root, 'services', 'new.npu'), 'utf8')).toContain('npu: TPUv4i\n');
  await screenshot(page, 'editor-untitled');
});

test('the walkthrough leads to the first plot', async () => {
  const { page } = workbench;
  await runCommand(page, 'View: Close All Editors');
  await runCommand(page, 'Stimpack: Open the Walkthrough');
  const step = (title: string) => page.locator('.getting-started-step:not([disabled])', { hasText: title }).first();
  await step('Open an example').click();
  await page.locator('.monaco-button', { hasText: 'Open the example' }).first().click();
  await until('the example', () => status((text) => text.includes('SLOs met')));
  await runCommand(page, 'Stimpack: Open the Walkthrough');
  await step('See it run').click();
  await page.locator('.monaco-button', { hasText: 'Simulate it' }).first().click();
  await until(
    'the panel beside the example',
    async () => (await tab('Stimpack').isVisible()) && (await status((text) => text.includes('SLOs met'))),
  );
  await screenshot(page, 'editor-walkthrough');
});
