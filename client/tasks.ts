import * as vscode from 'vscode';

const taskType = 'stimpack';
const actions = ['run', 'check', 'capacity'] as const;

interface StimpackTask extends vscode.TaskDefinition {
  readonly action: (typeof actions)[number] | 'diff';
  /** Relative to the folder, or absolute. */
  readonly file: string;
  /** The scenario to run; all scenarios of the file by default. */
  readonly scenario?: string;
  /** Of `diff`: the git revision that the file is compared with. */
  readonly revision?: string;
}

/** Tasks such as `stimpack: run rush.npu`: the bundled command line in a terminal, with a matcher for its problems. */
export function registerTasks(context: vscode.ExtensionContext): vscode.Disposable {
  const cli = cliOf(context);
  return vscode.tasks.registerTaskProvider(taskType, {
    provideTasks: async () => {
      const files = await vscode.workspace.findFiles('**/*.npu', '**/node_modules/**', 200);
      return files.flatMap((uri) => {
        const folder = vscode.workspace.getWorkspaceFolder(uri);
        if (folder === undefined) return [];
        const file = vscode.workspace.asRelativePath(uri, false);
        return actions.map((action) => createTask({ type: taskType, action, file }, folder, cli));
      });
    },
    resolveTask: (task) => {
      const definition = task.definition as StimpackTask;
      const scope = task.scope ?? vscode.TaskScope.Workspace;
      return actions.some((action) => action === definition.action) ? createTask(definition, scope, cli) : undefined;
    },
  });
}

/** Searches the largest load of a document's scenario, in a terminal. */
export async function runCapacity(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument,
  scenario: string | undefined,
): Promise<void> {
  const definition: StimpackTask = {
    type: taskType,
    action: 'capacity',
    file: document.uri.fsPath,
    ...(scenario === undefined ? {} : { scenario }),
  };
  await showFromTop(context, document, definition);
}

/** Compares a document with a git revision of it, in a terminal. */
export async function runDiff(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument,
  revision: string,
): Promise<void> {
  await showFromTop(context, document, { type: taskType, action: 'diff', file: document.uri.fsPath, revision });
}

async function showFromTop(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument,
  definition: StimpackTask,
): Promise<void> {
  const scope = vscode.workspace.getWorkspaceFolder(document.uri) ?? vscode.TaskScope.Workspace;
  const execution = await vscode.tasks.executeTask(createTask(definition, scope, cliOf(context)));
  // The answer is the first sentence of the report. The table of loads below it may not fit on the terminal.
  const listening = vscode.tasks.onDidEndTask((ended) => {
    if (ended.execution !== execution) return;
    listening.dispose();
    void vscode.commands.executeCommand('workbench.action.terminal.scrollToTop');
  });
}

function cliOf(context: vscode.ExtensionContext): string {
  return context.asAbsolutePath('dist/cli.cjs');
}

function createTask(
  definition: StimpackTask,
  scope: vscode.WorkspaceFolder | vscode.TaskScope,
  cli: string,
): vscode.Task {
  const only = definition.scenario === undefined ? [] : ['--scenario', definition.scenario];
  const revision = definition.revision === undefined ? [] : ['--rev', definition.revision];
  // A search that found its answer has not failed, even if the load in the file is too large.
  const always = definition.action === 'capacity' ? ['--exit-zero'] : [];
  const args = [cli, definition.action, definition.file, ...only, ...revision, ...always];
  // Uses VS Code's own runtime as Node, so the user needs to install nothing.
  const execution = new vscode.ProcessExecution(process.execPath, args, { env: { ELECTRON_RUN_AS_NODE: '1' } });
  const name = `${definition.action} ${vscode.workspace.asRelativePath(definition.file, false)}`;
  const task = new vscode.Task(definition, scope, name, taskType, execution, '$stimpack');
  // A search for the capacity is neither a build nor a test.
  if (definition.action === 'run') task.group = vscode.TaskGroup.Test;
  if (definition.action === 'check') task.group = vscode.TaskGroup.Build;
  const isAnswer = definition.action === 'capacity' || definition.action === 'diff';
  // Without the line that echoes the command, which would put two long paths before each answer. Clearing the terminal
  // would lose lines from which problems are read; a search for the capacity and a comparison have no problems to read.
  task.presentationOptions = { clear: isAnswer, echo: false, showReuseMessage: false };
  return task;
}
