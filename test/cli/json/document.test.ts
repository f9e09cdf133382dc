import { expect, test } from 'vitest';
import { type Json, printDocument, renderDocument } from '../../../cli/json/document.ts';

const rows: readonly Json[] = [{ design: 0, values: ['a\nb', '"'], of: { x: null } }, 3, [], {}, 'line\n'];

test.each<[string, { readonly [key: string]: Json }]>([
  ['rows in the middle', { file: 'a', designs: rows, caveats: [] }],
  ['no rows', { designs: [], last: 1 }],
  ['one row', { designs: [{}] }],
  ['many rows', { designs: Array.from({ length: 3000 }, () => rows) }],
])('a document that is printed in pieces equals the whole one: %s', (_, content) => {
  let text = '';
  let pieces = 0;
  const print = (piece: string): void => {
    text += piece;
    pieces += 1;
  };
  const { designs } = content;
  printDocument(print, 'explore', 1, { ...content, designs: () => designs as readonly Json[] });
  expect(text).toBe(renderDocument('explore', 1, content));
  expect(pieces > 1).toBe(text.length > 1e6);
});
