import * as vscode from 'vscode';
import type { Objective, RunProblem, RunUpdate } from '../protocol/index.ts';
import { ClosedErrors } from './closed-errors.ts';
import { isNpu, languageId } from './npu-document.ts';
import type { RunStore } from './run-store.ts';

/**
 * The test view: every .npu file, its scenarios, and their objectives, each of which is a test. Running a test
 * simulates its file. The view shows results however the run was started.
 */
export class ObjectiveTests implements vscode.Disposable {
  readonly controller = vscode.tests.createTestController('stimpack.objectives', 'Stimpack objectives');
  private readonly runs: RunStore;
  /** Files that a test run simulates. The test run reports their results itself. */
  private readonly underTest = new Set<string>();
  private readonly errors: ClosedErrors;
  private readonly disposables: vscode.Disposable[];

  constructor(runs: RunStore) {
    this.runs = runs;
    const { controller } = this;
    controller.resolveHandler = (item) =>
      item === undefined ? this.discover() : this.read(item).then(() => undefined);
    controller.refreshHandler = () => this.discover();
    controller.createRunProfile(
      'Simulate',
      vscode.TestRunProfileKind.Run,
      async (request, token) => {
        await this.run(request, token);
      },
      true,
    );
    const watcher = vscode.workspace.createFileSystemWatcher('**/*.npu');
    this.errors = new ClosedErrors(watcher);
    this.disposables = [
      controller,
      watcher,
      this.errors,
      watcher.onDidCreate((uri) => this.fileItem(uri)),
      watcher.onDidDelete((uri) => controller.items.delete(uri.toString())),
      runs.onDidChange((update) => this.follow(update)),
      // A document that was never saved disappears with its editor.
      vscode.workspace.onDidCloseTextDocument(({ uri }) => {
        if (uri.scheme === 'untitled') controller.items.delete(uri.toString());
      }),
    ];
    for (const document of vscode.workspace.textDocuments) if (isNpu(document)) this.fileItem(document.uri);
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private async discover(): Promise<void> {
    for (const uri of await vscode.workspace.findFiles('**/*.npu', '**/node_modules/**')) this.fileItem(uri);
  }

  private fileItem(uri: vscode.Uri): vscode.TestItem {
    const id = uri.toString();
    const known = this.controller.items.get(id);
    if (known !== undefined) return known;
    const item = this.controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    item.canResolveChildren = true;
    this.controller.items.add(item);
    return item;
  }

  /** Requests the objectives of a file from the server. Opens the document for that without showing it. */
  private async read(file: vscode.TestItem): Promise<ReadonlyMap<string, Objective>> {
    const objectives = new Map<string, Objective>();
    if (file.uri === undefined) return objectives;
    const document = await vscode.workspace.openTextDocument(file.uri);
    if (document.languageId !== languageId) return objectives;
    const range = ({ start, end }: { readonly start: number; readonly end: number }): vscode.Range =>
      new vscode.Range(document.positionAt(start), document.positionAt(end));
    const scenarios = await this.runs.objectives(file.id);
    file.children.replace(
      scenarios.map((scenario) => {
        const id = `${file.id}#${scenario.name}`;
        const parent = file.children.get(id) ?? this.controller.createTestItem(id, scenario.name, file.uri);
        parent.range = range(scenario);
        parent.children.replace(
          scenario.objectives.map((objective) => {
            const childId = `${id}/${objective.id}`;
            const child =
              parent.children.get(childId) ?? this.controller.createTestItem(childId, objective.label, file.uri);
            child.range = range(objective);
            objectives.set(childId, objective);
            return child;
          }),
        );
        return parent;
      }),
    );
    return objectives;
  }

  /** Runs these tests and reports the verdicts. */
  async simulate(items: readonly vscode.TestItem[]): Promise<readonly (Objective | undefined)[]> {
    const found = await this.run(new vscode.TestRunRequest(items), new vscode.CancellationTokenSource().token);
    return items.map((item) => found.get(item.id));
  }

  private async run(
    request: vscode.TestRunRequest,
    token: vscode.CancellationToken,
  ): Promise<ReadonlyMap<string, Objective>> {
    const all = new Map<string, Objective>();
    // "Run All" includes files that the test view has not listed yet.
    if (request.include === undefined) await this.discover();
    const wanted = request.include ?? [...this.controller.items].map(([, item]) => item);
    const files = new Set(wanted.map(fileOf));
    const run = this.controller.createTestRun(request);
    try {
      // All from the start: a file that others import runs them too, and their results belong to this run.
      for (const file of files) this.underTest.add(file.id);
      for (const file of files) {
        if (token.isCancellationRequested) break;
        const isWanted = (item: vscode.TestItem): boolean =>
          wanted.some((chosen) => contains(chosen, item)) &&
          !(request.exclude ?? []).some((excluded) => contains(excluded, item));
        for (const [id, objective] of await this.runFile(file, isWanted, run, token)) all.set(id, objective);
      }
    } finally {
      for (const file of files) {
        this.underTest.delete(file.id);
        // A file may also run because it was opened. Cancelling stops this run too.
        if (token.isCancellationRequested) void this.runs.request(file.id, 'cancel');
      }
      run.end();
    }
    return all;
  }

  private async runFile(
    file: vscode.TestItem,
    isWanted: (item: vscode.TestItem) => boolean,
    run: vscode.TestRun,
    token: vscode.CancellationToken,
  ): Promise<ReadonlyMap<string, Objective>> {
    const before = await this.read(file);
    if (token.isCancellationRequested) return before;
    const tests = objectiveItems(file).filter(isWanted);
    for (const test of tests) run.started(test);
    const cancelling = token.onCancellationRequested(() => this.runs.request(file.id, 'cancel'));
    const update = await this.runs.settled(file.id);
    cancelling.dispose();
    const { phase, problem = null } = update?.state ?? {};
    if (phase === 'rejected' || phase === 'fresh') this.errors.ended(file.id, phase === 'fresh' ? null : problem);
    const found = phase === 'fresh' ? await this.read(file) : before;
    // A file with errors may have no objectives. The file itself then reports its error.
    if (tests.length === 0 && isWanted(file)) report(run, file, undefined, update);
    for (const test of tests) report(run, test, found.get(test.id), update);
    return found;
  }

  /** Shows the results of a run that was started elsewhere. */
  private async follow({ state }: RunUpdate): Promise<void> {
    if (state.phase !== 'fresh' || this.underTest.has(state.uri)) return;
    const file = this.fileItem(vscode.Uri.parse(state.uri));
    const found = await this.read(file);
    const isNewest = this.runs.get(state.uri)?.state.sequence === state.sequence;
    if (!isNewest || found.size === 0 || this.underTest.has(state.uri)) return;
    // Reports as a continuous run, so that no peek view opens over the text. The user did not request this run.
    const request = new vscode.TestRunRequest([file], undefined, undefined, true, true);
    const run = this.controller.createTestRun(request, undefined, false);
    for (const test of objectiveItems(file)) {
      const objective = found.get(test.id);
      // Without a message: the editor already underlines the objective, and its text would appear a third time beside
      // the line.
      if (objective !== undefined) reportVerdict(run, test, objective, false);
    }
    run.end();
  }
}

function report(
  run: vscode.TestRun,
  test: vscode.TestItem,
  objective: Objective | undefined,
  update: RunUpdate | undefined,
): void {
  switch (update?.state.phase) {
    case 'fresh':
      if (objective === undefined) run.skipped(test);
      else reportVerdict(run, test, objective, true);
      return;
    case 'cancelled':
    case undefined:
      run.appendOutput('The run was cancelled.\r\n', undefined, test);
      run.skipped(test);
      return;
    case 'stale':
      run.appendOutput('The text was edited while it ran.\r\n', undefined, test);
      run.skipped(test);
      return;
    default:
      if (test.parent === undefined && update?.state.phase === 'empty') run.skipped(test);
      else run.errored(test, problemAt(test, update?.state.problem ?? null));
  }
}

function reportVerdict(
  run: vscode.TestRun,
  test: vscode.TestItem,
  { verdict, message }: Objective,
  placed: boolean,
): void {
  if (message !== null) run.appendOutput(`${message}\r\n`, undefined, test);
  if (verdict === 'met') run.passed(test);
  // An undecided objective has neither passed nor failed.
  else if (verdict === null || verdict === 'undecided') run.skipped(test);
  else run.failed(test, placed ? messageAt(test, message ?? verdict) : []);
}

/** The error of a file at its place, which may be in a file that it imports. */
function problemAt(test: vscode.TestItem, problem: RunProblem | null): vscode.TestMessage {
  const message = messageAt(test, problem?.message ?? 'The file has no scenario.');
  if (problem?.place == null) return message;
  const { uri, line, column } = problem.place;
  message.location = new vscode.Location(vscode.Uri.parse(uri), new vscode.Position(line - 1, column - 1));
  return message;
}

function messageAt(test: vscode.TestItem, text: string): vscode.TestMessage {
  const message = new vscode.TestMessage(text);
  if (test.uri !== undefined && test.range !== undefined) {
    message.location = new vscode.Location(test.uri, test.range);
  }
  return message;
}

function fileOf(item: vscode.TestItem): vscode.TestItem {
  return item.parent === undefined ? item : fileOf(item.parent);
}

function contains(ancestor: vscode.TestItem, item: vscode.TestItem): boolean {
  return ancestor.id === item.id || (item.parent !== undefined && contains(ancestor, item.parent));
}

function objectiveItems(file: vscode.TestItem): vscode.TestItem[] {
  return [...file.children].flatMap(([, scenario]) => [...scenario.children].map(([, objective]) => objective));
}
