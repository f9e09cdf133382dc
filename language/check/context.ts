import {
  type Diagnostic,
  type DiagnosticDetails,
  diagnosticAt,
  type Fix,
  type Message,
  type Origin,
  quoted,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import { settingMessages } from '../messages/index.ts';
import type { BlockSchema, DeclarationKind, PropertySchema, WordSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Let, Statement, SyntaxTree } from '../syntax/index.ts';
import type { Dimension } from '../units/index.ts';

/** Something with a name: what other places may refer to. */
export interface Declaration {
  readonly kind: DeclarationKind;
  readonly name: string;
  /** Of the name itself. */
  readonly nameOrigin: Origin;
  /** Of the whole declaration. */
  readonly origin: Origin;
  readonly node: Let | Statement;
  readonly file: CheckedFile;
}

/** One file while it is checked. `visible` holds its own declarations and those of all that it imports. */
export interface CheckedFile {
  readonly uri: string;
  /** As the first import that leads to it names it: a link has another folder than its target. What the file names is relative to this. */
  readonly foundAs: string;
  readonly tree: SyntaxTree;
  readonly own: Map<string, Declaration>;
  /** Several where imported files declare the same name and this one does not. */
  readonly visible: Map<string, readonly Declaration[]>;
  /** What it refers to. */
  readonly used: Set<Declaration>;
  /** Those of the last check where all that the file sees is as it was; set once, when it has been loaded. */
  facts: Facts;
}

/** What the checker understood at a place of the text; the editor's features read these. */
export type Fact =
  | { readonly kind: 'declaration'; readonly start: number; readonly end: number; readonly declaration: Declaration }
  | { readonly kind: 'reference'; readonly start: number; readonly end: number; readonly declaration: Declaration }
  | { readonly kind: 'block'; readonly start: number; readonly end: number; readonly schema: BlockSchema }
  | { readonly kind: 'property'; readonly start: number; readonly end: number; readonly property: PropertySchema }
  | { readonly kind: 'word'; readonly start: number; readonly end: number; readonly word: WordSchema }
  | {
      readonly kind: 'value';
      readonly start: number;
      readonly end: number;
      readonly value: number;
      readonly dimension: Dimension;
    }
  /** A label of a layer, or a parameter of a block: `target` is where it stands. */
  | {
      readonly kind: 'label';
      readonly start: number;
      readonly end: number;
      readonly name: string;
      readonly target: Origin;
    }
  | {
      readonly kind: 'import';
      readonly start: number;
      readonly end: number;
      readonly uri: string;
      /** As the import names it: the URI of a link, where `uri` may be the file that it leads to. */
      readonly foundAs: string;
    };

const factKinds: readonly Fact['kind'][] = [
  'declaration',
  'reference',
  'block',
  'property',
  'word',
  'value',
  'label',
  'import',
];

/**
 * The facts of one file. A block's text is understood anew at each of its uses and is the same text each time: the first fact
 * of a place stays. They are put in order only when somebody asks.
 */
export class Facts {
  private list: Fact[] = [];
  /** Those of an earlier check that still hold, where they are now; computed only when somebody asks. */
  private readonly takenOver: (() => readonly Fact[])[] = [];
  private sorted: readonly Fact[] | undefined;
  /** Length at which repeated facts are dropped next, so that a block that is used a thousand times does not fill the memory. */
  private nextCleanup = 4096;

  push(fact: Fact): void {
    this.list.push(fact);
    this.sorted = undefined;
    if (this.list.length < this.nextCleanup) return;
    this.cleanUp();
    this.nextCleanup = Math.max(4096, 2 * this.list.length);
  }

  /** What is pushed while something is read, apart: a later check may take it over. */
  during<T>(act: () => T): { readonly value: T; readonly facts: readonly Fact[] } {
    const outer = this.list;
    this.list = [];
    const value = act();
    const facts = this.list;
    this.list = outer;
    this.takeOver(always(facts));
    return { value, facts };
  }

  /** What is pushed while something is tried is forgotten. */
  without<T>(act: () => T): T {
    const { list, sorted, nextCleanup } = this;
    this.list = [];
    try {
      return act();
    } finally {
      this.list = list;
      this.sorted = sorted;
      this.nextCleanup = nextCleanup;
    }
  }

  takeOver(facts: () => readonly Fact[]): void {
    this.takenOver.push(facts);
    this.sorted = undefined;
  }

  /** In the text's order. */
  all(): readonly Fact[] {
    if (this.sorted === undefined) {
      for (const facts of this.takenOver) for (const fact of facts()) this.list.push(fact);
      this.takenOver.length = 0;
      this.list = inOrder(this.list);
      this.sorted = this.list.slice();
    }
    return this.sorted;
  }

  private cleanUp(): void {
    const byPlace = new Map<number, Fact>();
    for (const fact of this.list) {
      const key = fact.start * factKinds.length + factKinds.indexOf(fact.kind);
      if (!byPlace.has(key)) byPlace.set(key, fact);
    }
    this.list = [...byPlace.values()];
  }
}

function always<T>(value: T): () => T {
  return () => value;
}

/** By their places, the first of each place and kind only. The order in which they were found decides which is the first: sorting keeps it. */
function inOrder(found: Fact[]): Fact[] {
  found.sort((a, b) => a.start - b.start);
  const kept: Fact[] = [];
  // Where the facts begin in `kept` that start where this one does.
  let group = 0;
  for (const fact of found) {
    if (kept[group]?.start !== fact.start) group = kept.length;
    let place = kept.length;
    let isKnown = false;
    for (let i = group; i < kept.length; i++) {
      const other = kept[i] as Fact;
      if (other.kind === fact.kind) isKnown = true;
      if (other.end > fact.end && place > i) place = i;
    }
    if (isKnown) continue;
    if (place === kept.length) kept.push(fact);
    else kept.splice(place, 0, fact);
  }
  return kept;
}

export interface ReportDetails extends DiagnosticDetails {
  /** Tells findings of one code and place apart: all that an imported file says stands on its import. */
  readonly within?: string;
}

/** The most diagnostics that one check reports: beyond it nobody reads, and a message costs memory. */
const maxDiagnostics = 1000;

/** Collects what is wrong. One message for each place and code: a block that is used ten times is wrong once. */
export class Reporter {
  readonly diagnostics: Diagnostic[] = [];
  /** How often something was reported, also what had been said before. */
  count = 0;
  private readonly seen = new Set<string>();
  /** Names that can still be compared with misspelt ones: a file of thousands of unknown names must not cost their square. */
  private comparisons: number = limits.comparedNames;

  /** Nothing more is shown: what only a message needs, such as a fix, need not be made. */
  get isFull(): boolean {
    return this.diagnostics.length >= maxDiagnostics;
  }

  /** What was probably meant, among names of the program; they are read only while suggestions are still made. */
  suggest(written: string, names: readonly string[] | ((most: number) => readonly string[])): string | undefined {
    if (this.comparisons <= 0) return undefined;
    const candidates = typeof names === 'function' ? names(this.comparisons) : names;
    this.comparisons -= candidates.length + 1;
    return suggest(written, candidates);
  }

  report(origin: Origin, message: Message, details: ReportDetails = {}): void {
    this.count++;
    const { within = '', ...rest } = details;
    const key = `${message.code}\n${origin.start}\n${origin.end}\n${origin.uri}\n${within}`;
    if (this.seen.has(key) || this.isFull) return;
    this.seen.add(key);
    this.diagnostics.push(diagnosticAt(origin, message, rest));
  }
}

export function originOf(file: CheckedFile, node: { readonly start: number; readonly end: number }): Origin {
  return { uri: file.uri, start: node.start, end: node.end };
}

/** The names of this kind that a file sees. */
export function namesOfKind(file: CheckedFile, kind: DeclarationKind): readonly string[] {
  const names: string[] = [];
  for (const [name, all] of file.visible) if (all.some((one) => one.kind === kind)) names.push(name);
  return names;
}

export function replaceFix(origin: Origin, newText: string, title = `Replace by ${quoted(newText)}`): Fix {
  return { title, edits: [{ origin, newText }], preferred: true };
}

/** Writes what was probably meant, where that is known. */
export function fixesTo(origin: Origin, close: string | undefined): readonly Fix[] {
  return close === undefined ? [] : [replaceFix(origin, close)];
}

/** Says that a spelling of old was read, and how it is written now. */
export function reportFormer(reporter: Reporter, origin: Origin, written: string, name: string): void {
  reporter.report(origin, settingMessages.deprecatedSpelling({ written, name }), {
    tag: 'deprecated',
    fixes: [replaceFix(origin, name)],
  });
}
