import type { Design, Diagnostic } from '../design/index.ts';
import { Checker } from './check/checker.ts';
import { type Declaration, type Fact, Reporter } from './check/context.ts';
import { Files } from './check/files.ts';
import type { LanguageHost } from './host.ts';
import { LineIndex, type SyntaxTree } from './syntax/index.ts';

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
}

/** Checks a file and what it imports. Never throws, whatever the texts; trees of texts that did not change are taken from `previous`. */
export function compile(rootUri: string, host: LanguageHost, previous?: Program): Program {
  const reporter = new Reporter();
  const files = new Files(host, reporter, (uri, text) => {
    const before = previous?.files.get(uri);
    return before?.text === text ? before.tree : undefined;
  });
  const root = files.load(rootUri);
  if (root === undefined) {
    const origin = { uri: rootUri, start: 0, end: 0 };
    reporter.report(origin, 'unreadable-file', `cannot read ${rootUri}`);
    const design: Design = { npus: [], models: [], schedulers: [], scenarios: [] };
    return { uri: rootUri, files: new Map(), design, diagnostics: reporter.diagnostics, declarations: () => [] };
  }
  const design = new Checker(files, host, reporter).check(root);
  const sources = new Map<string, SourceFile>();
  const diagnostics: Diagnostic[] = [];
  for (const [uri, { tree, facts }] of files.byUri) {
    const before = previous?.files.get(uri);
    const lines = before?.tree === tree ? before.lines : new LineIndex(tree.text);
    sources.set(uri, { uri, text: tree.text, tree, lines, facts: () => facts.all() });
    diagnostics.push(...tree.diagnostics);
  }
  diagnostics.push(...reporter.diagnostics);
  const declarations = (uri: string): readonly Declaration[] =>
    [...(files.byUri.get(uri)?.visible.values() ?? [])].flat();
  return { uri: rootUri, files: sources, design, diagnostics, declarations };
}
