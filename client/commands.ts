import * as vscode from 'vscode';
import { newDesign, openExample } from './new-design.ts';
import { frontDocument, LastFront } from './npu-document.ts';
import { type Panels, panelViewId } from './panels.ts';
import type { NodeParts } from './platform.ts';
import type { ReproduceOptions } from './reproduce.ts';
import type { RunStore } from './run-store.ts';

const newDesignItem = 'New Design...';
const openExampleItem = 'Open an Example';

/** Registers every command of the manifest, by its id. The manifest of the extension in a browser does not have those that need Node. */
export function registerCommands(
  context: vscode.ExtensionContext,
  panels: Panels,
  runs: RunStore,
  node: NodeParts | undefined,
): readonly vscode.Disposable[] {
  const last = new LastFront();
  const withFront = async (act: (document: vscode.TextDocument) => Promise<void>): Promise<void> => {
    const front = frontDocument();
    const document = front ?? last.document;
    if (document === undefined) {
      void vscode.window
        .showInformationMessage(
          'Open a .npu file first: Stimpack simulates the file in front.',
          newDesignItem,
          openExampleItem,
        )
        .then((chosen) => {
          if (chosen === newDesignItem) return newDesign(context.extensionUri, runs);
          return chosen === openExampleItem ? openExample(context.extensionUri, undefined, runs) : undefined;
        });
      return;
    }
    // The document may be behind another page, such as the walkthrough. The command shows it.
    if (front === undefined) await vscode.window.showTextDocument(document);
    await act(document);
  };
  const commands: Readonly<Record<string, (...args: readonly unknown[]) => unknown>> = {
    'stimpack.run': () =>
      withFront(async (document) => {
        panels.openTab();
        await runs.request(document.uri.toString(), 'run');
      }),
    'stimpack.cancel': () => withFront((document) => runs.request(document.uri.toString(), 'cancel')),
    // A code lens names the exploration. From the command palette it is the only one, or the one that the user picks.
    'stimpack.explore': (_uri, exploration) =>
      withFront((document) =>
        explore(document, panels, runs, typeof exploration === 'string' ? exploration : undefined),
      ),
    'stimpack.forgetExplorations': () => panels.forgetExplorations(),
    'stimpack.openPanel': () => panels.openTab(),
    'stimpack.openLockedPanel': () => withFront(async () => panels.openLockedTab()),
    'stimpack.lockPanel': () => panels.setLocked(true),
    'stimpack.unlockPanel': () => panels.setLocked(false),
    // Only a code lens calls this. It names the scenario.
    'stimpack.compare': (uri, scenario) => panels.compare(String(uri), String(scenario)),
    'stimpack.openSidePanel': () => vscode.commands.executeCommand(`${panelViewId}.focus`),
    'stimpack.newDesign': () => newDesign(context.extensionUri, runs),
    // The walkthrough names an example.
    'stimpack.openExample': (name) =>
      openExample(context.extensionUri, typeof name === 'string' ? name : undefined, runs),
    'stimpack.openReference': () => openPage(context, 'reference.md'),
    'stimpack.openWalkthrough': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${context.extension.id}#first-plot`, false),
  };
  const nodeCommands: typeof commands =
    node === undefined
      ? {}
      : {
          // A code lens names the scenario below it.
          'stimpack.capacity': (_uri, scenario) =>
            withFront(async (document) => {
              await document.save();
              await node.runCapacity(document, typeof scenario === 'string' ? scenario : undefined);
            }),
          'stimpack.compareRevision': () => withFront((document) => node.compareRevision(document, runs, panels)),
          'stimpack.exportReport': () => {
            const { uri, explored } = panels.shown();
            return node.exportReport(runs, uri, explored);
          },
          'stimpack.reproduce': (options) => node.reproduce((options ?? {}) as ReproduceOptions),
        };
  return [
    last,
    ...Object.entries({ ...commands, ...nodeCommands }).map(([id, act]) => vscode.commands.registerCommand(id, act)),
  ];
}

/** Runs a document as it is. Then tries the designs of one of its explorations and shows them beside the document. */
async function explore(
  document: vscode.TextDocument,
  panels: Panels,
  runs: RunStore,
  named: string | undefined,
): Promise<void> {
  panels.openTab();
  await document.save();
  const uri = document.uri.toString();
  const update = await runs.settled(uri);
  if (update === undefined) return;
  const { state } = update;
  if (state.phase === 'rejected') {
    void vscode.window.showWarningMessage('The design has errors, so there is nothing to explore yet.');
    return;
  }
  const names = state.explorations.map(({ name }) => name);
  const [only] = names;
  if (only === undefined) {
    const message = "This file has no exploration. Add an 'explore' block with the values that vary and the goals.";
    void vscode.window.showInformationMessage(message);
    return;
  }
  const exploration = named ?? (names.length === 1 ? only : await vscode.window.showQuickPick(names));
  if (exploration !== undefined) panels.explore({ uri, hash: state.hash, exploration });
}

/** Opens one of the extension's own pages in the Markdown preview. */
async function openPage(context: vscode.ExtensionContext, name: string): Promise<void> {
  await vscode.commands.executeCommand('markdown.showPreview', vscode.Uri.joinPath(context.extensionUri, 'docs', name));
}
