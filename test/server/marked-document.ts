import type { Position, Range, TextEdit } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

/** A text with the cursor at `|` and ranges between ⟦ and ⟧, in the terms of an editor. */
export interface MarkedDocument {
  readonly text: string;
  readonly cursor: Position;
  readonly ranges: readonly Range[];
}

export function readMarked(marked: string): MarkedDocument {
  let text = '';
  let cursor = 0;
  const open: number[] = [];
  const offsets: (readonly [number, number])[] = [];
  for (const character of marked) {
    if (character === '|') cursor = text.length;
    else if (character === '⟦') open.push(text.length);
    else if (character === '⟧') offsets.push([open.pop() ?? 0, text.length]);
    else text += character;
  }
  const document = TextDocument.create('file:///marked.npu', 'npu', 1, text);
  const ranges = offsets
    .sort((a, b) => a[0] - b[0])
    .map(([start, end]) => ({ start: document.positionAt(start), end: document.positionAt(end) }));
  return { text, cursor: document.positionAt(cursor), ranges };
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  return TextDocument.applyEdits(TextDocument.create('file:///edited.npu', 'npu', 1, text), [...edits]);
}

export function textIn(text: string, range: Range): string {
  return TextDocument.create('file:///read.npu', 'npu', 1, text).getText(range);
}
