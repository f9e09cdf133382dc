import { madeBy } from './captured.ts';
import { bodiesOf, type GraphBody, type GraphNode } from './graph.ts';
import type { Value } from './value.ts';

/** The tensors of one graph, or of one body inside it. */
interface Frame {
  readonly values: Map<string, Value>;
  /** How often this frame reads each tensor, including reads by the bodies of its nodes. */
  readonly uses: ReadonlyMap<string, number>;
  /** The tensors that belong to this frame. */
  readonly own: ReadonlySet<string>;
}

/**
 * The tensors that are known so far. While the importer reads the body of an If, a Loop or a Scan, the tensors of the body hide tensors of
 * the surrounding graphs with the same name. This matters because two branches may use one name, and each round of a loop makes its tensors
 * again.
 */
export class Tensors {
  /** From the outermost to the innermost. */
  private frames: Frame[];
  private readonly usesByBody = new WeakMap<GraphBody, { uses: Map<string, number>; own: ReadonlySet<string> }>();

  constructor(graph: GraphBody) {
    // The outermost graph is searched last, so its set of names is never needed. A file can have a million of them.
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

  /** Releases a constant after its last read. A graph can compute a chain of a million constants. */
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

  /** The number of tensors that `save` copies. */
  get size(): number {
    return this.frames.reduce((sum, { values }) => sum + values.size, 0);
  }

  /** Copies the known tensors, to restore them after a branch was tried. */
  save(): readonly Map<string, Value>[] {
    return this.frames.map(({ values }) => new Map(values));
  }

  /** Restores a copy. The copy must not be used again. */
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
    // A body may read a tensor several times, or in several rounds, so each captured tensor counts twice.
    node.captured.forEach(count);
    node.captured.forEach(count);
  }
  for (const output of body.outputs) count(output.name);
  return uses;
}

/**
 * For each input of the graph: the first node that reads it as its first input. A node inside a body counts only if no outer node reads the
 * input.
 */
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
