import type { Candidates, Design, Diagnostic } from '../design/index.ts';
import { checkProgram } from './check/checker.ts';
import { type Declaration, type Fact, type Facts, Reporter } from './check/context.ts';
import { Files } from './check/files.ts';
import type { Before } from './check/networks.ts';
import type { LanguageHost } from './host.ts';
import { LineIndex, parse, type SyntaxTree } from './syntax/index.ts';

export interface SourceFile {
  readonly uri: string;
  readonly text: string;
  readonly tree: SyntaxTree;
  readonly lines: LineIndex;
  /** What the checker understood, in the text's order: the editor's features read these. */
  readonly facts: () => readonly Fact[];
}

/** A file and all that it imports, checked. */
export interface Program {
  /** The root's. */
  readonly uri: string;
  /** The root first. Empty where the root cannot be read. */
  readonly files: ReadonlyMap<string, SourceFile>;
  readonly design: Design;
  /** Of all files: those of the parsers first, then those of the checker, file by file. */
  readonly diagnostics: readonly Diagnostic[];
  /** What a file declares, and what it sees of others. */
  readonly declarations: (uri: string) => readonly Declaration[];
  /** The designs of one of the design's explorations, by its name. */
  readonly candidates: (exploration: string) => Candidates | undefined;
}

/** What the next check of the same file takes over; not for anybody else. */
const leftOver = new WeakMap<Program, Before & { readonly facts: ReadonlyMap<string, Facts> }>();

/**
 * Checks a file and what it imports. Never throws, whatever the texts. What did not change since `previous` is taken from it:
 * the trees of equal texts, and the networks of files that, with all that they import, are as they were and had no diagnostics.
 */
export function compile(rootUri: string, host: LanguageHost, previous?: Program): Program {
  const reporter = new Reporter();
  const before = previous && leftOver.get(previous);
  const faulty = new Set(previous?.diagnostics.map((one) => one.origin.uri));
  const files = new Files(host, reporter, (uri, text) => {
    const known = previous?.files.get(uri);
    if (known === undefined) return undefined;
    const isSame = known.text === text;
    return { tree: known.tree, isSame, facts: !isSame || faulty.has(uri) ? undefined : before?.facts.get(uri) };
  });
  const root = files.load(rootUri);
  if (root === undefined) {
    const origin = { uri: rootUri, start: 0, end: 0 };
    reporter.report(origin, 'unreadable-file', `cannot read ${rootUri}`);
    const design: Design = { npus: [], models: [], schedulers: [], scenarios: [], explorations: [] };
    const { diagnostics } = reporter;
    const none = { declarations: () => [], candidates: () => undefined };
    return { uri: rootUri, files: new Map(), design, diagnostics, ...none };
  }
  const { design, candidates, left } = checkProgram(root, files, host, reporter, before);
  const sources = new Map<string, SourceFile>();
  const facts = new Map<string, Facts>();
  const diagnostics: Diagnostic[] = [];
  for (const [uri, file] of files.byUri) {
    const { tree } = file;
    const known = previous?.files.get(uri);
    const lines = known?.tree === tree ? known.lines : new LineIndex(tree.text, known?.lines);
    sources.set(uri, { uri, text: tree.text, tree, lines, facts: () => file.facts.all() });
    facts.set(uri, file.facts);
    diagnostics.push(...tree.diagnostics);
  }
  // Where the parser has stumbled, a keyword that nobody knows is what it stumbled over: said once.
  const stumbles = new Set(diagnostics.map(({ origin }) => `${origin.start} ${origin.uri}`));
  diagnostics.push(
    ...reporter.diagnostics.filter(
      ({ code, origin }) =>
        (code !== 'unknown-block' && code !== 'unknown-layer') || !stumbles.has(`${origin.start} ${origin.uri}`),
    ),
  );
  const declarations = (uri: string): readonly Declaration[] =>
    [...(files.byUri.get(uri)?.visible.values() ?? [])].flat();
  const program: Program = { uri: rootUri, files: sources, design, diagnostics, declarations, candidates };
  leftOver.set(program, { ...left, facts });
  return program;
}

/**
 * The program with another text of one of its files, parsed but not checked: its tree is that of the new text; its names and its design are what
 * the last check knew. The next check takes the tree over.
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
    // What was found out about the older text does not hold for this one.
    const facts = new Map(left.facts);
    facts.delete(uri);
    leftOver.set(glanced, { ...left, facts });
  }
  return glanced;
}
