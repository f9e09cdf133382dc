import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StimpackApi } from '../../client/start-extension.ts';
import type { ExplorationResult, ExploreAnswer } from '../../protocol/index.ts';
import { unpack } from '../../protocol/index.ts';

/** Few enough designs to finish within the test. */
const bandwidths = 'vary Sized.HBM.bandwidth in 200 GB/s .. 1000 GB/s step 400 GB/s';

describe('an exploration in VS Code', () => {
  it('has a lens above its block, which tries its designs and shows results as they arrive', async function () {
    this.timeout(180_000);
    const extension = vscode.extensions.getExtension<StimpackApi>('stimpack.stimpack');
    const folder = vscode.workspace.workspaceFolders?.[0];
    assert.ok(extension && folder);
    const api = await extension.activate();
    const document = await vscode.workspace.openTextDocument(path.join(folder.uri.fsPath, 'explore.npu'));
    await vscode.window.showTextDocument(document);
    const line = document
      .getText()
      .split('\n')
      .findIndex((text) => text.includes('vary Sized.HBM.bandwidth'));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, document.lineAt(line).range, `  ${bandwidths}`);
    await vscode.workspace.applyEdit(edit);
    await document.save();
    const command = await lens(document, 'stimpack.explore');
    const block = document
      .getText()
      .split('\n')
      .findIndex((text) => text.startsWith('explore Sizing'));
    assert.equal(command.line, block);
    const said: ExploreAnswer[] = [];
    const listening = api.runs.onDidProgressExploration(({ answer }) => said.push(answer));
    try {
      await vscode.commands.executeCommand('stimpack.explore', ...command.arguments);
      const some = await until(() => {
        const last = said.findLast((answer) => 'result' in answer && answer.result !== null);
        if (last === undefined || !('result' in last) || last.result === null) return undefined;
        const result = unpack<ExplorationResult>(last.result);
        return result.tried > 1 ? result : undefined;
      });
      assert.equal(some.count, 15);
      const known = some.measures.map((column) => [...column].filter((value) => value > 0).length);
      assert.deepEqual(known, [some.tried, some.tried]);
      const label = (tab: vscode.Tab) => tab.label;
      assert.ok(vscode.window.tabGroups.all.some(({ tabs }) => tabs.map(label).includes('Stimpack')));
    } finally {
      listening.dispose();
      // The exploration that the page requested ends with the page.
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    }
  });
});

interface Lens {
  readonly line: number;
  readonly arguments: readonly unknown[];
}

/** The server reads a file some time after it was opened. */
async function lens(document: vscode.TextDocument, command: string): Promise<Lens> {
  for (;;) {
    const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
      'vscode.executeCodeLensProvider',
      document.uri,
      100,
    );
    const found = all.find((each) => each.command?.command === command);
    if (found?.command !== undefined)
      return { line: found.range.start.line, arguments: (found.command.arguments ?? []) as readonly unknown[] };
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

async function until<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
