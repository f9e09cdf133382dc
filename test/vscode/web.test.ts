import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import type { Frame } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../scripts/vscode/wait.ts';
import { openWebWorkbench, type WebWorkbench } from '../../scripts/vscode/web-workbench.ts';
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
import { writeWebExtension } from '../../scripts/web-extension.ts';
import { TestServer } from '../server/language-server.ts';

/*
 * The extension for a browser, as it is packaged, in VS Code for the Web: no Node, no disk, and a folder that an extension provides. The test opens a
 * design with an import, reads its verdict in the panel, compares the bytes of the run with those of Node, saves a change of the
 * imported file, explores, and breaks the text.
 */

const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-web-'));
let workbench: WebWorkbench;

const load = (rate: string): string => `let peak = ${rate}\n`;
const main = `import "./parts/load.npu"
import "stimpack/stimpack"
import "stimpack/resnet50"
npu Sized extends Stimpack {
  HBM { bandwidth: 600 GB/s }
}
scenario Rush {
  npu: Sized
  serve ResNet50 {
    arrivals: poisson(peak)
    batch { max: 8, timeout: 1 ms }
    slo { p99 latency <= 15 ms }
  }
}
explore Sizing {
  scenario: Rush
  vary Sized.HBM.bandwidth in 200 GB/s .. 600 GB/s step 200 GB/s
  minimize p99 latency
  minimize energy
}
`;
const texts: Readonly<Record<string, string>> = {
  '/design/main.npu': main,
  '/design/parts/load.npu': load('5000 rps'),
};

beforeAll(async () => {
  // test/scripts/package.test.ts, which may run at the same time, has .artifacts/web-extension.
  const extension = path.join(folder, 'web-extension');
  await writeWebExtension(extension);
  const files = path.join(folder, 'memory-files');
  mkdirSync(files);
  copyFileSync(path.resolve('test/vscode/memory-files/package.json'), path.join(files, 'package.json'));
  await build({
    entryPoints: { extension: path.resolve('test/vscode/memory-files/extension.ts') },
    outdir: files,
    bundle: true,
    format: 'cjs',
    platform: 'browser',
    external: ['vscode'],
    define: { initialFiles: JSON.stringify(texts) },
    logLevel: 'warning',
  });
  workbench = await openWebWorkbench({
    folder: { scheme: 'memfs', path: '/design' },
    extensions: [extension, files],
    viewport: { width: 1500, height: 950 },
  });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(folder, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state !== 'fail') return;
  await screenshot(workbench.page, 'web-failed');
  console.log(workbench.log.slice(-40).join('\n'));
});

/** Opens a file by its row in the explorer: this file system has no search, so the palette lists none of its files. */
async function openRow(name: string): Promise<void> {
  const { page } = workbench;
  const row = (label: string) => page.locator(`.explorer-folders-view .monaco-list-row[aria-label^="${label}"]`);
  const tab = page.locator(`.tab.active[data-resource-name="${name}"]`);
  await until(`the editor of ${name}`, async () => {
    if (await tab.isVisible()) return true;
    if (!(await row(name).isVisible())) await row('parts').click({ timeout: 1000 });
    await row(name).dblclick({ timeout: 1000 });
    return tab.isVisible();
  });
}

const verdict = (word: string) =>
  until(`the status bar to say ${word}`, async () =>
    (await readStatusBar(workbench.page)).some((text) => text.includes(word)),
  );
const errors = async (): Promise<readonly string[]> =>
  (await readProblems(workbench.page)).filter(({ severity }) => severity === 'error').map(({ code }) => code);
const panel = (): Promise<Frame> =>
  webviewFrame(workbench.page, async (frame) => (await frame.getByTestId('verdicts').count()) > 0);

test('a design with an import runs when it is opened, and the panel shows its verdict', async () => {
  const { page } = workbench;
  await openRow('main.npu');
  await verdict('SLO met');
  await runCommand(page, 'Stimpack: Open Results Beside the Editor');
  const frame = await panel();
  await until('the verdict', async () => (await frame.locator('[data-verdict="met"]').count()) > 0);
  await screenshot(page, 'web-met');
});

test('the run has the bytes of a run on Node', async () => {
  const { page, reports } = workbench;
  await openFile(page, 'main.npu');
  await runCommand(page, 'Memory Files: Report the Run');
  const report = await until('the report', async () => reports.get('run'));
  const { uiKind, remote, hasNode, saved, tree, columns } = JSON.parse(report) as {
    readonly uiKind: number;
    readonly remote: string | null;
    readonly hasNode: boolean;
    readonly saved: string;
    readonly tree: unknown;
    readonly columns: readonly number[];
  };
  expect({ uiKind, remote, hasNode, saved }).toEqual({ uiKind: 2, remote: null, hasNode: false, saved: main });

  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), text);
  }
  const uri = pathToFileURL(path.join(folder, 'design/main.npu')).href;
  const { server } = await TestServer.start();
  await server.open(uri, main);
  const { results } = await server.phase(uri, 'fresh');
  await server.stop();
  const inMemory = (value: unknown): unknown =>
    JSON.parse(
      JSON.stringify(value)
        .replaceAll(pathToFileURL(folder).href, 'memfs:')
        .replaceAll(pathToFileURL(path.resolve('library')).href, 'stimpack-library:'),
    );
  expect(columns.length).toBeGreaterThan(1000);
  expect(Buffer.from(columns).toString('base64')).toBe(results?.columnsBase64);
  expect(tree).toEqual(inMemory(results?.tree));
});

test('a save of the imported file runs the design that uses it again', async () => {
  const { page } = workbench;
  const frame = await panel();
  for (const [rate, word] of [
    ['60000 rps', 'violated'],
    ['5000 rps', 'met'],
  ] as const) {
    await openRow('load.npu');
    await replaceLine(page, 1, load(rate).trimEnd());
    await save(page);
    await until(`the verdict '${word}' of the scenario`, async () => {
      const verdicts = await frame.locator('[data-testid="verdicts"] [data-verdict]').all();
      return verdicts.length > 0 && (await verdicts[0]?.getAttribute('data-verdict')) === word;
    });
    await screenshot(page, `web-saved-${word}`);
  }
});

test('an exploration runs in the threads of the page', async () => {
  const { page } = workbench;
  await openFile(page, 'main.npu');
  await runCommand(page, 'Stimpack: Explore');
  const frame = await panel();
  const explore = frame.getByTestId('explore');
  await until('the end of the exploration', async () => (await explore.getAttribute('data-phase')) === 'done', 120_000);
  expect(await frame.getByTestId('explore-finding-Sizing').innerText()).toMatch(/^Sizing\. 3 designs: /);
  // An axis and two goals.
  const rows = await frame
    .locator('tr[data-design]')
    .evaluateAll((designs) =>
      designs.map((design) =>
        [...design.querySelectorAll('td[data-value]')].map((cell) => Number(cell.getAttribute('data-value'))),
      ),
    );
  expect(rows).toHaveLength(3);
  expect(rows.every(([, latency = 0, energy = 0]) => latency > 0 && energy > 0)).toBe(true);
  await explore.scrollIntoViewIfNeeded();
  await screenshot(page, 'web-explore');
});

test('an error is underlined, with a link to the page of its code', async () => {
  const { page } = workbench;
  await openFile(page, 'main.npu');
  await replaceLine(page, 8, '  npu: Unknown');
  await until('the error', async () => (await errors()).includes('unknown-name'));
  await page.locator('.markers-panel-container a', { hasText: 'unknown-name' }).first().click();
  await page.locator('.tab.active', { hasText: 'unknown-name.md' }).waitFor();
  await screenshot(page, 'web-error');
});
