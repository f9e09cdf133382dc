import { type SourceFile, semanticTokens, semanticTokenTypes } from '../../language/index.ts';
import { type Range, type SemanticTokens, SemanticTokensBuilder, type SemanticTokensDelta } from '../lsp.ts';
import { fileOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

const typeNumbers = new Map(semanticTokenTypes.map((type, index) => [type, index]));

export const semanticTokenFeature: Feature = {
  capabilities: {
    semanticTokensProvider: {
      legend: { tokenTypes: [...semanticTokenTypes], tokenModifiers: ['declaration'] },
      full: { delta: true },
      range: true,
    },
  },
  register: registerSemanticTokens,
};

function registerSemanticTokens({ connection, context, onClosed }: FeatureParts): void {
  const memory = new SemanticTokenMemory();
  onClosed((uri) => memory.forget(uri));
  const { semanticTokens: requests } = connection.languages;

  requests.on(({ textDocument: { uri } }): SemanticTokens => {
    const builder = memory.builderOf(uri);
    builder.previousResult('');
    push(builder, fileOf(context, uri)?.file);
    return builder.build();
  });

  requests.onDelta(({ textDocument: { uri }, previousResultId }): SemanticTokens | SemanticTokensDelta => {
    const builder = memory.builderOf(uri);
    builder.previousResult(previousResultId);
    push(builder, fileOf(context, uri)?.file);
    return builder.buildEdits();
  });

  requests.onRange(({ textDocument: { uri }, range }): SemanticTokens => {
    const builder = new SemanticTokensBuilder();
    push(builder, fileOf(context, uri)?.file, range);
    return builder.build();
  });
}

/** The last answer for each open document, so that a later answer contains only the differences. */
class SemanticTokenMemory {
  private readonly builders = new Map<string, SemanticTokensBuilder>();

  builderOf(uri: string): SemanticTokensBuilder {
    const known = this.builders.get(uri);
    if (known !== undefined) return known;
    const builder = new SemanticTokensBuilder();
    this.builders.set(uri, builder);
    return builder;
  }

  forget(uri: string): void {
    this.builders.delete(uri);
  }
}

function push(builder: SemanticTokensBuilder, file: SourceFile | undefined, range?: Range): void {
  if (file === undefined) return;
  const { lines } = file;
  const from = range === undefined ? 0 : lines.offsetAt(range.start);
  const to = range === undefined ? file.text.length : lines.offsetAt(range.end);
  // Tokens arrive in the order of the text, so the line number only advances and needs no search.
  let line = lines.positionAt(from).line;
  for (const token of semanticTokens(file, from, to)) {
    if (token.start < lines.lineStart(line)) line = lines.positionAt(token.start).line;
    while (line + 1 < lines.lineCount && lines.lineStart(line + 1) <= token.start) line++;
    const type = typeNumbers.get(token.type) ?? 0;
    const modifiers = token.isDeclaration ? 1 : 0;
    const start = lines.lineStart(line);
    if (line + 1 >= lines.lineCount || token.end < lines.lineStart(line + 1)) {
      builder.push(line, token.start - start, token.end - token.start, type, modifiers);
      continue;
    }
    const first = lines.positionAt(token.start);
    const last = lines.positionAt(token.end);
    // A token of several lines is sent line by line, because not every client accepts a multi-line token.
    for (let at = first.line; at <= last.line; at++) {
      const begin = at === first.line ? token.start : lines.lineStart(at);
      const end = at === last.line ? token.end : lines.offsetAt({ line: at, character: Number.MAX_SAFE_INTEGER });
      if (end > begin) builder.push(at, begin - lines.lineStart(at), end - begin, type, modifiers);
    }
  }
}
