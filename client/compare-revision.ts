import * as vscode from 'vscode';
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

/** Compares a document with one of its git revisions: which inputs changed, and what that did to each objective. The answer is in a terminal. */
export async function compareRevision(context: vscode.ExtensionContext, document: vscode.TextDocument): Promise<void> {
  if (document.uri.scheme !== 'file') {
    void vscode.window.showInformationMessage('Save the file first: only files on the disk have git revisions.');
    return;
  }
  const commits = await commitsOf(document.uri);
  const revision = commits.length === 0 ? await typedRevision() : await pickedRevision(commits);
  if (revision === undefined) return;
  await document.save();
  await runDiff(context, document, revision);
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

async function pickedRevision(commits: readonly GitCommit[]): Promise<string | undefined> {
  const items = commits.map(({ hash, message, authorDate }) => ({
    label: message.split('\n')[0] ?? '',
    description: [hash.slice(0, shortHash), authorDate?.toLocaleString() ?? ''].join(' ').trim(),
    hash,
  }));
  const placeHolder = 'The revision to compare the file with';
  return (await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true }))?.hash;
}

function typedRevision(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    prompt: 'The git revision to compare the file with: a commit, a branch or a tag',
    value: 'HEAD',
    validateInput: (value) => (/^[^\s-]\S*$/u.test(value) ? undefined : 'Enter a commit, a branch or a tag.'),
  });
}
