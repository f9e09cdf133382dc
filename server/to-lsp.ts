import { type Diagnostic, type Origin, type Severity, shownMessage } from '../design/index.ts';
import type { LineIndex } from '../language/index.ts';
import {
  DiagnosticSeverity,
  DiagnosticTag,
  type Location,
  type Diagnostic as LspDiagnostic,
  type Range,
} from './lsp.ts';

/** Converts offsets and plain diagnostics to LSP. No other module does this. */
export type FindLines = (uri: string) => LineIndex | undefined;

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

const start = { line: 0, character: 0 };

function toRange(origin: Origin, findLines: FindLines): Range {
  const lines = findLines(origin.uri);
  if (lines === undefined) return { start, end: start };
  return { start: lines.positionAt(origin.start), end: lines.positionAt(origin.end) };
}

function toLocation(origin: Origin, findLines: FindLines): Location {
  return { uri: origin.uri, range: toRange(origin, findLines) };
}

/** The URI of the page about a code; undefined if there is none. */
export type FindPage = (code: string) => string | undefined;

/** The parts of a diagnostic that not every client shows. */
export interface ShownParts {
  readonly related: boolean;
  /** A link to the page about the code. */
  readonly page: boolean;
  readonly tags: boolean;
}

export function toLspDiagnostic(
  diagnostic: Diagnostic,
  findLines: FindLines,
  { findPage, parts, source }: { readonly findPage: FindPage; readonly parts: ShownParts; readonly source: string },
): LspDiagnostic {
  const page = parts.page ? findPage(diagnostic.code) : undefined;
  return {
    range: toRange(diagnostic.origin, findLines),
    severity: severities[diagnostic.severity],
    code: diagnostic.code,
    ...(page === undefined ? {} : { codeDescription: { href: page } }),
    source,
    message: shownMessage(diagnostic.message),
    ...(diagnostic.tag === undefined || !parts.tags
      ? {}
      : { tags: [diagnostic.tag === 'unnecessary' ? DiagnosticTag.Unnecessary : DiagnosticTag.Deprecated] }),
    ...(diagnostic.related === undefined || !parts.related
      ? {}
      : {
          relatedInformation: diagnostic.related.map(({ message, origin }) => ({
            message: shownMessage(message),
            location: toLocation(origin, findLines),
          })),
        }),
  };
}
