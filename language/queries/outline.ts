import {
  displayText,
  type Item,
  isTrivia,
  type Name,
  type SyntaxTree,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../syntax/index.ts';
import { itemsInside } from './tree.ts';

/** One entry of a file's outline. */
export interface OutlineEntry {
  readonly name: string;
  /** The kind of the entry: "npu extends TPUv4i", "conv". */
  readonly detail: string;
  readonly kind:
    | 'npu'
    | 'model'
    | 'block'
    | 'scheduler'
    | 'scenario'
    | 'explore'
    | 'let'
    | 'layer'
    | 'part'
    | 'property'
    | 'constraint';
  readonly start: number;
  readonly end: number;
  readonly nameStart: number;
  readonly nameEnd: number;
  readonly children: readonly OutlineEntry[];
}

const declared = ['npu', 'model', 'block', 'scheduler', 'scenario', 'explore'] as const;

/** The outline of a file. It also works for a file with errors. */
export function outline(tree: SyntaxTree): readonly OutlineEntry[] {
  return tree.root.items.flatMap((item) => entryOf(tree, item, false));
}

function entryOf(tree: SyntaxTree, item: Item, inLayers: boolean): readonly OutlineEntry[] {
  const isLayers =
    inLayers || (item.kind === 'statement' && (item.keyword.text === 'layers' || item.keyword.text === 'block'));
  const make = (
    name: string,
    detail: string,
    kind: OutlineEntry['kind'],
    at: Name | undefined,
  ): readonly OutlineEntry[] => [
    {
      name,
      detail,
      kind,
      start: item.start,
      end: item.end,
      nameStart: at?.start ?? item.start,
      nameEnd: at?.end ?? item.end,
      // Computed when it is read: a code lens needs only names, and reading the content of a moved block is expensive.
      get children(): readonly OutlineEntry[] {
        return itemsInside(item).flatMap((child) => entryOf(tree, child, isLayers));
      },
    },
  ];
  const text = (node: { readonly start: number; readonly end: number }): string =>
    displayText(tree, node.start, node.end);
  switch (item.kind) {
    case 'import':
      return [];
    case 'let':
      return item.name === undefined ? [] : make(item.name.text, text(item.value), 'let', item.name);
    case 'constraint':
      return make(text(item), '', 'constraint', item.words[0]);
    case 'property': {
      const [first] = item.words;
      if (first === undefined) return [];
      const value = item.value.kind === 'application' ? text(item.value.path) : text(item.value);
      return make(item.words.map((word) => word.text).join(' '), value, inLayers ? 'layer' : 'property', first);
    }
    case 'statement': {
      const { keyword, subject, clauses } = item;
      const kind = declared.find((one) => one === keyword.text);
      const name = subject === undefined ? keyword.text : text(subject);
      const detail = [subject === undefined ? '' : keyword.text, ...clauses.map(text)]
        .filter((part) => part !== '')
        .join(' ');
      const at: Name | undefined = subject?.kind === 'path' ? subject.parts[0] : keyword;
      return make(name, detail, kind ?? (inLayers ? 'layer' : 'part'), at);
    }
  }
}

/** A range of lines that an editor can fold. */
export interface Fold {
  readonly start: number;
  readonly end: number;
  readonly kind: 'block' | 'comment' | 'imports';
}

/** Folding ranges: blocks, lists, comments of several lines, and consecutive comment lines or imports. */
export function folds(tree: SyntaxTree): readonly Fold[] {
  const found: Fold[] = [];
  const open: number[] = [];
  let commentStart = -1;
  let commentEnd = -1;
  const closeComment = (): void => {
    if (commentStart >= 0 && tree.text.slice(commentStart, commentEnd).search(/[\r\n]/u) >= 0) {
      found.push({ start: commentStart, end: commentEnd, kind: 'comment' });
    }
    commentStart = -1;
  };
  let breaks = 0;
  /** The end of the last token that contains a line break. Comparing offsets keeps nested brackets linear. */
  let lastBreak = -1;
  for (let i = 0; i < tree.tokens.count; i++) {
    const kind = tokenKind(tree.tokens, i);
    const start = tokenStart(tree.tokens, i);
    const end = tokenEnd(tree.tokens, i);
    if (kind === 'newline') breaks++;
    if (kind === 'newline' || (kind === 'block-comment' && /[\r\n]/u.test(tree.text.slice(start, end))))
      lastBreak = end;
    if (kind === 'comment' || kind === 'doc-comment' || kind === 'block-comment') {
      if (breaks > 1) closeComment();
      if (commentStart < 0) commentStart = start;
      commentEnd = end;
      breaks = 0;
    } else if (!isTrivia(tree.tokens, i)) {
      closeComment();
      breaks = 0;
    }
    if (kind === '{' || kind === '[' || kind === '(') open.push(start);
    else if (kind === '}' || kind === ']' || kind === ')') {
      const from = open.pop();
      if (from !== undefined && lastBreak > from) found.push({ start: from, end, kind: 'block' });
    }
  }
  const imports = tree.root.items.filter((item) => item.kind === 'import');
  const [first] = imports;
  const last = imports.at(-1);
  if (first !== undefined && last !== undefined && last !== first)
    found.push({ start: first.start, end: last.end, kind: 'imports' });
  return found.sort((a, b) => a.start - b.start);
}
