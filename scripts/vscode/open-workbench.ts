import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import type { Payload, Settings, VsCode } from './code-server.ts';
import { startVsCode } from './code-server.ts';
import { removeFolder, undoAtExit } from './processes.ts';
import { PATIENCE_MS, until } from './wait.ts';
import { exactTyping, screenshot, stillWindow } from './workbench.ts';

export interface WorkbenchOptions {
  /** The folder to open, or a .code-workspace file. Use temporaryCopy if the test saves into it. */
  readonly folder: string;
  /** An unpacked extension under development (the folder of its manifest). */
  readonly extension?: string;
  /** A folder that installExtension filled. */
  readonly extensionsDir?: string;
  /** Added to `quietSettings`, `exactTyping` and `stillWindow`. */
  readonly settings?: Settings;
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface Workbench {
  readonly page: Page;
  readonly vscode: VsCode;
  /** The console output of the extension host so far, one string for each line. */
  readonly extensionHostLog: readonly string[];
  /** Closes the browser and the server, and removes their data. */
  close(): Promise<void>;
}

/** Real VS Code in a browser, for a test that acts as a user would (see workbench.ts). The caller closes it. */
export async function openWorkbench(options: WorkbenchOptions): Promise<Workbench> {
  const opened = await openPage(options);
  try {
    const { page, vscode } = opened;
    const development: Payload =
      options.extension === undefined ? [] : [['extensionDevelopmentPath', vscode.remoteUri(options.extension)]];
    await page.goto(vscode.url(options.folder, development));
    await until(
      'the explorer to list the folder',
      () => page.locator('.explorer-folders-view .monaco-list-row').first().isVisible(),
      2 * PATIENCE_MS,
    );
    return opened;
  } catch (error) {
    await screenshot(opened.page, 'workbench-did-not-open').catch(() => undefined);
    await opened.close();
    throw error;
  }
}

/** Server, browser and an empty page: the common part of tests from outside and suites inside. */
export async function openPage(
  options: WorkbenchOptions,
  env: Readonly<Record<string, string>> = {},
): Promise<Workbench> {
  const vscode = await startVsCode({
    env,
    ...(options.extensionsDir === undefined ? {} : { extensionsDir: options.extensionsDir }),
    settings: { ...exactTyping, ...stillWindow, ...options.settings },
  });
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await vscode.stop();
  };
  try {
    browser = await launchChromium();
    const context = await browser.newContext({
      viewport: options.viewport ?? { width: 1280, height: 800 },
      // Otherwise, copy and paste wait for an invisible permission prompt.
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    const extensionHostLog: string[] = [];
    page.on('console', (message) => {
      // The workbench repeats the console of an extension under development after a coloured tag.
      const match = /^%c\[Extension Host\] %c?(.*?)( color: .*)?$/s.exec(message.text());
      if (match?.[1] !== undefined) extensionHostLog.push(match[1]);
    });
    return { page, vscode, extensionHostLog, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** A copy of a folder that a test may write to. It is removed with this process or by `remove`. */
export function temporaryCopy(folder: string): { readonly folder: string; readonly remove: () => void } {
  const parent = mkdtempSync(join(tmpdir(), 'stimpack-copy-'));
  const remove = undoAtExit(() => removeFolder(parent));
  const copy = join(parent, basename(folder));
  cpSync(folder, copy, { recursive: true });
  return { folder: copy, remove };
}
