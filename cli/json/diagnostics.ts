import type { Diagnostic, Origin } from '../../design/index.ts';
import type { ComplaintCode } from '../messages.ts';
import { rangeOf, type Sources } from '../source-text.ts';
import type { Json } from './document.ts';

function locationJson(origin: Origin, sources: Sources): { readonly [key: string]: Json } {
  const lines = sources.linesOf(origin.uri);
  const range = lines === undefined ? undefined : rangeOf(lines, origin);
  return {
    file: sources.nameOf(origin.uri),
    startLine: range?.start.line ?? null,
    startColumn: range?.start.column ?? null,
    endLine: range?.end.line ?? null,
    endColumn: range?.end.column ?? null,
  };
}

/**
 * Lines and columns count from 1, and the end is exclusive. They are null if the text of the place is not available (a foreign file, the
 * command line).
 */
export function diagnosticJson(diagnostic: Diagnostic, sources: Sources): { readonly [key: string]: Json } {
  return {
    severity: diagnostic.severity,
    code: diagnostic.code,
    message: diagnostic.message,
    ...locationJson(diagnostic.origin, sources),
    related: (diagnostic.related ?? []).map((each) => ({
      message: each.message,
      ...locationJson(each.origin, sources),
    })),
    fixes: (diagnostic.fixes ?? []).map((fix) => ({
      title: fix.title,
      edits: fix.edits.map((edit) => ({ ...locationJson(edit.origin, sources), newText: edit.newText })),
    })),
  };
}

/** A complaint without a place in a file: wrong usage, a missing file, or a bug. */
export function plainDiagnosticJson(code: ComplaintCode, message: string, file: string | null): Json {
  return {
    severity: 'error',
    code,
    message,
    file,
    startLine: null,
    startColumn: null,
    endLine: null,
    endColumn: null,
    related: [],
    fixes: [],
  };
}
