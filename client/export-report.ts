import * as vscode from 'vscode';
import { reportTools, writeFileSafely } from '../host/index.ts';
import { type Packed, reportHtml } from '../protocol/index.ts';
import type { RunStore } from './run-store.ts';
import { saveFile } from './save-file.ts';

/** Saves the results that a panel shows as one page, the same as `stimpack run --html`. `explored`: packed results of explorations. */
export async function exportReport(
  extensionUri: vscode.Uri,
  runs: RunStore,
  uri: string | undefined,
  explored: readonly Packed[],
): Promise<void> {
  const update = uri === undefined ? undefined : runs.get(uri);
  if (update === undefined || (update.results === null && explored.length === 0)) {
    void vscode.window.showInformationMessage('There are no results to export yet. Simulate a file first.');
    return;
  }
  const { state, results } = update;
  if (results !== null && state.phase !== 'fresh') {
    const answer = await vscode.window.showWarningMessage(
      `The results belong to an earlier text of ${state.name}.`,
      'Export Them',
    );
    if (answer === undefined) return;
  }
  const assets = vscode.Uri.joinPath(extensionUri, 'dist', 'webview');
  const textOf = async (name: string): Promise<string> =>
    new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(assets, name)));
  const panel = { script: await textOf('panel.js'), style: await textOf('panel.css') };
  const page = reportHtml({ uri: state.uri, name: state.name, results, explored, panel }, reportTools);
  await saveFile(`${state.name.replace(/\.npu$/u, '')}.html`, page, writeFileSafely);
}
