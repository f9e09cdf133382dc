import type { Location, Position, Range } from 'vscode-languageserver/node';
import type { Origin } from '../../design/index.ts';
import type { LineIndex, Program, SourceFile } from '../../language/index.ts';
import type { RunPhase, RunResults } from '../../protocol/index.ts';
import type { ServerSettings } from '../settings.ts';
import type { FindPage, ShownParts } from '../to-lsp.ts';
import type { Workspace } from '../workspace.ts';
import type { WorkspaceFiles } from '../workspace-files.ts';

/** What the client can do, as far as answers depend on it. */
export interface ClientFacts {
  readonly snippets: boolean;
  readonly documentChanges: boolean;
  readonly hierarchicalSymbols: boolean;
  readonly refreshesHints: boolean;
  /** The commands that the client has, for code lenses. Empty if it lists none. */
  readonly commands: ReadonlySet<string>;
  /** Whether the client draws `$(play)` as an icon. Others would show the text. */
  readonly icons: boolean;
  /** Where the client shows Markdown. Elsewhere it gets plain text. */
  readonly markdown: Readonly<Record<'hover' | 'completion' | 'signature', boolean>>;
  /** The parts of a diagnostic that the client shows, besides its message, place, severity and code. */
  readonly diagnosticParts: ShownParts;
}

/**
 * The newest results of a document, moved to the present places of their scenarios, and whether they belong to the
 * present text.
 */
export interface KnownResults {
  readonly phase: RunPhase;
  readonly results: RunResults;
}

/** What every feature uses. */
export interface FeatureContext {
  readonly workspace: Workspace;
  readonly files: WorkspaceFiles;
  readonly diagnosticPage: FindPage;
  settings(): ServerSettings;
  /** Available after `initialize`. */
  client(): ClientFacts;
  results(uri: string): KnownResults | undefined;
}

/** A position in a document, as an offset into the text. */
export interface Spot {
  readonly program: Program;
  readonly file: SourceFile;
  readonly offset: number;
}

/** Returns undefined if there is no such file. */
export function fileOf(
  { workspace }: FeatureContext,
  uri: string,
): { readonly program: Program; readonly file: SourceFile } | undefined {
  const program = workspace.program(uri);
  const file = program.files.get(uri);
  return file === undefined ? undefined : { program, file };
}

export function spotOf(context: FeatureContext, uri: string, position: Position): Spot | undefined {
  return spotIn(context.workspace.program(uri), uri, position);
}

/** As `spotOf`, but does not wait for the check of a long text. Names are those of the last check. */
export function glanceOf({ workspace }: FeatureContext, uri: string, position: Position): Spot | undefined {
  return spotIn(workspace.glance(uri), uri, position);
}

function spotIn(program: Program, uri: string, position: Position): Spot | undefined {
  const file = program.files.get(uri);
  return file && { program, file, offset: file.lines.offsetAt(position) };
}

export function rangeOf(lines: LineIndex, { start, end }: { readonly start: number; readonly end: number }): Range {
  return { start: lines.positionAt(start), end: lines.positionAt(end) };
}

/** The location in any file that `program` has read or can read. */
export function locationOf({ workspace }: FeatureContext, program: Program, origin: Origin): Location | undefined {
  const lines = workspace.lines(program, origin.uri);
  return lines && { uri: origin.uri, range: rangeOf(lines, origin) };
}
