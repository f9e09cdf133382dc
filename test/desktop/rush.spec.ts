import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import type { StimpackApi } from '../../client/start-extension.ts';

/** Repeats the question until the answer is not undefined. The time limit of the suite ends it. */
async function until<T>(ask: () => T | undefined): Promise<T> {
  for (;;) {
    const answer = ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

function example(): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'the suite runs in the examples folder');
  return vscode.Uri.file(path.join(folder.uri.fsPath, 'rush.npu'));
}

async function setLoad(document: vscode.TextDocument, rate: string): Promise<void> {
  const match = /let peak = [^\n]*/.exec(document.getText());
  assert.ok(match, 'the example states its load as `let peak`');
  const edit = new vscode.WorkspaceEdit();
  const range = new vscode.Range(document.positionAt(match.index), document.positionAt(match.index + match[0].length));
  edit.replace(document.uri, range, `let peak = ${rate}`);
  await vscode.workspace.applyEdit(edit);
  await document.save();
}

/** A code that links to its page arrives as value and target. */
const codeOf = ({ code }: vscode.Diagnostic): unknown => (typeof code === 'object' ? code.value : code);

const sloFindings = (uri: vscode.Uri): vscode.Diagnostic[] =>
  vscode.languages.getDiagnostics(uri).filter((diagnostic) => codeOf(diagnostic) === 'slo-violated');

describe('examples/rush.npu in VS Code', () => {
  let document: vscode.TextDocument;
  let api: StimpackApi;

  before(async () => {
    const extension = vscode.extensions.getExtension<StimpackApi>('stimpack.stimpack');
    assert.ok(extension, 'the extension is installed');
    api = await extension.activate();
    document = await vscode.workspace.openTextDocument(example());
    await vscode.window.showTextDocument(document);
  });

  it('underlines the objective, with the cause, when a save makes the load too high', async () => {
    await setLoad(document, '60000 rps');
    const [found] = await until(() => {
      const findings = sloFindings(document.uri);
      return findings.length > 0 ? findings : undefined;
    });
    assert.ok(found);
    assert.equal(found.severity, vscode.DiagnosticSeverity.Error);
    assert.match(document.getText(found.range), /p99 latency\s*<= 15 ms/);
    assert.match(found.message, /p99 latency of ResNet50 violates its 15 ms limit in overload/);
    const related = found.relatedInformation?.[0];
    assert.ok(related);
    assert.match(document.getText(related.location.range), /poisson/);
  });

  it('reports nothing when a save makes the load low', async () => {
    await setLoad(document, '500 rps');
    const uri = document.uri.toString();
    await until(() =>
      api.runs.get(uri)?.state.phase === 'fresh' && sloFindings(document.uri).length === 0 ? true : undefined,
    );
  });

  it('lists the objectives as tests, and running one simulates its file', async () => {
    await setLoad(document, '60000 rps');
    const { controller } = api.tests;
    await controller.resolveHandler?.(undefined);
    const file = controller.items.get(document.uri.toString());
    assert.ok(file, 'the file is in the test view');
    await controller.resolveHandler?.(file);
    const scenarios = [...file.children].map(([, scenario]) => scenario);
    assert.deepEqual(
      scenarios.map(({ label }) => label),
      ['Rush'],
    );
    const objectives = [...(scenarios[0]?.children ?? [])].map(([, objective]) => objective);
    assert.deepEqual(
      objectives.map(({ label }) => label),
      ['p99 latency <= 15 ms', 'accuracy >= 76.3 %'],
    );
    const [latency] = objectives;
    assert.ok(latency?.range);
    assert.match(document.getText(latency.range), /^p99 latency/);
    const [verdict] = await api.tests.simulate([latency]);
    assert.equal(verdict?.verdict, 'violated');
    assert.match(verdict.message ?? '', /15 ms limit in overload/);
  });

  it('offers tasks with a matcher for their problems', async () => {
    await setLoad(document, '500 rps');
    const tasks = await vscode.tasks.fetchTasks({ type: 'stimpack' });
    const own = tasks.map(({ name }) => name).filter((name) => name.endsWith(' rush.npu'));
    assert.deepEqual(own.toSorted(), ['capacity rush.npu', 'check rush.npu', 'run rush.npu']);
    const run = tasks.find(({ name }) => name === 'run rush.npu');
    assert.ok(run);
    const ended = new Promise<number | undefined>((resolve) => {
      const listening = vscode.tasks.onDidEndTaskProcess(({ execution, exitCode }) => {
        if (execution.task.name !== run.name) return;
        listening.dispose();
        resolve(exitCode);
      });
    });
    await vscode.tasks.executeTask(run);
    assert.equal(await ended, 0);
  });

  it('lists the problems of a task for a closed file, and lists none twice for an open one', async function () {
    this.timeout(180_000);
    const text = document.getText().replace(/let peak = [^\n]*/, 'let peak = 60000 rps');
    const closed = vscode.Uri.joinPath(document.uri, '..', 'closed.npu');
    await vscode.workspace.fs.writeFile(closed, new TextEncoder().encode(text));
    try {
      await setLoad(document, '60000 rps');
      await until(() => (sloFindings(document.uri).length === 2 ? true : undefined));
      const tasks = await vscode.tasks.fetchTasks({ type: 'stimpack' });
      const runToEnd = async (name: string): Promise<void> => {
        const task = tasks.find((one) => one.name === name);
        assert.ok(task, name);
        const ended = new Promise<void>((resolve) => {
          const listening = vscode.tasks.onDidEndTask(({ execution }) => {
            if (execution.task.name !== name) return;
            listening.dispose();
            resolve();
          });
        });
        await vscode.tasks.executeTask(task);
        await ended;
      };
      // On a busy machine, VS Code drops output that arrives just before a process ends, so the task may need another
      // run. The time limit of the test ends the loop.
      while (sloFindings(closed).length === 0) await runToEnd('run closed.npu');
      await runToEnd('run rush.npu');
      assert.equal(sloFindings(document.uri).length, 2);
    } finally {
      await vscode.workspace.fs.delete(closed);
    }
  });

  it('registers every command that the manifest contributes', async () => {
    const extension = vscode.extensions.getExtension('stimpack.stimpack');
    const manifest = extension?.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });
});
