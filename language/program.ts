import { type Candidates, type Design, type Diagnostic, hasErrors, readProblemText } from '../design/index.ts';
import type { CheckedFile, Declaration, Fact, FactStore } from './check/checked-file.ts';
import { checkProgram } from './check/checker.ts';
import { type EarlierFiles, Files, type KnownFile } from './check/files.ts';
import type { Before } from './check/networks.ts';
import { Reporter } from './check/reporter.ts';
import type { LanguageHost } from './host.ts';
import { nameMessages } from './messages/index.ts';
import { LineIndex, parse, type SyntaxTree } from './syntax/index.ts';

export interface SourceFile {
  readonly uri: string;
  /** The URI by which the first import found the file. Paths in the file are relative to it. */
  readonly foundAs: string;
  readonly text: string;
  readonly tree: SyntaxTree;
  readonly lines: LineIndex;
  /** The facts that the checker found, in text order. The editor features read them. */
  readonly facts: () => readonly Fact[];
}

/** A checked file with all its imports. */
export interface Program {
  /** The URI of the root file. */
  readonly uri: string;
  /** The files by URI, the root first. Empty if the root cannot be read. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly design: Design;
  /**
   * Whether an import is not loaded yet (the host answered `pending`). Such a program is parsed but not checked, and its design is empty.
   */
  readonly isPending: boolean;
  /** Diagnostics of all files: first those of the parser, then those of the checker, file by file. */
  readonly diagnostics: readonly Diagnostic[];
  /** The declarations that a file can see: its own and imported ones. */
  readonly declarations: (uri: string) => readonly Declaration[];
  /** The designs of an exploration, by its name. */
  readonly candidates: (exploration: string) => Candidates | undefined;
}

/**
 * A further check of a design without errors, such as whether its memories are large enough. Its diagnostics are added to those of the
 * program.
 */
export type DesignCheck = (program: Program) => readonly Diagnostic[];

/** The results that the next check of the same file reuses. Private to this module. */
const leftOver = new WeakMap<Program, Before & { readonly facts: ReadonlyMap<string, FactStore> }>();

/**
 * The last check. It exists only during the check that reads it: if each program kept the program before it, an editing session would keep all
 * of them in memory. Therefore everything that outlives the check is made outside of `compile`, by functions whose closures cannot reach it.
 * In V8, all closures of one function share one context with every variable that any of them captures.
 */
class EarlierCheck implements EarlierFiles {
  private readonly program: Program;
  private readonly facts: ReadonlyMap<string, FactStore>;
  private readonly faulty: ReadonlySet<string>;
  readonly before: Before | undefined;

  constructor(program: Program) {
    const left = leftOver.get(program);
    this.program = program;
    this.before = left;
    this.facts = left?.facts ?? new Map();
    this.faulty = new Set(program.diagnostics.map((one) => one.origin.uri));
  }

  file(uri: string, text: string): KnownFile | undefined {
    const known = this.program.files.get(uri);
    if (known === undefined) return undefined;
    const isSame = known.text === text;
    const { tree, foundAs } = known;
    return { tree, isSame, foundAs, facts: !isSame || this.faulty.has(uri) ? undefined : this.facts.get(uri) };
  }

  lines(tree: SyntaxTree): LineIndex {
    const known = this.program.files.get(tree.uri);
    return known?.tree === tree ? known.lines : new LineIndex(tree.text, known?.lines);
  }
}

/**
 * Checks a file and its imports. It never throws, for any text. Unchanged parts are reused from `previous`: the trees of equal texts, and the
 * networks of files that had no diagnostics and are unchanged together with all their imports.
 */
export function compile(rootUri: string, host: LanguageHost, previous?: Program, check?: DesignCheck): Program {
  const reporter = new Reporter();
  const earlier = previous && new EarlierCheck(previous);
  const files = new Files(host, reporter);
  const root = files.loadAll(rootUri, earlier);
  if ('kind' in root && root.kind !== 'pending') {
    const origin = { uri: rootUri, start: 0, end: 0 };
    reporter.report(origin, nameMessages.unreadableFile({ uri: rootUri, reason: readProblemText(root) }));
  }
  const sources = new Map<string, SourceFile>();
  const facts = new Map<string, FactStore>();
  for (const [uri, file] of files.byUri) {
    sources.set(uri, sourceOf(file, earlier?.lines(file.tree) ?? new LineIndex(file.tree.text)));
    facts.set(uri, file.facts);
  }
  if ('kind' in root || files.isPending) return unchecked(rootUri, sources, files, reporter);
  const { design, candidates, left } = checkProgram(root, files, host, reporter, earlier?.before);
  const diagnostics = [...allDiagnostics(files, reporter)];
  const program: Program = {
    uri: rootUri,
    files: sources,
    isPending: false,
    design,
    diagnostics,
    declarations: declarationsOf(files.byUri),
    candidates,
  };
  // Further checks need a design without errors.
  if (!hasErrors(diagnostics)) diagnostics.push(...(check?.(program) ?? []));
  leftOver.set(program, { ...left, facts });
  return program;
}

/** A program that is parsed but not checked, because its root cannot be read or an import is not loaded. */
function unchecked(uri: string, sources: ReadonlyMap<string, SourceFile>, files: Files, reporter: Reporter): Program {
  return {
    uri,
    files: sources,
    isPending: files.isPending,
    design: { npus: [], models: [], schedulers: [], scenarios: [], explorations: [] },
    diagnostics: allDiagnostics(files, reporter),
    declarations: () => [],
    candidates: () => undefined,
  };
}

function sourceOf(file: CheckedFile, lines: LineIndex): SourceFile {
  const { uri, foundAs, tree } = file;
  return { uri, foundAs, text: tree.text, tree, lines, facts: () => file.facts.all() };
}

function declarationsOf(files: ReadonlyMap<string, CheckedFile>): Program['declarations'] {
  return (uri) => [...(files.get(uri)?.visible.values() ?? [])].flat();
}

/** First the diagnostics of the parser, then those of the checker. */
function allDiagnostics(files: Files, reporter: Reporter): readonly Diagnostic[] {
  const parsed = [...files.byUri.values()].flatMap(({ tree }) => tree.diagnostics);
  // An unknown keyword at the place of a parse error is the same mistake: one message is enough.
  const failedAt = new Set(parsed.map(({ origin }) => `${origin.start} ${origin.uri}`));
  const checked = reporter.diagnostics.filter(
    ({ code, origin }) =>
      (code !== 'unknown-block' && code !== 'unknown-layer') || !failedAt.has(`${origin.start} ${origin.uri}`),
  );
  return [...parsed, ...checked];
}

/**
 * The program with a new text of one file, parsed but not checked. The tree belongs to the new text; the names and the design are those of the
 * last check. The next check reuses the tree.
 */
export function withText(program: Program, uri: string, text: string): Program {
  const known = program.files.get(uri);
  if (known === undefined || known.text === text) return program;
  const tree = parse(text, uri, known.tree);
  const files = new Map(program.files);
  files.set(uri, { ...known, text: tree.text, tree, lines: new LineIndex(tree.text, known.lines) });
  const glanced: Program = { ...program, files };
  const left = leftOver.get(program);
  if (left !== undefined) {
    // The facts of the old text are not valid for the new one.
    const facts = new Map(left.facts);
    facts.delete(uri);
    leftOver.set(glanced, { ...left, facts });
  }
  return glanced;
}
