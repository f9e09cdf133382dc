import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { missingEditor } from '../editors/tools.ts';
import { toolsMissing } from '../rtl/exit-codes.ts';
import { artifact, repositoryFolder } from '../vscode/artifacts.ts';
import { buildSuite } from '../vscode/build-suite.ts';
import { requireChromium } from '../vscode/chromium.ts';
import { vsCodeFolder } from '../vscode/code-server.ts';
import { findFiles } from '../vscode/find-files.ts';
import { temporaryCopy } from '../vscode/open-workbench.ts';
import { runSuite } from '../vscode/run-suite.ts';
import { type Count, one } from './count.ts';
import type { Placed } from './lanes.ts';
import type { Output } from './output.ts';

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

/** Runs a project of vitest.config.ts in as many workers as its lane has cores: one on two cores. */
async function vitest(project: string, output: Output, lanes: number): Promise<Count> {
  const report = artifact(`vitest-${project}.json`);
  rmSync(report, { force: true });
  mkdirSync(path.dirname(report), { recursive: true });
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  // The step `build` has passed, so no test builds again while the other lane uses dist/.
  const env = { STIMPACK_BUILT: 'yes', STIMPACK_TEST_CACHE: artifact('vite', project) };
  const workers = lanes > 1 ? Math.floor(availableParallelism() / lanes) : Math.max(1, availableParallelism() - 1);
  const args = ['vitest', 'run', '--project', project, `--maxWorkers=${workers}`, ...reporters];
  const passed = await output.command('npx', args, env);
  const counts = readReport(report);
  // A file that does not load fails no test, and neither does an error after the last test.
  const failed = Math.max(counts.numFailedTests, passed ? 0 : 1);
  return { passed: counts.numPassedTests, failed, skipped: counts.numPendingTests };
}

function readReport(file: string): VitestReport {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return { numPassedTests: 0, numFailedTests: 1, numPendingTests: 0, numFailedTestSuites: 1 };
  }
}

/**
 * Runs the extension from the source tree in VS Code's extension host. The folder is a copy, because the suite saves
 * into it.
 */
async function extensionSuite(output: Output): Promise<Count> {
  const specifications = findFiles(path.join(repositoryFolder, 'test', 'desktop'), /\.spec\.ts$/);
  const suite = await buildSuite('extension', specifications);
  const examples = temporaryCopy(path.join(repositoryFolder, 'examples'));
  try {
    const { exitCode, counts } = await runSuite({
      folder: examples.folder,
      extension: repositoryFolder,
      suite,
      print: (line) => output.add(`${line}\n`),
    });
    if (counts === undefined) return one(false);
    return { ...counts, failed: Math.max(counts.failed, exitCode === 0 ? 0 : 1) };
  } finally {
    examples.remove();
  }
}

/** Simulates a part of rtl/. Skipped, with the reason in the output, where Verilator cannot be installed. */
async function hardware(output: Output): Promise<Count> {
  const code = await output.exitCode('npm', ['run', '--silent', 'rtl', '--', '--quick']);
  return code === toolsMissing ? { passed: 0, failed: 0, skipped: 1 } : one(code === 0);
}

/** Installs Neovim for the tests of other editors. Skipped, with the reason in the output, where that is impossible: then its test is skipped too. */
async function neovim(output: Output): Promise<Count> {
  const missing = await missingEditor('nvim');
  if (missing === undefined) return one(true);
  output.add(`${missing}\n`);
  return { passed: 0, failed: 0, skipped: 1 };
}

export interface Step extends Placed {
  /** `lanes`: the number of steps that can run side by side. */
  readonly run: (output: Output, lanes: number) => Promise<Count>;
}

const script =
  (name: string, ...args: readonly string[]) =>
  async (output: Output) =>
    one(await output.command('npm', ['run', '--silent', name, '--', ...args]));

const project =
  (name: string) =>
  (output: Output, lanes: number): Promise<Count> =>
    vitest(name, output, lanes);

/**
 * Ordered so that the failures that are cheapest to find come first. The tests in VS Code are next, because most steps that can run beside them are
 * still waiting then.
 */
export const steps: readonly Step[] = [
  { name: 'build', needs: [], run: script('build') },
  { name: 'types', needs: [], load: 'compute', run: script('types') },
  {
    // Installs before the tests start side by side, so that no test waits for an installation of another.
    name: 'browser',
    needs: [],
    run: async (output) => {
      output.add(`${await requireChromium()}\n`);
      return one(true);
    },
  },
  {
    // Most of the installation waits for the network, while the other lane computes.
    name: 'workbench',
    needs: [],
    run: async (output) => {
      output.add(`${(await vsCodeFolder()).server}\n`);
      return one(true);
    },
  },
  // Emacs is only installed by `npm run test:nightly`, because its installation takes minutes. Its test runs where it is there.
  { name: 'editors', needs: [], run: neovim },
  { name: 'lint', needs: [], load: 'compute', run: script('lint') },
  { name: 'layers', needs: [], load: 'compute', run: script('layers') },
  { name: 'unused', needs: [], load: 'compute', run: script('unused') },
  { name: 'editor', needs: ['build', 'browser', 'workbench'], load: 'vscode', run: project('editor') },
  { name: 'vscode', needs: ['build', 'browser', 'workbench'], load: 'vscode', run: extensionSuite },
  { name: 'fast', needs: [], load: 'compute', run: project('fast') },
  { name: 'long', needs: ['browser'], load: 'compute', run: project('long') },
  { name: 'rtl', needs: [], load: 'compute', run: hardware },
  // Half a minute, with the same inputs each time; `npm run test:nightly` fuzzes for ten minutes. The time limit of an
  // input is longer here, because the machine may be busy.
  { name: 'fuzz', needs: ['build'], load: 'compute', run: script('fuzz', '--minutes', '0.5', '--seconds', '60') },
  { name: 'shipped', needs: ['build', 'editors'], run: project('shipped') },
  { name: 'panel', needs: ['build', 'browser'], run: project('panel') },
];
