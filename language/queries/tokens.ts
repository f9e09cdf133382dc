import type { SourceFile } from '../program.ts';
import { tokenEnd, tokenKind, tokenStart } from '../syntax/index.ts';

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
  /** A name at the place where it is declared. */
  readonly isDeclaration: boolean;
}

const keywords: ReadonlySet<string> = new Set(['import', 'let', 'extends', 'from', 'as', 'in', 'step', 'with', 'x']);

/** The meaning of a file's tokens in the text's order; a token that says nothing is left out. A comment may span lines. */
export function semanticTokens(file: SourceFile): readonly SemanticToken[] {
  const byStart = new Map<number, { readonly type: SemanticTokenType; readonly isDeclaration: boolean }>();
  for (const fact of file.facts()) {
    const known = byStart.get(fact.start);
    const type = typeOf(fact);
    if (type !== undefined && known === undefined)
      byStart.set(fact.start, { type, isDeclaration: fact.kind === 'declaration' });
  }
  const { tokens, text } = file.tree;
  const found: SemanticToken[] = [];
  for (let i = 0; i < tokens.count; i++) {
    const start = tokenStart(tokens, i);
    const end = tokenEnd(tokens, i);
    const push = (type: SemanticTokenType, isDeclaration = false): void => {
      found.push({ start, end, type, isDeclaration });
    };
    switch (tokenKind(tokens, i)) {
      case 'comment':
      case 'doc-comment':
      case 'block-comment':
        push('comment');
        break;
      case 'string':
        push('string');
        break;
      case 'number':
      case 'unit':
        push('number');
        break;
      case 'name': {
        const meaning = byStart.get(start);
        if (meaning !== undefined) push(meaning.type, meaning.isDeclaration);
        else if (keywords.has(text.slice(start, end))) push('keyword');
        break;
      }
      default:
    }
  }
  return found;
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
