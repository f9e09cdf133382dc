import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StimpackApi } from '../../client/start-extension.ts';

/*
 * The language through VS Code's own commands, in files of the open folder. Every file that a test creates is removed,
 * because other suites use the same folder.
 */

const made: vscode.Uri[] = [];

/** A file of the folder with this text, open in an editor, and the offset of the mark `|` in it. */
async function opened(name: string, marked: string): Promise<{ document: vscode.TextDocument; at: vscode.Position }> {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suite runs in a folder');
  const uri = vscode.Uri.file(path.join(folder.uri.fsPath, name));
  made.push(uri);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(marked.replace('|', '')));
  const document = await vscode.workspace.openTextDocument(uri);
  await vscode.window.showTextDocument(document);
  return { document, at: document.positionAt(Math.max(0, marked.indexOf('|'))) };
}

async function labels(document: vscode.TextDocument, at: vscode.Position): Promise<readonly string[]> {
  const list = await vscode.commands.executeCommand<vscode.CompletionList>(
    'vscode.executeCompletionItemProvider',
    document.uri,
    at,
  );
  return list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
}

const network = 'model Tiny { input: 8 x 8 x 3, layers { conv { kernel: 3, filters: 4 } } }\n';

describe('the language in VS Code', () => {
  before(async () => {
    await vscode.extensions.getExtension<StimpackApi>('stimpack.stimpack')?.activate();
  });

  after(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const uri of made) await vscode.workspace.fs.delete(uri);
  });

  it('completes units that fit, and files in an import', async () => {
    await opened('networks.npu', network);
    const clock = await opened('clock.npu', 'npu C { clock: 1 | }');
    const units = await labels(clock.document, clock.at);
    assert.ok(units.includes('GHz'));
    assert.ok(!units.includes('ms'));
    const importing = await opened('importing.npu', 'import "|"');
    const files = await labels(importing.document, importing.at);
    assert.ok(files.includes('./networks.npu'));
    assert.ok(files.includes('stimpack/tpuv4i'));
    assert.ok(!files.includes('./importing.npu'));
  });

  it('renames a model in the file that declares it and in the one that serves it', async () => {
    const declaring = await opened('declares.npu', network);
    const { document, at } = await opened(
      'serves.npu',
      'import "./declares.npu"\nimport "stimpack/tpuv4i"\nscenario S { npu: TPUv4i, serve Ti|ny { arrivals: poisson(10 rps) } }\n',
    );
    const edit = await vscode.commands.executeCommand<vscode.WorkspaceEdit>(
      'vscode.executeDocumentRenameProvider',
      document.uri,
      at,
      'Small',
    );
    await vscode.workspace.applyEdit(edit);
    assert.match(declaring.document.getText(), /^model Small /);
    assert.match(document.getText(), /serve Small /);
    await vscode.workspace.saveAll();
  });

  it('corrects a misspelt key by its quick fix', async () => {
    const { document, at } = await opened(
      'misspelt.npu',
      'import "stimpack/tpuv4i"\nnpu Mine extends TPUv4i { cl|ok: 1 GHz }\n',
    );
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      'vscode.executeCodeActionProvider',
      document.uri,
      new vscode.Range(at, at),
      vscode.CodeActionKind.QuickFix.value,
    );
    const edit = actions.find(({ title }) => title === "Replace by 'clock'")?.edit;
    assert.ok(edit, 'the fix is offered');
    await vscode.workspace.applyEdit(edit);
    assert.match(document.getText(), /\{ clock: 1 GHz \}/);
    await document.save();
  });

  it('offers fixes for a violated objective with their outcome, and an applied fix has that outcome', async () => {
    const { document, at } = await opened(
      'overloaded.npu',
      `import "stimpack/stimpack"
import "stimpack/resnet50"
scenario Rush {
  npu: Stimpack
  serve ResNet50 {
    arrivals: poisson(60000 rps)
    slo { p99 lat|ency <= 15 ms }
  }
}
`,
    );
    const broken = (): readonly vscode.Diagnostic[] =>
      vscode.languages.getDiagnostics(document.uri).filter(({ source }) => source === 'stimpack');
    const until = async (what: string, holds: () => Promise<boolean> | boolean): Promise<void> => {
      for (let i = 0; i < 600; i++) {
        if (await holds()) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      assert.fail(`waited too long for ${what}`);
    };
    await until('the finding', () => broken().length > 0);
    let edit: vscode.WorkspaceEdit | undefined;
    await until('the fix', async () => {
      const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
        'vscode.executeCodeActionProvider',
        document.uri,
        new vscode.Range(at, at),
        vscode.CodeActionKind.QuickFix.value,
      );
      const figures = /^Lower the load to [\d,]+ rps \(largest that meets p99 latency <= 15 ms: [\d.]+ ms\)$/;
      edit = actions.find(({ title }) => figures.test(title))?.edit;
      return edit !== undefined;
    });
    assert.ok(edit);
    await vscode.workspace.applyEdit(edit);
    await document.save();
    await until('the finding to go', () => broken().length === 0);
  });
});
