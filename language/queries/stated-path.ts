import type { Statement, SyntaxTree } from '../syntax/index.ts';

/* The names of values under those of their blocks: `Mine.HBM.bandwidth`. */

/** A declaration and a serve have the name of their subject. Another block has its keyword too: `mode burst`. An `slo` has no name. */
export function pathOf(tree: SyntaxTree, { keyword, subject, clauses }: Statement, within: string): string {
  if (keyword.text === 'slo') return within;
  if (subject?.kind !== 'path') return joined(within, keyword.text);
  const label = clauses.find((clause) => clause.keyword.text === 'as')?.value;
  const name = textOf(tree, label ?? subject);
  return joined(within, within === '' || keyword.text === 'serve' ? name : `${keyword.text} ${name}`);
}

export function joined(within: string, name: string): string {
  return within === '' ? name : `${within}.${name}`;
}

export function wordsOf({ words }: { readonly words: readonly { readonly text: string }[] }): string {
  return words.map(({ text }) => text).join(' ');
}

/** A comment, or a text in quotes, which may contain the signs of a comment. */
const commentOrQuoted = /"(?:[^"\\\n]|\\.)*"|\/\/[^\r\n]*|\/\*[\s\S]*?\*\//gu;

/** The text of a node, without comments and line breaks. */
export function textOf(tree: SyntaxTree, { start, end }: { readonly start: number; readonly end: number }): string {
  const source = tree.text.slice(start, end);
  const bare = source.replace(commentOrQuoted, (part) => (part.startsWith('"') ? part : ' '));
  return bare.replace(/\s+/gu, ' ').trim();
}
