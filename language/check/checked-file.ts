import type { Origin } from '../../design/index.ts';
import type { BlockSchema, DeclarationKind, PropertySchema, WordSchema } from '../schema/index.ts';
import type { Let, Statement, SyntaxTree } from '../syntax/index.ts';
import type { Dimension } from '../units/index.ts';

/** A named thing that other places may refer to. */
export interface Declaration {
  readonly kind: DeclarationKind;
  readonly name: string;
  /** The place of the name. */
  readonly nameOrigin: Origin;
  /** The place of the whole declaration. */
  readonly origin: Origin;
  readonly node: Let | Statement;
  readonly file: CheckedFile;
}

/** One file during a check. */
export interface CheckedFile {
  readonly uri: string;
  /** The URI in the first import that leads to the file: a link has another folder than its target. Paths in the file are relative to it. */
  readonly foundAs: string;
  readonly tree: SyntaxTree;
  /** The declarations of this file, by name. */
  readonly own: Map<string, Declaration>;
  /**
   * The declarations of this file and of all files that it imports. A name has several declarations if several imported files declare it and
   * this file does not. Collected when it is first read, after all files are declared.
   */
  readonly visible: ReadonlyMap<string, readonly Declaration[]>;
  /** The declarations that this file refers to. */
  readonly used: Set<Declaration>;
  /** Set once, after loading: the facts of the last check if nothing that the file can see has changed. */
  facts: FactStore;
}

/** What the checker found at one place in the text. The editor features read facts. */
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
  /** A layer label or a block parameter. `target` is the place that defines it. */
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
      /** The URI that the import names. If it names a symbolic link, `uri` is the target of the link. */
      readonly foundAs: string;
    };

/** Collects the facts of one file. */
export interface FactStore {
  push(fact: Fact): void;
  /** Runs `act` and also returns the facts that it pushed, so that a later check can take them over. */
  during<T>(act: () => T): { readonly value: T; readonly facts: readonly Fact[] };
  /** Runs `act` and drops the facts that it pushes. */
  without<T>(act: () => T): T;
  /** Adds facts of an earlier check. `facts` gives them at their current places and is called only when they are needed. */
  takeOver(facts: () => readonly Fact[]): void;
  /** All facts in text order. */
  all(): readonly Fact[];
}

export function originOf(file: CheckedFile, node: { readonly start: number; readonly end: number }): Origin {
  return { uri: file.uri, start: node.start, end: node.end };
}

/** The names of this kind that a file can see. */
export function namesOfKind(file: CheckedFile, kind: DeclarationKind): readonly string[] {
  const names: string[] = [];
  for (const [name, all] of file.visible) if (all.some((one) => one.kind === kind)) names.push(name);
  return names;
}
