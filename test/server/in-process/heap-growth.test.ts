import { expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { SourceStore } from '../../../engine/index.ts';
import { diskReader, emptyLibrary } from '../../../host/index.ts';
import { Workspace } from '../../../server/workspace.ts';

test('the server is informed about a long document, and not about a short one', () => {
  let long = 0;
  const workspace = new Workspace(new SourceStore(diskReader, emptyLibrary), () => long++);
  const check = (text: string): void => {
    workspace.update(TextDocument.create('untitled:a.npu', 'npu', 1, text));
    workspace.program('untitled:a.npu');
  };
  check('let a = 1\n');
  expect(long).toBe(0);
  check('// a comment\n'.repeat(20_000));
  expect(long).toBe(1);
});
