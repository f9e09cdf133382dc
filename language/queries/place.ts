import type { SourceFile } from '../program.ts';
import {
  arrivalForms,
  type BlockSchema,
  burstForms,
  fileBlocks,
  layersSchema,
  type PropertySchema,
  storedForms,
  tokenForms,
  type ValueType,
} from '../schema/index.ts';
import {
  type Expression,
  type Item,
  isTrivia,
  type SyntaxTree,
  type TokenKind,
  tokenAt,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../syntax/index.ts';

/** A significant token for queries about broken text, which read tokens backwards from the cursor. */
export interface Word {
  readonly kind: TokenKind;
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Whether a line break is between this token and the next one. */
  readonly breakAfter: boolean;
}

/** The surroundings of a cursor: the word being typed, the tokens before it, and the open brackets. */
export interface Place {
  /** The range that completion replaces: the word at the cursor, or an empty range. */
  readonly start: number;
  readonly end: number;
  /** Significant tokens before `start`, the nearest first; at most forty. */
  readonly before: readonly Word[];
  /** Offsets of the open brackets, innermost last. */
  readonly open: readonly { readonly kind: '{' | '(' | '['; readonly start: number }[];
}

export function placeAt(tree: SyntaxTree, offset: number): Place {
  const { tokens, text } = tree;
  let start = offset;
  let end = offset;
  const at = tokenAt(tokens, offset);
  for (const i of [at, at - 1]) {
    if (i < 0 || (tokenKind(tokens, i) !== 'name' && tokenKind(tokens, i) !== 'unit')) continue;
    if (tokenStart(tokens, i) <= offset && offset <= tokenEnd(tokens, i)) {
      start = tokenStart(tokens, i);
      end = tokenEnd(tokens, i);
      break;
    }
  }
  const before: Word[] = [];
  let breakAfter = false;
  for (let i = tokenAt(tokens, start); i >= 0 && before.length < 40; i--) {
    if (tokenEnd(tokens, i) > start) {
      // A line break directly after the cursor is not before it. Whitespace around the cursor is.
      continue;
    }
    const kind = tokenKind(tokens, i);
    if (kind === 'newline' || kind === 'comment' || kind === 'doc-comment') breakAfter = true;
    if (isTrivia(tokens, i) || kind === 'end-of-file') continue;
    before.push({
      kind,
      text: text.slice(tokenStart(tokens, i), tokenEnd(tokens, i)),
      start: tokenStart(tokens, i),
      end: tokenEnd(tokens, i),
      breakAfter,
    });
    breakAfter = false;
  }
  return { start, end, before, open: openBrackets(tree, start) };
}

function openBrackets(tree: SyntaxTree, offset: number): Place['open'] {
  const { tokens } = tree;
  const open: { kind: '{' | '(' | '['; start: number }[] = [];
  for (let i = 0; i < tokens.count && tokenStart(tokens, i) < offset; i++) {
    const kind = tokenKind(tokens, i);
    if (kind === '{' || kind === '(' || kind === '[') open.push({ kind, start: tokenStart(tokens, i) });
    else if (kind === '}' || kind === ')' || kind === ']') {
      const opening = kind === '}' ? '{' : kind === ')' ? '(' : '[';
      const match = open.findLastIndex((one) => one.kind === opening);
      if (match >= 0) open.length = match;
    }
  }
  return open;
}

/** The rules for the content of a block: those of the top level of a file, or a schema row. undefined if unknown. */
export type Inside =
  | { readonly kind: 'file' }
  | { readonly kind: 'block'; readonly schema: BlockSchema; readonly items: readonly Item[] };

/** The rules for the content of the block whose '{' is at `brace`. */
export function insideOf(file: SourceFile, brace: number | undefined): Inside | undefined {
  if (brace === undefined) return { kind: 'file' };
  return find(file.tree.root.items, undefined, brace);
}

function find(items: readonly Item[], schema: BlockSchema | undefined, brace: number): Inside | undefined {
  const item = items.find((one) => one.start <= brace && brace <= one.end);
  if (item?.kind === 'statement') {
    const inner = rowFor(schema, item.keyword.text);
    if (item.body === undefined || inner === undefined) return undefined;
    return item.body.start === brace
      ? { kind: 'block', schema: inner, items: item.body.items }
      : find(item.body.items, inner, brace);
  }
  if (item?.kind !== 'property' || schema === undefined) return undefined;
  const property = schema.properties.find((one) => one.name === item.words.map((word) => word.text).join(' '));
  return findInValue(item.value, property?.type, brace);
}

/** The block of a value: of a form, or of a labelled layer. */
function findInValue(value: Expression, type: ValueType | undefined, brace: number): Inside | undefined {
  if (value.kind === 'list') {
    const inner = value.items.find((one) => one.start <= brace && brace <= one.end);
    return inner && findInValue(inner, type, brace);
  }
  if (value.kind === 'with') return findInValue(brace >= value.change.start ? value.change : value.base, type, brace);
  if (value.kind !== 'application' || value.body === undefined) return undefined;
  const name = value.path.parts[0]?.text ?? '';
  const schema = type === undefined ? layersSchema.blocks.find((one) => one.keyword === name) : formOf(type, name);
  if (schema === undefined) return undefined;
  return value.body.start === brace
    ? { kind: 'block', schema, items: value.body.items }
    : find(value.body.items, schema, brace);
}

/** The schema row of a keyword inside a block, or at the top level of a file. */
function rowFor(schema: BlockSchema | undefined, keyword: string): BlockSchema | undefined {
  const rows = schema === undefined ? fileBlocks : schema.content === 'layers' ? layersSchema.blocks : schema.blocks;
  return rows.find((one) => one.keyword === keyword);
}

export function formOf(type: ValueType, name: string): BlockSchema | undefined {
  if (type.kind === 'form') return type.forms.find((form) => form.keyword === name);
  return type.kind === 'variants' ? burstForms.find((form) => form.keyword === name) : undefined;
}

/** The schema row of a form or a layer, by the name of the call. */
export function calledRow(name: string): BlockSchema | undefined {
  return [...arrivalForms, ...tokenForms, ...burstForms, ...storedForms, ...layersSchema.blocks].find(
    (one) => one.keyword === name,
  );
}

/** The property whose name is before a colon. `before` has the nearest token first. */
export function propertyBefore(schema: BlockSchema, before: readonly Word[]): PropertySchema | undefined {
  const [first, second] = before;
  const pair =
    first?.kind === 'name' && second?.kind === 'name' && !second.breakAfter
      ? `${second.text} ${first.text}`
      : undefined;
  return (
    schema.properties.find((one) => one.name === pair) ?? schema.properties.find((one) => one.name === first?.text)
  );
}
