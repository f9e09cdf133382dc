import type { LibraryHost } from '../../library.ts';
import type { Program, SourceFile } from '../../program.ts';
import type { DeclarationKind } from '../../schema/index.ts';
import type { Inside, Place } from '../place.ts';

/** One offer. `insertText` is a snippet in LSP notation if `isSnippet`. It replaces [start, end). */
export interface Completion {
  readonly label: string;
  readonly kind: 'block' | 'property' | 'word' | 'unit' | 'layer' | 'label' | 'import' | DeclarationKind;
  readonly detail: string;
  readonly documentation: string;
  readonly insertText: string;
  readonly isSnippet: boolean;
  readonly start: number;
  readonly end: number;
  /** For a name that is not visible yet: the edit that imports it. */
  readonly imports?: { readonly start: number; readonly end: number; readonly newText: string };
}

/** The place of a completion and its context. */
export interface Site {
  readonly program: Program;
  readonly file: SourceFile;
  readonly host: LibraryHost;
  readonly place: Place;
  /** The rules of the surrounding block or of the file. undefined if unknown. */
  readonly inside: Inside | undefined;
}

/** An offer that inserts its label, unless `parts` states another text. */
export function offer(
  { place: { start, end } }: Site,
  label: string,
  kind: Completion['kind'],
  parts: {
    readonly detail?: string;
    readonly documentation?: string;
    readonly text?: string;
    readonly snippet?: string | undefined;
  } = {},
): Completion {
  const { detail = '', documentation = '', text = label, snippet } = parts;
  return {
    label,
    kind,
    detail,
    documentation,
    insertText: snippet ?? text,
    isSnippet: snippet !== undefined,
    start,
    end,
  };
}
