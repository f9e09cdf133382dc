import type { TextDocument } from 'vscode-languageserver-textdocument';
import { focusNotification } from '../protocol/index.ts';
import { DiskLooks } from './disk-looks.ts';
import type { Connection, TextDocuments } from './lsp.ts';
import type { Session } from './session.ts';

/**
 * Handles opened, changed, saved and closed documents, and changes of files. It ignores documents of foreign schemes
 * (the left side of a diff editor), even if the client sends them, so the rest of the server never sees them as open.
 * `forget` drops what features store for a document.
 */
export function registerDocumentEvents(
  connection: Connection,
  documents: TextDocuments<TextDocument>,
  session: Session,
  forget: (uri: string) => void,
): void {
  const { workspace, edits, runs, diagnostics } = session;

  /** Updates documents for which the text of an imported file changed without a message from the client. */
  const seeAnotherText = (uris: readonly string[]): void => {
    if (uris.length === 0) return;
    edits.add(uris);
    edits.flush();
    if (diagnostics.pulls) session.client.refresh('diagnostics');
  };

  const seenOnDisk = (affected: readonly string[]): void => {
    session.inBackground(session.run(affected));
    if (diagnostics.pulls && affected.length > 0) session.client.refresh('diagnostics');
  };

  const looks = new DiskLooks((uri) => session.inBackground(workspace.lookBehind(uri).then(seenOnDisk)));
  connection.onNotification(focusNotification, () => {
    for (const uri of workspace.openUris()) looks.request(uri);
  });

  /** The library reports the opening of this document as a change next. */
  let opened: TextDocument | undefined;

  documents.onDidOpen(({ document }) => {
    if (!session.parts.serves(document.uri)) return;
    opened = document;
    const affected = workspace.update(document);
    if (session.settings.runOnOpen) session.inBackground(session.run([document.uri]));
    edits.add(affected);
    edits.flushOf([document.uri]);
    session.inBackground(workspace.identify(document.uri).then(seeAnotherText));
  });

  documents.onDidChangeContent(({ document }) => {
    const isOpening = document === opened;
    opened = undefined;
    // Only the text of a known document can have changed.
    if (isOpening || !workspace.isOpen(document.uri)) return;
    edits.add(workspace.update(document));
    looks.request(document.uri);
  });

  /** Runs a saved file and every open document that imports it. */
  const runSaved = (saved: string): void => {
    if (!workspace.isOpen(saved)) return;
    session.inBackground(session.run([...new Set([saved, ...workspace.openImporters(saved)])]));
  };
  // The editor's text is already what the disk will contain, so the run does not wait for the disk. `didSave` runs the
  // document again if the save itself changed the text.
  documents.onWillSave(({ document }) => runSaved(document.uri));
  documents.onDidSave(({ document: { uri } }) => {
    runSaved(uri);
    // Files that the document uses may have changed on disk without a message, because not every editor watches them.
    if (workspace.isOpen(uri)) session.inBackground(workspace.lookAgain(uri).then((changed) => session.run(changed)));
  });

  documents.onDidClose(({ document: { uri } }) => {
    if (!workspace.isOpen(uri)) return;
    edits.flush();
    looks.forget(uri);
    const { affected, changed } = workspace.close(uri);
    forget(uri);
    session.explorations.end(uri);
    session.fixes.forget(uri);
    runs.close(uri);
    diagnostics.close(uri);
    edits.add(affected);
    edits.flush();
    session.inBackground(changed.then(seeAnotherText));
  });

  /** Handles files and whole folders that appeared, changed or disappeared. */
  const filesChanged = (uris: readonly string[]): void => {
    session.files.forget();
    session.inBackground(workspace.filesChanged(uris).then(seenOnDisk));
  };

  connection.onDidChangeWatchedFiles(({ changes }) => filesChanged(changes.map(({ uri }) => uri)));
  // A watcher reports files. Only these notifications report a whole folder.
  connection.workspace.onDidCreateFiles(({ files: made }) => filesChanged(made.map(({ uri }) => uri)));
  connection.workspace.onDidDeleteFiles(({ files: gone }) => filesChanged(gone.map(({ uri }) => uri)));
  connection.workspace.onDidRenameFiles(({ files: moved }) =>
    filesChanged(moved.flatMap(({ oldUri, newUri }) => [oldUri, newUri])),
  );
}
