import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { missingEditor } from './editors/tools.ts';
import { toolsMissing } from './rtl/exit-codes.ts';
import { artifact, repositoryFolder } from './vscode/artifacts.ts';
import { buildSuite } from './vscode/build-suite.ts';
import { requireChromium } from './vscode/chromium.ts';
import { vsCodeFolder } from './vscode/code-server.ts';
import { findFiles } from './vscode/find-files.ts';
import { temporaryCopy } from './vscode/open-workbench.ts';
import { runSuite } from './vscode/run-suite.ts';

/*
 * `npm test` runs everything. `npm test -- types fast` runs the named steps. If the machine has two cores, two steps run side by side, in the order of
 * the table below. A step starts when its lane is free and the steps that it needs have passed. The tests in VS Code come last and run alone: beside the
 * other lanes, one of two whole runs failed, because VS Code shows the end of a test run late on a busy machine. A step that takes longer than its limit
 * is stopped and fails, so that its output is not lost. The output of a step is printed when it ends. The last line, "N passed, N failed", can be read
 * by a program. Missing tools are installed on the way: Debian's Chromium, Verilator and Neovim, and VS Code's server with its own Node in a cache
 * folder (scripts/vscode/cache.ts has its path).
 */

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const one = (passed: boolean): Count => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });

/** The output of a step so far, and the function that runs its commands. */
class Output {
  private readonly chunks: string[] = [];
  private readonly running = new Set<ChildProcess>();

  /** Ends the running commands and the processes that they started. */
  kill(): void {
    for (const { pid } of this.running) if (pid !== undefined) endGroup(pid);
  }

  add(text: string | Buffer): void {
    this.chunks.push(String(text));
  }

  /** Runs a command in the repository. Returns true if it ends with exit code 0. */
  async command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<boolean> {
    return (await this.exitCode(name, args, env)) === 0;
  }

  /** Runs a command in the repository. Returns its exit code, or null if it did not start or a signal ended it. */
  exitCode(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number | null> {
    return new Promise((done) => {
      const child: ChildProcess = spawn(name, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: repositoryFolder,
        env: { ...process.env, ...env },
        // The head of a process group, so that `kill` reaches all of its processes.
        detached: process.platform !== 'win32',
      });
      this.running.add(child);
      child.stdout?.on('data', (text: Buffer) => this.add(text));
      child.stderr?.on('data', (text: Buffer) => this.add(text));
      child.on('error', (error) => {
        this.add(`${error.message}\n`);
        done(null);
      });
      child.on('close', (code) => {
        this.running.delete(child);
        done(code);
      });
    });
  }

  get text(): string {
    return this.chunks.join('');
  }
}

/** Ends a process and its group. Both may have ended already. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // Then there is nothing to end.
  }
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

/** Runs a project of vitest.config.ts in as many workers as its lane has cores: one on two cores. */
async function vitest(project: string, output: Output): Promise<Count> {
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

/** A promise that is settled from outside. */
class Later<T> {
  settle: (value: T) => void = () => {};
  readonly promise = new Promise<T>((settle) => {
    this.settle = settle;
  });
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

interface Step {
  readonly name: string;
  /** Steps that must pass first. */
  readonly needs: readonly string[];
  /** Runs after all other steps, alone. */
  readonly inVsCode?: boolean;
  readonly run: (output: Output) => Promise<Count>;
}

const script =
  (name: string, ...args: readonly string[]) =>
  async (output: Output) =>
    one(await output.command('npm', ['run', '--silent', name, '--', ...args]));

/** Ordered so that the failures that are cheapest to find come first. */
const steps: readonly Step[] = [
  { name: 'types', needs: [], run: script('types') },
  { name: 'build', needs: [], run: script('build') },
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
  { name: 'lint', needs: [], run: script('lint') },
  { name: 'layers', needs: [], run: script('layers') },
  { name: 'unused', needs: [], run: script('unused') },
  { name: 'fast', needs: [], run: (output) => vitest('fast', output) },
  { name: 'shipped', needs: ['build', 'editors'], run: (output) => vitest('shipped', output) },
  { name: 'panel', needs: ['build', 'browser'], run: (output) => vitest('panel', output) },
  { name: 'long', needs: ['browser'], run: (output) => vitest('long', output) },
  { name: 'rtl', needs: [], run: hardware },
  // Half a minute, with the same inputs each time; `npm run test:nightly` fuzzes for ten minutes. The time limit of an
  // input is longer here, because the machine may be busy.
  { name: 'fuzz', needs: ['build'], run: script('fuzz', '--minutes', '0.5', '--seconds', '60') },
  {
    name: 'editor',
    needs: ['build', 'browser', 'workbench'],
    inVsCode: true,
    run: (output) => vitest('editor', output),
  },
  { name: 'vscode', needs: ['build', 'browser', 'workbench'], inVsCode: true, run: extensionSuite },
];

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${steps.map(({ name }) => name).join(', ')}`);
  process.exit(2);
}

/** The named steps, and those that they need. */
function chosenSteps(names: readonly string[]): readonly Step[] {
  const wanted = new Set(names);
  for (const { name, needs } of steps.toReversed()) if (wanted.has(name)) for (const need of needs) wanted.add(need);
  return steps.filter(({ name }) => wanted.has(name));
}

const chosen = asked.length > 0 ? chosenSteps(asked) : steps;
const waiting = chosen.filter(({ inVsCode }) => inVsCode !== true);
const waitingForVsCode = chosen.filter(({ inVsCode }) => inVsCode === true);
const lanes = Math.min(2, availableParallelism(), waiting.length);
/** Whether each step passed, once it ended. */
const ends = new Map(chosen.map(({ name }) => [name, new Later<boolean>()]));
const total = { passed: 0, failed: 0, skipped: 0 };
/** The output of each step that runs. */
const outputs = new Map<string, Output>();

/** Prints the progress if the user stops the tests. */
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    for (const [name, output] of outputs) {
      output.kill();
      console.log(`\n── ${name} (stopped by ${signal})\n${output.text}`);
    }
    process.exit(1);
  });
}

/** Minutes that a step may take: several times what the longest takes on two cores. */
const stepMinutes = 30;

/** Stops the commands of a step at the time limit, which counts as one failure. */
function timeLimit(output: Output): { readonly reached: Promise<Count>; readonly clear: () => void } {
  const late = new Later<Count>();
  const timer = setTimeout(() => {
    output.add(`\nstopped: it took more than ${stepMinutes} minutes\n`);
    output.kill();
    late.settle(one(false));
  }, stepMinutes * 60_000);
  return { reached: late.promise, clear: () => clearTimeout(timer) };
}

/** Runs a step after the steps that it needs have passed. Returns true if it passed as well. */
async function runStep({ name, needs, run }: Step): Promise<boolean> {
  const passed = await Promise.all(needs.map((need) => ends.get(need)?.promise ?? true));
  if (!passed.every(Boolean)) {
    console.log(`\n── ${name}: left out, since it needs ${needs.join(' and ')}`);
    total.failed += 1;
    return false;
  }
  const output = new Output();
  outputs.set(name, output);
  console.log(`── ${name} starts`);
  const startedAt = performance.now();
  const limit = timeLimit(output);
  const ended = run(output).catch((error: unknown): Count => {
    output.add(`${error instanceof Error ? error.stack : String(error)}\n`);
    return one(false);
  });
  const count = await Promise.race([ended, limit.reached]);
  limit.clear();
  outputs.delete(name);
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  const seconds = Math.round((performance.now() - startedAt) / 1000);
  console.log(`\n── ${name} (${seconds} s)\n${output.text}`);
  if (count.failed > 0) console.log(`${name}: ${count.failed} failed`);
  return count.failed === 0;
}

/**
 * Runs steps one after the other until none is left. The table lists each step after those that it needs, so these have
 * started already, in this lane or another.
 */
async function lane(steps: Step[]): Promise<void> {
  for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
    ends.get(step.name)?.settle(await runStep(step));
  }
}

await Promise.all(Array.from({ length: lanes }, () => lane(waiting)));
await lane(waitingForVsCode);

console.log('');
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
