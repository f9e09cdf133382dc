import type { TextDocument } from 'vscode-languageserver-textdocument';
import { focusNotification, isServed } from '../protocol/index.ts';
import { DiskLooks } from './disk-looks.ts';
import type { Connection, TextDocuments } from './lsp.ts';
import type { Session } from './session.ts';

/**
 * Documents and files that come, change and go. Documents of foreign schemes (the left side of a diff editor) are ignored whatever the client
 * sends: they are never open as far as the rest of the server is concerned. `forget` drops what features keep for a document.
 */
export function registerDocumentEvents(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  session: Session,
  forget: (uri: string) => void,
): void {
  const { workspace, edits, runs, diagnostics } = session;

  /** Documents that see another text of a file that they import, without a message of the client about it. */
  const seeAnotherText = (uris: readonly string[]): void => {
    if (uris.length === 0) return;
    edits.add(uris);
    edits.flush();
    if (diagnostics.pulls) session.client.refresh('diagnostics');
  };

  const seenOnDisk = (affected: readonly string[]): void => {
    session.run(affected);
    if (diagnostics.pulls && affected.length > 0) session.client.refresh('diagnostics');
  };

  const looks = new DiskLooks((uri) => session.inBackground(workspace.lookBehind(uri).then(seenOnDisk)));
  connection.onNotification(focusNotification, () => {
    for (const uri of workspace.openUris()) looks.request(uri);
  });

  documents.onDidOpen(({ document }) => {
    if (!isServed(document.uri)) return;
    const affected = workspace.update(document);
    if (session.runsOnOpen) session.run([document.uri]);
    edits.add(affected);
    edits.flush();
    session.inBackground(workspace.identify(document.uri).then(seeAnotherText));
  });

  documents.onDidChangeContent(({ document }) => {
    // Opening is reported as a change as well; only the text of a known document can have changed.
    if (!workspace.isOpen(document.uri)) return;
    edits.add(workspace.update(document));
    looks.request(document.uri);
  });

  /** A saved file runs itself and every open document that imports it. */
  const runSaved = (saved: string): void => {
    if (!workspace.isOpen(saved)) return;
    session.run([...new Set([saved, ...workspace.openImporters(saved)])]);
  };
  // The text is already what the disk will hold, so its run need not wait for the disk. `didSave` runs what the save itself changed.
  documents.onWillSave(({ document }) => runSaved(document.uri));
  documents.onDidSave(({ document: { uri } }) => {
    runSaved(uri);
    // Files that it uses may have changed on the disk without a message: not every editor watches them.
    if (workspace.isOpen(uri)) session.inBackground(workspace.lookAgain(uri).then((changed) => session.run(changed)));
  });

  documents.onDidClose(({ document: { uri } }) => {
    if (!workspace.isOpen(uri)) return;
    edits.flush();
    looks.forget(uri);
    const affected = workspace.close(uri);
    forget(uri);
    session.explorations.end(uri);
    session.fixes.forget(uri);
    runs.close(uri);
    diagnostics.close(uri);
    edits.add(affected);
    edits.flush();
  });

  /** Files or whole folders appeared, changed or went. */
  const filesChanged = (uris: readonly string[]): void => {
    session.files.forget();
    session.inBackground(workspace.filesChanged(uris).then(seenOnDisk));
  };

  connection.onDidChangeWatchedFiles(({ changes }) => filesChanged(changes.map(({ uri }) => uri)));
  // A watcher reports files; only these report a whole folder.
  connection.workspace.onDidCreateFiles(({ files: made }) => filesChanged(made.map(({ uri }) => uri)));
  connection.workspace.onDidDeleteFiles(({ files: gone }) => filesChanged(gone.map(({ uri }) => uri)));
  connection.workspace.onDidRenameFiles(({ files: moved }) =>
    filesChanged(moved.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );
}
