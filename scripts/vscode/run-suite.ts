import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format } from 'node:util';
import type { VsCode } from './code-server.ts';
import { findFiles } from './find-files.ts';
import type { WorkbenchOptions } from './open-workbench.ts';
import { openPage } from './open-workbench.ts';
import { lastLines, removeFolder, undoAtExit } from './processes.ts';
import type { SuiteCounts } from './suite-protocol.ts';
import { SUITE_MARK } from './suite-protocol.ts';
import { screenshot } from './workbench.ts';

export interface SuiteOptions extends WorkbenchOptions {
  readonly extension: string;
  /** A file that exports run(), as buildSuite returns it. */
  readonly suite: string;
  /** The time limit for the whole run, including the start. Default: 5 minutes. */
  readonly timeoutMs?: number;
  /** Receives the report line by line, and the logs if something failed. Default: prints on the terminal. */
  readonly print?: (line: string) => void;
}

export interface SuiteOutcome {
  /** 0 if everything passed. */
  readonly exitCode: number;
  /** Undefined if the suite did not finish. */
  readonly counts: SuiteCounts | undefined;
}

/**
 * Runs a suite in the extension host of real VS Code that runs in a browser. A failing suite is a result, not an
 * exception.
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteOutcome> {
  const print = options.print ?? console.log;
  const result = resultFile();
  const { page, vscode, close } = await openPage(options, { ...result.env, SUITE_MARKED: '1' });
  try {
    // VS Code calls these two functions if they exist: for each line of its log and of the extension host's console,
    // and for the result of run().
    const windowLog: string[] = [];
    await page.exposeFunction('codeAutomationLog', (_type: string, args: readonly unknown[]) => {
      const line = format(...args);
      if (line.startsWith(SUITE_MARK)) print(line.slice(SUITE_MARK.length));
      else if (!line.startsWith('Ignoring fetching')) windowLog.push(line);
    });
    const verdict = new Promise<number>((done) => {
      page.exposeFunction('codeAutomationExit', (code: number) => done(code)).catch(() => done(1));
    });
    const trouble = new Promise<string>((tell) => {
      const timeoutMs = options.timeoutMs ?? 900_000;
      setTimeout(() => tell(`The suite did not end within ${timeoutMs / 1000} s.`), timeoutMs).unref();
      page.on('crash', () => tell('The page of VS Code crashed.'));
      page.on('close', () => tell('The page of VS Code was closed.'));
    });
    await page.goto(
      vscode.url(options.folder, [
        ['extensionDevelopmentPath', vscode.remoteUri(options.extension)],
        ['extensionTestsPath', vscode.remoteUri(options.suite)],
      ]),
    );
    const outcome = await Promise.race([verdict, trouble]);
    if (typeof outcome === 'string') print(outcome);
    const exitCode = typeof outcome === 'number' ? outcome : 1;
    if (exitCode !== 0) {
      // This includes the extension's own console.
      print(`The last lines of VS Code's window:\n${windowLog.slice(-30).join('\n')}`);
      if (typeof outcome === 'string') printLogs(vscode, print);
      print(`Screenshot: ${await screenshot(page, 'suite-failed').catch(() => 'none, the page is gone')}`);
    }
    return { exitCode, counts: result.read() };
  } finally {
    await close();
    result.remove();
  }
}

/** The file in which the suite reports its counts, in the browser and on the desktop. */
export function resultFile(): {
  readonly env: Readonly<Record<string, string>>;
  readonly read: () => SuiteCounts | undefined;
  readonly remove: () => void;
} {
  const folder = mkdtempSync(join(tmpdir(), 'stimpack-suite-'));
  const file = join(folder, 'result.json');
  return {
    env: { SUITE_RESULT: file, SUITE_COLOR: process.stdout.isTTY ? '1' : '0' },
    read: () => (existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as SuiteCounts) : undefined),
    remove: undoAtExit(() => removeFolder(folder)),
  };
}

function printLogs(vscode: VsCode, print: (line: string) => void): void {
  print(`The last lines of VS Code's server:\n${lastLines(vscode.log(), 30)}`);
  for (const file of findFiles(join(vscode.dataDir, 'data', 'logs'), /exthost\.log$/)) {
    print(`${file} ends with:\n${lastLines(readFileSync(file, 'utf8'), 30)}`);
  }
}
