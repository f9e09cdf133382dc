import { describe, expect, test } from 'vitest';
import { parse, type SyntaxTree } from '../../language/index.ts';

/*
 * A tree made from an earlier tree equals the tree made from scratch. The edits are at the borders of what can be
 * reused, and each edit is tried at each place.
 */

const uri = 'file:///reparse.npu';

const text = `let a = 1
let b = 2
model M {
  input: 8
  layers { dense { outputs: a } }
}
let c = 3
let d = 4
`;

/** The tree as text with sorted keys, because a moved node has its keys in another order. */
const seen = ({ root, diagnostics, tokens }: SyntaxTree): string =>
  JSON.stringify({ root, tokens: tokens.count, diagnostics }, (_, value: unknown) =>
    typeof value !== 'object' || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))),
  );

/** Checks the step between two texts, and a step back, which reuses what was moved once. */
function check(before: string, after: string): void {
  const first = parse(before, uri);
  const second = parse(after, uri, first);
  if (seen(second) !== seen(parse(after, uri)))
    throw new Error(`${JSON.stringify(before)} to ${JSON.stringify(after)}`);
  const third = parse(before, uri, second);
  if (seen(third) !== seen(first)) throw new Error(`${JSON.stringify(after)} back to ${JSON.stringify(before)}`);
}

const pieces = ['x', ' ', '\n', '\n\n  ', '{', '}', ',', '/*', '*/', '//', '///', '"', '\r', 'let z = 9\n', ' = '];

describe('from an earlier tree', () => {
  test.each(pieces)('%j inserted at each place', (piece) => {
    for (let at = 0; at <= text.length; at++) check(text, text.slice(0, at) + piece + text.slice(at));
  });

  test.each([1, 2, 10, 33])('%d characters removed at each place', (count) => {
    for (let at = 0; at + count <= text.length; at++) check(text, text.slice(0, at) + text.slice(at + count));
  });

  test('an item that was moved twice before it is read', () => {
    const far = `// one\n${text}`;
    const farther = `// two\n${far}`;
    const tree = parse(farther, uri, parse(far, uri, parse(text, uri)));
    expect(seen(tree)).toBe(seen(parse(farther, uri)));
  });

  test('an error after an item is reported once, whatever is edited before it', () => {
    for (const broken of [
      'let c = \nlet d = 4\n',
      'let c = 3\nlet\n',
      'model M { input: 8\nlet c = 3\n',
      'npu {\n}\n',
    ]) {
      for (const edit of ['let a = 1\n', 'let a = 10\n', '\nlet a = 1\n', ''])
        check(`let a = 1\n${broken}`, edit + broken);
    }
  });
});
