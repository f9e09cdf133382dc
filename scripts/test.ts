import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from './build.ts';
import { artifact, repositoryFolder } from './vscode/artifacts.ts';
import { buildSuite } from './vscode/build-suite.ts';
import { requireChromium } from './vscode/chromium.ts';
import { findFiles } from './vscode/find-files.ts';
import { temporaryCopy } from './vscode/open-workbench.ts';
import { runSuite } from './vscode/run-suite.ts';

/*
 * `npm test`: everything, in the order in which a failure is cheapest to find. `npm test -- types unit` runs the steps named.
 * Ends with one line, "N passed, N failed", that a machine can read. What a fresh machine lacks is installed on the way:
 * Debian's Chromium, and VS Code's server with its own Node in a cache folder (scripts/vscode/cache.ts says where).
 */

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

const one = (passed: boolean): Count => ({ passed: passed ? 1 : 0, failed: passed ? 0 : 1, skipped: 0 });

function command(name: string, args: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(name, args, { stdio: 'inherit', cwd: repositoryFolder });
    child.on('error', (error) => {
      console.error(error.message);
      done(false);
    });
    child.on('exit', (code) => done(code === 0));
  });
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numFailedTestSuites: number;
}

async function vitest(): Promise<Count> {
  const report = artifact('vitest.json');
  rmSync(report, { force: true });
  mkdirSync(path.dirname(report), { recursive: true });
  const passed = await command('npx', [
    'vitest',
    'run',
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  const counts = readReport(report);
  // A file that does not load fails no test, and an error after the last test fails none either.
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

/** The extension from the tree, in VS Code's extension host; the folder is a copy, since the suite saves into it. */
async function extensionSuite(): Promise<Count> {
  const specifications = findFiles(path.join(repositoryFolder, 'test', 'desktop'), /\.spec\.ts$/);
  const suite = await buildSuite('extension', specifications);
  const examples = temporaryCopy(path.join(repositoryFolder, 'examples'));
  try {
    const { exitCode, counts } = await runSuite({ folder: examples.folder, extension: repositoryFolder, suite });
    if (counts === undefined) return one(false);
    return { ...counts, failed: Math.max(counts.failed, exitCode === 0 ? 0 : 1) };
  } finally {
    examples.remove();
  }
}

const steps: Readonly<Record<string, () => Promise<Count>>> = {
  types: async () => one(await command('npm', ['run', '--silent', 'types'])),
  lint: async () => one(await command('npm', ['run', '--silent', 'lint'])),
  layers: async () => one(await command('npm', ['run', '--silent', 'layers'])),
  build: async () => {
    await buildAll();
    return one(true);
  },
  unit: async () => {
    // Before the tests start side by side, so that none waits for another's installation.
    await requireChromium();
    return vitest();
  },
  // One minute, and the same inputs each time. An input may take longer here: the machine may be busy.
  fuzz: async () => one(await command('npm', ['run', '--silent', 'fuzz', '--', '--minutes', '1', '--seconds', '60'])),
  vscode: extensionSuite,
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => steps[name] === undefined);
if (unknown.length > 0) {
  console.error(`no such step: ${unknown.join(', ')}; there are ${Object.keys(steps).join(', ')}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const [name, step] of Object.entries(steps)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  console.log(`\n── ${name}`);
  const count = await step().catch((error: unknown): Count => {
    console.error(error);
    return one(false);
  });
  total.passed += count.passed;
  total.failed += count.failed;
  total.skipped += count.skipped;
  if (count.failed > 0) console.log(`${name}: ${count.failed} failed`);
}

console.log('');
console.log(`${total.passed} passed, ${total.failed} failed${total.skipped > 0 ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
