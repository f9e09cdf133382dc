import * as vscode from 'vscode';
import type { Panels } from './panels.ts';
import type { RunStore } from './run-store.ts';
import { runDiff } from './tasks.ts';

/** The part of VS Code's git extension that is used here (its API, version 1). */
interface GitApi {
  getRepository(uri: vscode.Uri): GitRepository | null;
}

interface GitRepository {
  log(options: { readonly path: string; readonly maxEntries: number }): Promise<readonly GitCommit[]>;
}

interface GitCommit {
  readonly hash: string;
  readonly message: string;
  readonly authorDate?: Date;
}

/** A list that a person can survey. Our assumption. */
const mostCommits = 50;
const shortHash = 8;

/** Compares a document with one of its git revisions: the panel shows the figures of both, and keeps the revision in the history. */
export async function compareRevision(
  context: vscode.ExtensionContext,
  document: vscode.TextDocument,
  runs: RunStore,
  panels: Panels,
): Promise<void> {
  const refusal =
    document.uri.scheme !== 'file'
      ? 'Save the file first: only files on the disk have git revisions.'
      : vscode.workspace.isTrusted
        ? undefined
        : 'Trust this folder first: git can start programs that the configuration of a repository names.';
  if (refusal !== undefined) {
    void vscode.window.showInformationMessage(refusal);
    return;
  }
  const commits = await commitsOf(document.uri);
  const picked = commits.length === 0 ? await typedRevision() : await pickedRevision(commits);
  if (picked === undefined) return;
  await document.save();
  const uri = document.uri.toString();
  const { revision, subject } = picked;
  const label = revision.slice(0, revision === picked.hash ? shortHash : undefined);
  const answer = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: `Simulating ${label}`, cancellable: true },
    (_, token) => runs.revision({ uri, revision }, token),
  );
  if (answer.kind === 'failed') void vscode.window.showWarningMessage(`Not compared: ${answer.message}.`);
  if (answer.kind !== 'done') return;
  panels.compareRevision(uri, `${label} ${subject ?? answer.commit.slice(0, shortHash)}`, answer);
  const inputs = 'Show the Changed Inputs';
  const next = await vscode.window.showInformationMessage(`The panel compares the file with ${label}.`, inputs);
  if (next === inputs) await runDiff(context, document, revision);
}

/** A revision that the user chose. */
interface Picked {
  readonly revision: string;
  readonly hash?: string;
  /** The first line of the message of the commit. */
  readonly subject?: string;
}

/** The commits that changed a file, the newest first. Empty without a repository, and if the git extension is disabled. */
async function commitsOf(uri: vscode.Uri): Promise<readonly GitCommit[]> {
  try {
    const extension = vscode.extensions.getExtension<{ getAPI(version: 1): GitApi }>('vscode.git');
    const git = (await extension?.activate())?.getAPI(1);
    return (await git?.getRepository(uri)?.log({ path: uri.fsPath, maxEntries: mostCommits })) ?? [];
  } catch {
    return [];
  }
}

async function pickedRevision(commits: readonly GitCommit[]): Promise<Picked | undefined> {
  const items = commits.map(({ hash, message, authorDate }) => {
    const subject = message.split('\n')[0] ?? '';
    const description = [hash.slice(0, shortHash), authorDate?.toLocaleString() ?? ''].join(' ').trim();
    return { label: subject, description, revision: hash, hash, subject };
  });
  const placeHolder = 'The revision to compare the file with';
  return vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
}

async function typedRevision(): Promise<Picked | undefined> {
  const revision = await vscode.window.showInputBox({
    prompt: 'The git revision to compare the file with: a commit, a branch or a tag',
    value: 'HEAD',
    validateInput: (value) => (/^[^\s-]\S*$/u.test(value) ? undefined : 'Enter a commit, a branch or a tag.'),
  });
  return revision === undefined ? undefined : { revision };
}
