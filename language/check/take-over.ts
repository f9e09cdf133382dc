import type { Model, Origin } from '../../design/index.ts';
import { type AnyNode, childrenOf, type Statement } from '../syntax/index.ts';
import type { CheckedFile, Declaration, Fact } from './context.ts';
import type { Files } from './files.ts';

/*
 * Networks of the root file are taken over from the last check where neither their text nor that of anything they use has changed: unrolling
 * them costs more than all the rest, and a keystroke changes one of them. They may have moved: what tells of places is moved along.
 */

/** Something that a network uses, as it was. */
interface Use {
  readonly name: string;
  readonly uri: string;
  /** Of the whole declaration. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A fact without the declaration that it is about, which would keep the whole check that it was found in: the name is enough to find the
 * declaration of the same name in a later check.
 */
type RememberedFact =
  | Exclude<Fact, { readonly kind: 'declaration' | 'reference' }>
  | {
      readonly kind: 'declaration' | 'reference';
      readonly start: number;
      readonly end: number;
      readonly name: string;
    };

/** A network that was built without a diagnostic. */
interface Remembered {
  readonly model: Model;
  readonly start: number;
  readonly end: number;
  /** Of the root file, in the order in which they were found. */
  readonly facts: readonly RememberedFact[];
  readonly uses: readonly Use[];
}

/** What a check leaves for the next one. */
export interface Memory {
  /** All names that the root sees, and their kinds: a new name can give old text another meaning. */
  readonly names: string;
  /** By the text of the network's declaration. */
  readonly networks: ReadonlyMap<string, Remembered>;
}

interface TakenOver {
  readonly model: Model;
  /** Where they are in the new text; computed when somebody asks. */
  readonly facts: () => readonly Fact[];
  readonly uses: readonly Declaration[];
}

/** A stretch of the earlier text, and how far it has moved since. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly delta: number;
}

/** Where places of the earlier text are in the new one. */
class Move {
  private readonly uri: string;
  private readonly stretches: readonly Stretch[];

  constructor(uri: string, stretches: readonly Stretch[]) {
    this.uri = uri;
    this.stretches = stretches;
  }

  get changesNothing(): boolean {
    return this.stretches.every(({ delta }) => delta === 0);
  }

  /** undefined outside of all stretches. */
  deltaAt(offset: number): number | undefined {
    return this.stretches.find((one) => one.start <= offset && offset <= one.end)?.delta;
  }

  origin(origin: Origin): Origin {
    const delta = origin.uri === this.uri ? (this.deltaAt(origin.start) ?? 0) : 0;
    return delta === 0 ? origin : { uri: origin.uri, start: origin.start + delta, end: origin.end + delta };
  }
}

/** A function of its own: its closure holds nothing of the check but these. */
function movedFacts(facts: readonly RememberedFact[], move: Move, visible: CheckedFile['visible']): () => Fact[] {
  return () =>
    facts.flatMap((fact): readonly Fact[] => {
      const delta = move.deltaAt(fact.start);
      if (delta === undefined) return [];
      const place = { start: fact.start + delta, end: fact.end + delta };
      switch (fact.kind) {
        case 'label':
          return [{ ...fact, ...place, target: move.origin(fact.target) }];
        case 'reference':
        case 'declaration': {
          const declaration = visible.get(fact.name)?.[0];
          return declaration === undefined ? [] : [{ kind: fact.kind, ...place, declaration }];
        }
        default:
          return [{ ...fact, ...place }];
      }
    });
}

function withoutDeclaration(fact: Fact): RememberedFact {
  if (fact.kind !== 'reference' && fact.kind !== 'declaration') return fact;
  return { kind: fact.kind, start: fact.start, end: fact.end, name: fact.declaration.name };
}

/** Remembers the networks of one check, and finds again those of the last. */
export class NetworkMemory {
  private readonly root: CheckedFile;
  private readonly files: Files;
  private before: ReadonlyMap<string, Remembered>;
  private readonly networks = new Map<string, Remembered>();
  private readonly names: string;

  constructor(root: CheckedFile, files: Files, before: Memory | undefined) {
    this.root = root;
    this.files = files;
    this.names = [...root.visible].map(([name, all]) => `${name} ${all.map((one) => one.kind).join(' ')}`).join('\n');
    this.before = before?.names === this.names ? before.networks : new Map();
  }

  take(statement: Statement, declaration: Declaration): TakenOver | undefined {
    const key = this.textOf(statement);
    const known = this.before.get(key);
    if (known === undefined || this.isBroken(statement)) return undefined;
    const uses: Declaration[] = [];
    const moves: Stretch[] = [{ start: known.start, end: known.end, delta: statement.start - known.start }];
    for (const use of known.uses) {
      const now = this.find(use.name);
      if (now === undefined || now.file.uri !== use.uri) return undefined;
      if (now.file === this.root) {
        if (this.textOf(now.node) !== use.text || this.isBroken(now.node)) return undefined;
        moves.push({ start: use.start, end: use.end, delta: now.node.start - use.start });
      } else if (!this.files.isUnchanged(now.file)) return undefined;
      uses.push(now);
    }
    this.networks.set(key, known);
    const move = new Move(this.root.uri, moves);
    const layers = move.changesNothing
      ? known.model.layers
      : known.model.layers.map((layer) => ({ ...layer, origin: move.origin(layer.origin) }));
    return {
      model: { ...known.model, origin: declaration.nameOrigin, layers },
      facts: movedFacts(known.facts, move, this.root.visible),
      uses,
    };
  }

  /** `facts`: what was found out while the network was built. */
  remember(statement: Statement, model: Model, facts: readonly Fact[]): void {
    const found = new Map<string, Declaration>();
    for (const fact of facts) if (fact.kind === 'reference') this.collect(fact.declaration, found);
    const uses = [...found.values()].map(({ name, file, node }) => ({
      name,
      uri: file.uri,
      text: file === this.root ? this.textOf(node) : '',
      start: node.start,
      end: node.end,
    }));
    this.networks.set(this.textOf(statement), {
      model,
      start: statement.start,
      end: statement.end,
      facts: facts.map(withoutDeclaration),
      uses,
    });
  }

  memory(): Memory {
    return { names: this.names, networks: this.networks };
  }

  /** The last check is not needed any more: this object may live as long as the program. */
  forget(): void {
    this.before = new Map();
  }

  /** A `let` was worked out before, and its own uses left no facts here: they are read from its text. */
  private collect(declaration: Declaration, found: Map<string, Declaration>): void {
    if (found.has(declaration.name)) return;
    found.set(declaration.name, declaration);
    if (declaration.kind !== 'let' || declaration.file !== this.root) return;
    for (const name of namesIn(declaration.node)) {
      const used = this.find(name);
      if (used !== undefined) this.collect(used, found);
    }
  }

  private find(name: string): Declaration | undefined {
    return this.root.visible.get(name)?.[0];
  }

  private textOf(node: { readonly start: number; readonly end: number }): string {
    return this.root.tree.text.slice(node.start, node.end);
  }

  /** The parser has stumbled in it: the same text may have been read otherwise. */
  private isBroken(node: { readonly start: number; readonly end: number }): boolean {
    return this.root.tree.diagnostics.some(({ origin }) => origin.start <= node.end && origin.end >= node.start);
  }
}

function namesIn(node: AnyNode): readonly string[] {
  const own = node.kind === 'path' ? node.parts.slice(0, 1).map((part) => part.text) : [];
  return [...own, ...childrenOf(node).flatMap(namesIn)];
}
