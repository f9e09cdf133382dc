import type { TextChange } from '../../format/index.ts';
import type { Program, SourceFile } from '../../program.ts';
import { type AnyNode, childrenOf, type Expression, lineBreakOf } from '../../syntax/index.ts';
import { pathAt } from '../tree.ts';

/** A value that becomes a `let`, so that several places can use it. */
interface Extraction {
  readonly name: string;
  readonly changes: readonly TextChange[];
}

/**
 * Gives the selected value a name: the number at the cursor, or a calculation that is selected as a whole. undefined for a value that has a name already,
 * uses names that a `let` cannot see, or belongs to an exploration or a network, whose values are its own.
 */
export function extractLet(program: Program, file: SourceFile, start: number, end: number): Extraction | undefined {
  const { tree, text } = file;
  const selected = text.slice(start, end);
  const from = start + (selected.length - selected.trimStart().length);
  const to = Math.max(from, start + selected.trimEnd().length);
  const path = pathAt(tree, from);
  const at = path.findLastIndex(
    (node) => isValue(node) && (from === to ? node.kind === 'quantity' : node.start === from && node.end === to),
  );
  const value = path[at];
  const root = path[1] === tree.root ? path[2] : path[1];
  const parent = path[at - 1];
  if (value === undefined || root === undefined || !isConstant(value)) return undefined;
  if (parent?.kind === 'let' || root.kind === 'import') return undefined;
  if (root.kind === 'statement' && !extractable.has(root.keyword.text)) return undefined;
  // `repeat 3 { }` and the bounds of a range state structure.
  if (path.some((node) => node.kind === 'range') || parent?.kind === 'statement') return undefined;
  const taken = new Set(program.declarations(file.uri).map(({ name }) => name));
  const name = freeName(stemOf(path.slice(0, at)), taken);
  const lineBreak = lineBreakOf(tree);
  const statement = `let ${name} = ${text.slice(value.start, value.end)}`;
  const index = tree.root.items.findIndex((item) => item.start === root.start);
  const lastLet = tree.root.items.slice(0, index).findLast((item) => item.kind === 'let');
  const insertion =
    lastLet === undefined
      ? {
          at: aboveComments(text, root.start),
          newText: `${statement}${lineBreak}${root.kind === 'let' ? '' : lineBreak}`,
        }
      : { at: lineEnd(text, lastLet.end), newText: `${lineBreak}${statement}` };
  return {
    name,
    changes: [
      { start: insertion.at, end: insertion.at, newText: insertion.newText },
      { start: value.start, end: value.end, newText: name },
    ],
  };
}

/** The declarations whose values a `let` can replace. */
const extractable: ReadonlySet<string> = new Set(['npu', 'scheduler', 'scenario']);

function isValue(node: AnyNode): node is Expression {
  return node.kind === 'quantity' || node.kind === 'binary' || node.kind === 'group' || node.kind === 'unary';
}

/** A calculation with numbers only. */
function isConstant(node: AnyNode): boolean {
  if (node.kind === 'quantity') return true;
  return isValue(node) && childrenOf(node).every(isConstant);
}

/** The name of the property, objective or argument that has the value, as one word: `p99Latency`. */
function stemOf(path: readonly AnyNode[]): string {
  for (const node of path.toReversed()) {
    const words =
      node.kind === 'property' || node.kind === 'constraint'
        ? node.words
        : node.kind === 'argument' && node.name !== undefined
          ? [node.name]
          : undefined;
    if (words === undefined) continue;
    const parts = words.flatMap(({ text }) => text.split(/[^A-Za-z0-9]+/u)).filter((part) => part !== '');
    const [first = 'value', ...rest] = parts;
    return first + rest.map((part) => part.charAt(0).toUpperCase() + part.slice(1)).join('');
  }
  return 'value';
}

function freeName(stem: string, taken: ReadonlySet<string>): string {
  let name = stem;
  for (let i = 2; taken.has(name); i++) name = `${stem}${i}`;
  return name;
}

/** The start of the comments directly above an item. */
function aboveComments(text: string, start: number): number {
  let at = text.lastIndexOf('\n', start - 1) + 1;
  while (at > 0) {
    const before = text.lastIndexOf('\n', at - 2) + 1;
    if (!text.slice(before, at).trimStart().startsWith('//')) break;
    at = before;
  }
  return at;
}

function lineEnd(text: string, offset: number): number {
  const found = /\r?\n/u.exec(text.slice(offset));
  return found === null ? text.length : offset + found.index;
}
