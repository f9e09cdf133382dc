import * as vscode from 'vscode';
import { starterDesign } from '../protocol/index.ts';
import { languageId } from './npu-document.ts';
import type { RunStore } from './run-store.ts';

/** A text to start from. */
interface Template {
  /** The name of the new file, without its folder. */
  readonly name: string;
  readonly label: string;
  readonly description: string;
  readonly text: string;
}

/** Shows a list of templates and opens a new file with the text of the chosen one. Nothing is written before the person saves it. */
export async function newDesign(extensionUri: vscode.Uri, runs: RunStore): Promise<void> {
  const starter: Template = {
    name: 'design.npu',
    label: 'One chip, one network, one objective',
    description: 'thirty lines to start from',
    text: starterDesign,
  };
  await openOneOf([starter, ...(await examples(extensionUri))], 'Choose what the new design starts from', runs);
}

/** Opens a copy of an example. `name`: the example, such as "rush.npu"; undefined: the person chooses one. */
export async function openExample(extensionUri: vscode.Uri, name: string | undefined, runs: RunStore): Promise<void> {
  const all = await examples(extensionUri);
  const named = all.find((each) => each.name === name);
  if (named === undefined) await openOneOf(all, 'Choose an example. You get a copy.', runs);
  else await open(named, runs);
}

async function openOneOf(templates: readonly Template[], placeHolder: string, runs: RunStore): Promise<void> {
  const chosen = await vscode.window.showQuickPick(templates, { placeHolder, matchOnDescription: true });
  if (chosen !== undefined) await open(chosen, runs);
}

/** The examples that ship with the extension. The first line of each, a comment, describes it. */
async function examples(extensionUri: vscode.Uri): Promise<readonly Template[]> {
  const folder = vscode.Uri.joinPath(extensionUri, 'examples');
  const names = (await vscode.workspace.fs.readDirectory(folder)).map(([name]) => name).filter(isDesign);
  return Promise.all(
    // The simplest example first.
    names
      .toSorted((a, b) => Number(b === 'rush.npu') - Number(a === 'rush.npu') || a.localeCompare(b))
      .map(async (name) => {
        const text = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(folder, name)));
        const [line = ''] = text.split('\n');
        return { name, label: name, description: line.replace(/^\/+\s*/, ''), text };
      }),
  );
}

function isDesign(name: string): boolean {
  return name.endsWith('.npu');
}

/**
 * Opens the text as an unsaved document. In a workspace, the document has a file name that is free, so that saving it needs no dialog. The
 * examples of the extension must not be edited in place.
 */
async function open({ name, text }: Template, runs: RunStore): Promise<void> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const target = folder === undefined ? undefined : await freeName(folder, name);
  if (target === undefined) {
    await vscode.window.showTextDocument(
      await vscode.workspace.openTextDocument({ language: languageId, content: text }),
    );
    return;
  }
  const uri = target.with({ scheme: 'untitled' });
  const document = await vscode.workspace.openTextDocument(uri);
  const edit = new vscode.WorkspaceEdit();
  edit.insert(uri, new vscode.Position(0, 0), text.replaceAll(name, target.path.split('/').at(-1) ?? name));
  await vscode.workspace.applyEdit(edit);
  await vscode.window.showTextDocument(document);
  // For the server, the document was opened empty and then edited, and an edit starts no run.
  await runs.request(document.uri.toString(), 'run');
}

/** The number of names that are tried before the person must name the file. Our assumption: more copies of one example are rare. */
const mostNames = 100;

async function freeName(folder: vscode.Uri, name: string): Promise<vscode.Uri | undefined> {
  for (let count = 1; count <= mostNames; count++) {
    const uri = vscode.Uri.joinPath(folder, count === 1 ? name : name.replace(/\.npu$/, `-${count}.npu`));
    const isOpen = vscode.workspace.textDocuments.some((document) => document.uri.path === uri.path);
    if (!isOpen && !(await exists(uri))) return uri;
  }
  return undefined;
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
