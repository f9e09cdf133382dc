import { type Diagnostic, diagnosticAt, type Fix } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { syntaxMessages } from '../messages/index.ts';
import { commonEnds } from './common-ends.ts';
import { Cursor } from './cursor.ts';
import { parseBody, parseFileItems } from './items.ts';
import { lex } from './lexer.ts';
import type { Body } from './nodes.ts';
import { readyItems } from './reparse.ts';
import { type Tokens, tokenEnd, tokenKind, tokenStart } from './tokens.ts';

/** A parsed text. It is lossless: the tokens, including trivia, are the whole text. The nodes give their meaning. */
export interface SyntaxTree {
  readonly uri: string;
  readonly text: string;
  readonly tokens: Tokens;
  /** The file's items, as a body without brackets. */
  readonly root: Body;
  readonly diagnostics: readonly Diagnostic[];
}

/**
 * Parses any text. It never throws and keeps every part that it can parse. `previous` is the tree of a text that differs a little: its
 * unchanged parts are reused. The result is the same as without it.
 */
export function parse(text: string, uri: string, previous?: SyntaxTree): SyntaxTree {
  if (text.length > limits.fileCharacters) return refuse(text, uri);
  const common = previous && commonEnds(previous.text, text);
  const tokens = lex(
    text,
    previous && common && { ...common, tokens: previous.tokens, textLength: previous.text.length },
  );
  const cursor = new Cursor(text, uri, tokens, parseBody);
  const ready = previous && common && readyItems(previous, text, common);
  const items = parseFileItems(cursor, ready);
  const root: Body = { kind: 'body', start: 0, end: text.length, items, closed: true };
  return { uri, text, tokens, root, diagnostics: [...openComments(text, uri, tokens), ...cursor.diagnostics] };
}

function refuse(text: string, uri: string): SyntaxTree {
  const megabytes = limits.fileCharacters / (1024 * 1024);
  return {
    uri,
    text,
    tokens: lex(''),
    root: { kind: 'body', start: 0, end: text.length, items: [], closed: true },
    diagnostics: [diagnosticAt({ uri, start: 0, end: 1 }, syntaxMessages.fileTooLarge({ megabytes }))],
  };
}

function openComments(text: string, uri: string, tokens: Tokens): readonly Diagnostic[] {
  // Only the last token before the end can be an unclosed comment.
  const last = tokens.count - 2;
  if (last < 0 || tokenKind(tokens, last) !== 'block-comment') return [];
  const start = tokenStart(tokens, last);
  const end = tokenEnd(tokens, last);
  if (end - start >= 4 && text.endsWith('*/')) return [];
  const fix: Fix = { title: "Insert '*/'", edits: [{ origin: { uri, start: end, end }, newText: ' */' }] };
  return [diagnosticAt({ uri, start, end: start + 2 }, syntaxMessages.unterminatedComment(), { fixes: [fix] })];
}
