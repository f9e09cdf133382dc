import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';

/** Inputs of the experiment. The command requests missing ones from the user. */
export interface ReproduceOptions {
  /** The folder for the page and its plots. */
  readonly folder?: vscode.Uri;
  /** Fraction of the requests that each run simulates. The page states it if it is below 1. */
  readonly effort?: number;
}

const shortened = 0.05;

/**
 * Runs the paper's experiment in a separate process, writes its page and plots, and opens the page. Returns the URI of
 * the page, or undefined if it was cancelled or failed.
 */
export async function reproduce(
  context: vscode.ExtensionContext,
  options: ReproduceOptions = {},
): Promise<vscode.Uri | undefined> {
  const effort = options.effort ?? (await askEffort());
  if (effort === undefined) return undefined;
  const folder = options.folder ?? (await askFolder(context));
  if (folder === undefined) return undefined;
  const page = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Reproducing the paper’s experiment', cancellable: true },
    (progress, cancellation) => run(context, folder, effort, progress, cancellation),
  );
  if (page !== undefined) await vscode.commands.executeCommand('markdown.showPreview', page);
  return page;
}

async function askEffort(): Promise<number | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      { label: 'The whole experiment', description: 'about a quarter of an hour on two cores', effort: 1 },
      {
        label: 'Shortened',
        description: 'a twentieth of the requests: quick, but not the experiment’s figures',
        effort: shortened,
      },
    ],
    { title: 'Reproduce the Paper’s Experiment' },
  );
  return picked?.effort;
}

async function askFolder(context: vscode.ExtensionContext): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showQuickPick(
    [
      { label: 'Keep it with the extension', folder: vscode.Uri.joinPath(context.globalStorageUri, 'reproduction') },
      { label: 'Choose a folder…', folder: undefined },
    ],
    { title: 'Where do the page and its plots go?' },
  );
  if (picked === undefined || picked.folder !== undefined) return picked?.folder;
  const [chosen] =
    (await vscode.window.showOpenDialog({
      canSelectFolders: true,
      canSelectFiles: false,
      openLabel: 'Write the Page Here',
    })) ?? [];
  return chosen;
}

function run(
  context: vscode.ExtensionContext,
  folder: vscode.Uri,
  effort: number,
  progress: vscode.Progress<{ message?: string; increment?: number }>,
  cancellation: vscode.CancellationToken,
): Promise<vscode.Uri | undefined> {
  return new Promise((resolve) => {
    const program = context.asAbsolutePath('dist/reproduce.cjs');
    // Uses VS Code's own runtime as Node, so the user needs to install nothing.
    const child = spawn(process.execPath, [program, '--out', folder.fsPath, '--effort', String(effort)], {
      env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const cancelling = cancellation.onCancellationRequested(() => child.kill());
    let page: vscode.Uri | undefined;
    let trouble = '';
    createInterface({ input: child.stdout }).on('line', (line) => {
      const [word, ...rest] = line.split(' ');
      if (word === 'page') page = vscode.Uri.file(rest.join(' '));
      if (word !== 'progress') return;
      const [done = 0, all = 1] = rest.map(Number);
      progress.report({ message: `${done} of ${all}`, increment: done === 0 ? 0 : 100 / all });
    });
    child.stderr.on('data', (data: Buffer) => {
      trouble = `${trouble}${data.toString()}`.slice(-2000);
    });
    let failed = false;
    const end = (message: string | undefined): void => {
      cancelling.dispose();
      if (message !== undefined && !failed && !cancellation.isCancellationRequested) {
        failed = true;
        void vscode.window.showErrorMessage(`The experiment did not run to its end: ${message}`);
      }
      resolve(message === undefined ? page : undefined);
    };
    child.on('error', (error) => end(error.message));
    child.on('close', (code) => end(code === 0 ? undefined : trouble.trim() || `its process ended with ${code}`));
  });
}
