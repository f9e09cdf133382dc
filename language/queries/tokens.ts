import type { SourceFile } from '../program.ts';
import { type TokenKind, tokenAt, tokenEnd, tokenKind, tokenStart } from '../syntax/index.ts';

export const semanticTokenTypes = [
  'comment',
  'string',
  'number',
  'keyword',
  'operator',
  'property',
  'enumMember',
  'class',
  'variable',
  'function',
  'parameter',
] as const;
export type SemanticTokenType = (typeof semanticTokenTypes)[number];

export interface SemanticToken {
  readonly start: number;
  readonly end: number;
  readonly type: SemanticTokenType;
  /** A name at its declaration. */
  readonly isDeclaration: boolean;
}

const keywords: ReadonlySet<string> = new Set([
  'import',
  'let',
  'extends',
  'from',
  'as',
  'in',
  'step',
  'linear',
  'logarithmic',
  'with',
  'x',
]);

/**
 * The meanings of the tokens that touch [from, to), in text order. A token without a meaning is left out. A comment may span several lines.
 * Facts and tokens are both sorted, so this walks them together.
 */
export function semanticTokens(file: SourceFile, from = 0, to = file.text.length): readonly SemanticToken[] {
  const { tokens, text } = file.tree;
  const facts = file.facts();
  const found: SemanticToken[] = [];
  const first = Math.max(0, tokenAt(tokens, from));
  let next = firstFrom(facts, tokenStart(tokens, first));
  for (let i = first; i < tokens.count; i++) {
    const start = tokenStart(tokens, i);
    if (start >= to) break;
    const kind = tokenKind(tokens, i);
    let type = typeOfToken(kind);
    let isDeclaration = false;
    if (kind === 'name') {
      while ((facts[next]?.start ?? start) < start) next++;
      for (let fact = facts[next]; fact?.start === start && type === undefined; fact = facts[++next]) {
        type = typeOf(fact);
        isDeclaration = fact.kind === 'declaration';
      }
      if (type === undefined && keywords.has(text.slice(start, tokenEnd(tokens, i)))) type = 'keyword';
    }
    if (type === undefined) continue;
    const end = tokenEnd(tokens, i);
    if (end > from) found.push({ start, end, type, isDeclaration });
  }
  return found;
}

function typeOfToken(kind: TokenKind): SemanticTokenType | undefined {
  switch (kind) {
    case 'comment':
    case 'doc-comment':
    case 'block-comment':
      return 'comment';
    case 'string':
      return 'string';
    case 'number':
    case 'unit':
      return 'number';
    default:
      return undefined;
  }
}

/** Index of the first fact that starts at or after an offset. */
function firstFrom(facts: readonly { readonly start: number }[], offset: number): number {
  let low = 0;
  let high = facts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((facts[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function typeOf(fact: ReturnType<SourceFile['facts']>[number]): SemanticTokenType | undefined {
  switch (fact.kind) {
    case 'declaration':
    case 'reference':
      return fact.declaration.kind === 'let' ? 'variable' : fact.declaration.kind === 'block' ? 'function' : 'class';
    case 'property':
      return 'property';
    case 'block':
      return 'keyword';
    case 'word':
      return 'enumMember';
    case 'label':
      return 'parameter';
    case 'value':
    case 'import':
      return undefined;
  }
}
