import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { buildAll } from '../build.ts';
import { repositoryFolder } from './artifacts.ts';
import { buildSuite } from './build-suite.ts';
import { cacheFolder } from './cache.ts';
import { findFiles } from './find-files.ts';
import { hasDisplay, namedCode } from './installed-code.ts';
import { temporaryCopy } from './open-workbench.ts';
import { removeFolder, undoAtExit } from './processes.ts';
import type { SuiteOutcome } from './run-suite.ts';
import { resultFile } from './run-suite.ts';

export interface DesktopOptions {
  readonly extension: string;
  /** A file that exports run(), as buildSuite returns it. */
  readonly suite: string;
  readonly folder: string;
}

/**
 * Runs a suite in the extension host of VS Code for the desktop. STIMPACK_VSCODE may name the program (such as
 * /usr/share/code/code, not a script that starts it). Otherwise, VS Code is downloaded from its vendor.
 */
export async function runDesktopSuite(options: DesktopOptions): Promise<SuiteOutcome> {
  if (!hasDisplay()) {
    throw new Error(
      'VS Code for the desktop needs a display, and there is none. Try: xvfb-run -a npm run test:desktop',
    );
  }
  const vscodeExecutablePath = namedCode() ?? (await download());
  const result = resultFile();
  const userData = mkdtempSync(join(tmpdir(), 'stimpack-desktop-'));
  const removeUserData = undoAtExit(() => removeFolder(userData));
  try {
    const exitCode = await runTests({
      vscodeExecutablePath,
      extensionDevelopmentPath: options.extension,
      extensionTestsPath: options.suite,
      extensionTestsEnv: result.env,
      // A short path: VS Code puts a socket there, whose name may have at most 103 characters.
      launchArgs: [options.folder, '--disable-extensions', `--user-data-dir=${userData}`],
    }).catch((error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      return 1;
    });
    const counts = result.read();
    // A program that is not VS Code, or a script that only starts it, ends with exit code 0 without running anything.
    return { exitCode: counts === undefined ? 1 : exitCode, counts };
  } finally {
    removeUserData();
    result.remove();
  }
}

async function download(): Promise<string> {
  try {
    return await downloadAndUnzipVSCode({ cachePath: join(cacheFolder(), 'vscode-desktop') });
  } catch (error) {
    throw new Error(
      [
        `VS Code for the desktop could not be downloaded: ${error instanceof Error ? error.message : String(error)}`,
        'These tests need the internet. Or set STIMPACK_VSCODE to the program of an installed VS Code',
        '(such as /usr/share/code/code). "npm test" runs the same suite in VS Code in a browser, which needs neither.',
      ].join('\n'),
    );
  }
}

async function main(): Promise<number> {
  await buildAll();
  const specifications = findFiles(join(repositoryFolder, 'test', 'desktop'), /\.spec\.ts$/);
  const examples = temporaryCopy(join(repositoryFolder, 'examples'));
  const { exitCode, counts } = await runDesktopSuite({
    extension: repositoryFolder,
    suite: await buildSuite('desktop', specifications),
    folder: examples.folder,
  });
  console.log(`${counts?.passed ?? 0} passed, ${counts?.failed ?? 1} failed`);
  return exitCode;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  main().then(
    (exitCode) => process.exit(exitCode),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : String(error));
      process.exit(1);
    },
  );
}
