import { madeBy } from './captured.ts';
import { bodiesOf, type GraphBody, type GraphNode } from './graph.ts';
import type { Value } from './value.ts';

/** One graph, or one body inside it. */
interface Frame {
  readonly values: Map<string, Value>;
  /** How often each tensor is read in this frame, by bodies of its nodes included. */
  readonly uses: ReadonlyMap<string, number>;
  /** The tensors that belong to this frame. */
  readonly own: ReadonlySet<string>;
}

/**
 * The tensors that are known so far. While the body of an If, a Loop or a Scan is read, its tensors hide those of the graphs around it
 * that have the same name: two branches may use one name, and each round of a loop makes its tensors anew.
 */
export class Tensors {
  /** From the outermost to the innermost. */
  private frames: Frame[];
  private readonly usesByBody = new WeakMap<GraphBody, { uses: Map<string, number>; own: ReadonlySet<string> }>();

  constructor(graph: GraphBody) {
    // Names of the outermost graph are looked for last: nothing asks which are its own, and a file can have a million.
    this.frames = [{ values: new Map(), uses: usesIn(graph), own: new Set() }];
  }

  get(name: string): Value | undefined {
    for (let at = this.frames.length - 1; at >= 0; at--) {
      const value = this.frames[at]?.values.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  has(name: string): boolean {
    return this.get(name) !== undefined;
  }

  set(name: string, value: Value): void {
    this.frames[this.frames.length - 1]?.values.set(name, value);
  }

  /** Forgets a constant that nothing reads any more: a graph can compute a million of them, one from the other. */
  release(name: string): void {
    const values = this.frames[this.frames.length - 1]?.values;
    if (values?.get(name)?.kind === 'constant' && this.usesOf(name) === 1) values.delete(name);
  }

  /** How often a tensor is read in the graph that it belongs to. */
  usesOf(name: string): number {
    for (let at = this.frames.length - 1; at > 0; at--) {
      const frame = this.frames[at];
      if (frame?.own.has(name) === true) return frame.uses.get(name) ?? 0;
    }
    return this.frames[0]?.uses.get(name) ?? 0;
  }

  /** Whether a body is being read. */
  get isInside(): boolean {
    return this.frames.length > 1;
  }

  enter(body: GraphBody): void {
    this.frames.push(this.frameOf(body));
  }

  leave(): void {
    this.frames.pop();
  }

  /** Tensors that `save` copies. */
  get size(): number {
    return this.frames.reduce((sum, { values }) => sum + values.size, 0);
  }

  /** A copy of what is known, to go back to after a branch was tried. */
  save(): readonly Map<string, Value>[] {
    return this.frames.map(({ values }) => new Map(values));
  }

  /** Goes back to a copy, which is used up. */
  restore(saved: readonly Map<string, Value>[]): void {
    this.frames = saved.flatMap((values, at) => {
      const frame = this.frames[at];
      return frame === undefined ? [] : [{ ...frame, values }];
    });
  }

  private frameOf(body: GraphBody): Frame {
    let known = this.usesByBody.get(body);
    if (known === undefined) {
      known = { uses: usesIn(body), own: madeBy(body) };
      this.usesByBody.set(body, known);
    }
    return { values: new Map(), ...known };
  }
}

function usesIn(body: GraphBody): Map<string, number> {
  const uses = new Map<string, number>();
  const count = (name: string) => uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const node of body.nodes) {
    node.inputs.forEach(count);
    // A body may read a tensor several times, or in several rounds.
    node.captured.forEach(count);
    node.captured.forEach(count);
  }
  for (const output of body.outputs) count(output.name);
  return uses;
}

/** The first node that reads each input of the graph as its first input; a node inside a body where none outside does. */
export function firstReadersOf(graph: GraphBody): ReadonlyMap<string, GraphNode> {
  const readers = new Map<string, GraphNode>();
  const wanted = new Set(graph.inputs.map(({ name }) => name));
  const visit = (body: GraphBody, hidden: ReadonlySet<string>) => {
    for (const node of body.nodes) {
      const [first] = node.inputs;
      if (first !== undefined && wanted.has(first) && !hidden.has(first) && !readers.has(first))
        readers.set(first, node);
    }
    for (const node of body.nodes) {
      for (const inner of bodiesOf(node)) visit(inner, new Set([...hidden, ...madeBy(inner)]));
    }
  };
  visit(graph, new Set());
  return readers;
}
