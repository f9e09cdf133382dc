import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { registerDocumentEvents } from '../../../server/document-events.ts';
import { LateEdits } from '../../../server/late-edits.ts';
import type { Session } from '../../../server/session.ts';

type Listener = (event: { readonly document: TextDocument }) => void;
type Parameters = globalThis.Parameters<typeof registerDocumentEvents>;

/** The events of documents, with a session that records checks. Every opened document is seen by all that are open. */
function events() {
  const checked: string[] = [];
  const open: string[] = [];
  const listeners = new Map<string, Listener>();
  const listen = (event: string) => (listener: Listener) => listeners.set(event, listener);
  const names = ['onDidOpen', 'onDidChangeContent', 'onWillSave', 'onDidSave', 'onDidClose'];
  const documents = Object.fromEntries(names.map((name) => [name, listen(name)]));
  const ignored = () => undefined;
  const edits = new LateEdits(
    (uri) => checked.push(uri),
    (error) => expect.unreachable(String(error)),
  );
  const session = {
    parts: { serves: () => true },
    settings: { runOnOpen: true },
    edits,
    run: async (uris: readonly string[]) => edits.flushOf(uris),
    inBackground: ignored,
    diagnostics: { pulls: false },
    workspace: {
      isOpen: (uri: string) => open.includes(uri),
      update: ({ uri }: TextDocument) => {
        if (!open.includes(uri)) open.push(uri);
        return [uri, ...open.filter((one) => one !== uri)];
      },
      identify: async () => [],
      lookBehind: async () => [],
      openUris: () => open,
    },
  };
  const connection = {
    onNotification: ignored,
    onDidChangeWatchedFiles: ignored,
    workspace: { onDidCreateFiles: ignored, onDidDeleteFiles: ignored, onDidRenameFiles: ignored },
  };
  registerDocumentEvents(
    connection as unknown as Parameters[0],
    documents as unknown as Parameters[1],
    session as unknown as Session,
    ignored,
  );
  const fire = (event: string, document: TextDocument): void => listeners.get(event)?.({ document });
  return { checked, edits, fire };
}

const documentOf = (name: string): TextDocument => TextDocument.create(`file:///${name}.npu`, 'npu', 1, '');

test('documents that are opened together are each checked once, and those that import them once more', async () => {
  const { checked, edits, fire } = events();
  const documents = Array.from({ length: 20 }, (_, i) => documentOf(`f${i}`));
  for (const document of documents) {
    fire('onDidOpen', document);
    // The library reports the same again.
    fire('onDidChangeContent', document);
  }
  expect(checked).toEqual(documents.map(({ uri }) => uri));
  await edits.checked();
  expect(checked.length).toBeLessThan(2 * documents.length);
});

test('the first change of a document that was opened is checked', async () => {
  const { checked, edits, fire } = events();
  const document = documentOf('a');
  for (const event of ['onDidOpen', 'onDidChangeContent', 'onDidChangeContent']) fire(event, document);
  await edits.checked();
  expect(checked).toEqual([document.uri, document.uri]);
});
