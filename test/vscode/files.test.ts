import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openWorkbench, type Workbench } from '../../scripts/vscode/open-workbench.ts';
import { until } from '../../scripts/vscode/wait.ts';
import {
  openFile,
  readProblems,
  readStatusBar,
  replaceAll,
  replaceLine,
  runCommand,
  screenshot,
  webviewFrame,
} from '../../scripts/vscode/workbench.ts';

/*
 * The files around a design: an import that is closed, behind a link and with an odd name; one that is missing; one
 * outside of the folder; the old text beside the new one; and a killed server.
 */

// The system may return the folder for temporary files through a link.
const base = realpathSync(mkdtempSync(path.join(tmpdir(), 'stimpack-files-')));
const root = path.join(base, 'design');
let workbench: Workbench;

const write = (name: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), text);
};

const design = (imported: string, objective: string): string => `import "${imported}"
import "stimpack/tpuv4i"
model Tiny { input: 8, layers { dense(8) } }
scenario S {
  npu: TPUv4i
  serve Tiny {
    arrivals: poisson(peak)
    slo { p99 latency <= ${objective} }
  }
}
`;
const good = 'let peak = 500 rps\n';
const broken = 'let peak = 500 rps\nlet wrong = nothing\n';

beforeAll(async () => {
  write('parts/dep@v2 (1).npu', broken);
  symlinkSync(path.join(root, 'parts'), path.join(root, 'link'));
  write('main.npu', design('./link/dep@v2 (1).npu', '10 ms'));
  write('late.npu', design('./later.npu', '10 ms'));
  write('../outside.npu', good);
  write('far.npu', design('../outside.npu', '10 ms'));
  const git = (...args: readonly string[]): unknown =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: root, stdio: 'ignore' });
  git('init');
  git('add', '.');
  git('commit', '-m', 'Begin');
  workbench = await openWorkbench({
    folder: root,
    extension: process.env.STIMPACK_EXTENSION ?? path.resolve('.'),
    viewport: { width: 1500, height: 950 },
  });
});

afterAll(async () => {
  await workbench?.close();
  rmSync(base, { recursive: true, force: true });
});

afterEach(async ({ task }) => {
  if (task.result?.state === 'fail') await screenshot(workbench.page, 'files-failed');
});

const status = (holds: (text: string) => boolean) => async (): Promise<boolean> =>
  (await readStatusBar(workbench.page)).some(holds);
const isMet = status((text) => text.includes('SLO met'));
const problemCodes = async (): Promise<readonly string[]> =>
  (await readProblems(workbench.page))
    .filter(({ severity }) => severity === 'error')
    .map(({ code }) => code)
    .sort();

test('an error in a closed import behind a link is reported at the import and in its file, once each', async () => {
  const { page } = workbench;
  await openFile(page, 'main.npu');
  await until('both errors', async () => (await problemCodes()).join() === 'import-has-errors,unknown-name', 120_000);
  await screenshot(page, 'files-closed-import');
  write('parts/dep@v2 (1).npu', good);
  await until('the run', isMet);
  expect(await problemCodes()).toEqual([]);
});

test('an unsaved edit of the target reaches the importer through the link', async () => {
  const { page } = workbench;
  await openFile(page, 'parts/dep@v2 (1).npu');
  await replaceAll(page, 'let top = 500 rps\n');
  await until('the error of the importer', async () => (await problemCodes()).join() === 'unknown-name');
  await screenshot(page, 'files-link');
  await runCommand(page, 'File: Revert File');
  await until('its end', async () => (await problemCodes()).length === 0);
});

test('an import that appears on disk and one that changes outside of the folder are noticed', async () => {
  const { page } = workbench;
  await openFile(page, 'late.npu');
  await until('the missing import', async () => (await problemCodes()).includes('unknown-import'));
  write('later.npu', good);
  await until('its end', async () => (await problemCodes()).length === 0);
  await openFile(page, 'far.npu');
  await until('the run', isMet);
  write('../outside.npu', 'let other = 500 rps\n');
  await until('the error', async () => (await problemCodes()).includes('unknown-name'));
  write('../outside.npu', good);
  await until('its end', async () => (await problemCodes()).length === 0);
});

test('the committed text beside the new one is neither checked nor simulated', async () => {
  const { page } = workbench;
  await openFile(page, 'main.npu');
  await replaceLine(page, 8, '    slo { p99 latency <= 9 ms }');
  await page.keyboard.press('Control+s');
  await until('the run', isMet);
  const old = page.locator('.monaco-diff-editor .editor.original .view-line');
  // The command does nothing until git has seen the change, so it is repeated until the text appears.
  await until('both texts', async () => {
    if ((await old.count()) > 3) return true;
    await runCommand(page, 'Git: Open Changes');
    await old.nth(3).waitFor({ timeout: 2000 });
    return true;
  });
  const coloured = page.locator('.monaco-diff-editor .editor.original .view-line span[class^="mtk"]:not(.mtk1)');
  await until('colours in the old text', async () => (await coloured.count()) > 0);
  expect(await readProblems(page)).toEqual([]);
  expect(await page.locator('.monaco-diff-editor .editor.original .squiggly-error').count()).toBe(0);
  await screenshot(page, 'files-diff');
  await runCommand(page, 'View: Close Editor');
});

/** The language servers of this window. Their command lines contain its data folder. */
function serverPids(): readonly number[] {
  return readdirSync('/proc').flatMap((name) => {
    try {
      const commandLine = readFileSync(`/proc/${name}/cmdline`, 'utf8');
      const isServer = commandLine.includes('server.cjs') && commandLine.includes('--stdio');
      const isOurs = isServer && readFileSync(`/proc/${name}/environ`, 'utf8').includes(workbench.vscode.dataDir);
      return isOurs ? [Number(name)] : [];
    } catch {
      // It is not a process, or it has ended.
      return [];
    }
  });
}

test.runIf(process.platform === 'linux')(
  'a killed server is replaced, with unsaved text, verdicts and panel',
  async () => {
    const { page } = workbench;
    await openFile(page, 'main.npu');
    await runCommand(page, 'Stimpack: Open Results Beside the Editor');
    const verdict = (text: string) =>
      webviewFrame(page, async (frame) => (await frame.getByTestId('verdicts').innerText()).includes(text));
    await verdict('the 9 ms limit');
    await openFile(page, 'main.npu');
    await replaceLine(page, 8, '    slo { p99 latency <= 1 ns }');
    await until(
      'stale results',
      status((text) => text === 'stale'),
    );
    const pids = serverPids();
    expect(pids).toHaveLength(1);
    for (const pid of pids) process.kill(pid, 'SIGKILL');
    await until(
      'a run of the unsaved text',
      status((text) => text.includes('violated')),
      120_000,
    );
    await verdict('1 ns limit');
    expect(await page.locator('.tab.dirty', { hasText: 'main.npu' }).count()).toBe(1);
    expect((await readProblems(page)).map(({ code }) => code)).toEqual(['slo-violated']);
    expect(serverPids()).toHaveLength(1);
    expect(serverPids()).not.toEqual(pids);
    await screenshot(page, 'files-killed-server');
  },
);
