import type { Model, Origin } from '../../design/index.ts';
import { type AnyNode, childrenOf, type Statement } from '../syntax/index.ts';
import type { CheckedFile, Declaration, Fact } from './checked-file.ts';
import type { Files } from './files.ts';

/*
 * A network of the root file is reused from the last check if neither its text nor the text of anything that it uses has changed. Unrolling
 * networks is the most expensive part of a check, and a keystroke changes only one of them. A reused network may have moved in the text, so
 * its places are moved too.
 */

/** Something that a network uses, as it was in the last check. */
interface Use {
  readonly name: string;
  readonly uri: string;
  /** The text of the whole declaration. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/**
 * A fact without its declaration. The declaration would keep the whole earlier check in memory, and its name is enough to find the declaration
 * with the same name in a later check.
 */
type RememberedFact =
  | Exclude<Fact, { readonly kind: 'declaration' | 'reference' }>
  | {
      readonly kind: 'declaration' | 'reference';
      readonly start: number;
      readonly end: number;
      readonly name: string;
    };

/** A network that was built without diagnostics. */
interface Remembered {
  readonly model: Model;
  readonly start: number;
  readonly end: number;
  /** The facts of the root file, in the order in which they were found. */
  readonly facts: readonly RememberedFact[];
  readonly uses: readonly Use[];
}

/** The results of a check that the next check can reuse. */
export interface Memory {
  /** All names that the root can see, with their kinds. A new name can change the meaning of unchanged text. */
  readonly names: string;
  /** Networks by the text of their declaration. */
  readonly networks: ReadonlyMap<string, Remembered>;
}

interface TakenOver {
  readonly model: Model;
  /** The facts at their places in the new text. Computed when they are first read. */
  readonly facts: () => readonly Fact[];
  readonly uses: readonly Declaration[];
}

/** A part of the earlier text, and the distance by which it has moved. */
interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly delta: number;
}

/** Maps places of the earlier text to the new text. */
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

  /** undefined outside of all parts. */
  deltaAt(offset: number): number | undefined {
    return this.stretches.find((one) => one.start <= offset && offset <= one.end)?.delta;
  }

  origin(origin: Origin): Origin {
    const delta = origin.uri === this.uri ? (this.deltaAt(origin.start) ?? 0) : 0;
    return delta === 0 ? origin : { uri: origin.uri, start: origin.start + delta, end: origin.end + delta };
  }
}

/** A separate function, so that its closure keeps only these parameters of the check in memory. */
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

/** Stores the networks of this check and finds the networks of the last check. */
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

  /** `facts`: the facts that were found while the network was built. */
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

  /** Releases the last check, because this object may exist as long as the program. */
  forget(): void {
    this.before = new Map();
  }

  /** The value of a `let` may be computed before, so its references leave no facts here. They are read from its text. */
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

  /** Whether the parser found errors in it. Then the same text may be parsed differently next time. */
  private isBroken(node: { readonly start: number; readonly end: number }): boolean {
    return this.root.tree.diagnostics.some(({ origin }) => origin.start <= node.end && origin.end >= node.start);
  }
}

function namesIn(node: AnyNode): readonly string[] {
  const own = node.kind === 'path' ? node.parts.slice(0, 1).map((part) => part.text) : [];
  return [...own, ...childrenOf(node).flatMap(namesIn)];
}
