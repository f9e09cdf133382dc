import { RandomStream } from '../../serving/traffic/random.ts';

/** One axis of a space that is searched. */
export interface SearchAxis {
  /** The number of its values. */
  readonly size: number;
  /** Whether neighbouring values are similar: numbers, not names. */
  readonly isOrdered: boolean;
}

/** A design: for each axis, the index of a value. */
export type Choices = readonly number[];

/** The result of a design. */
export interface SearchResult {
  /** One value for each goal; smaller is better. */
  readonly costs: readonly number[];
  /** 0: the design can be in the front. A larger value is always worse, for any costs. */
  readonly penalty: number;
}

/**
 * A search proposes designs in rounds and uses their results in the next round. It never proposes a design twice. Equal spaces, budgets, seeds and results
 * give equal proposals.
 */
export interface DesignSearch {
  /** The designs of the next round. Empty at the end. */
  propose(): readonly Choices[];
  /** The results of the designs of the last round, in their order. */
  learn(results: readonly SearchResult[]): void;
}

/** Which designs were proposed, and random ones that were not. */
export class Seen {
  readonly random: RandomStream;
  /** Of each marked design: a later one in the order of the space, and all designs between the two are marked. */
  private readonly later = new Map<number, number>();
  private readonly axes: readonly SearchAxis[];
  private readonly spaceSize: number;

  constructor(axes: readonly SearchAxis[], seed: number) {
    this.axes = axes;
    this.spaceSize = axes.reduce((product, { size }) => product * size, 1);
    this.random = new RandomStream(seed, 0);
  }

  get isFull(): boolean {
    return this.later.size >= this.spaceSize;
  }

  /** Marks a design. false if it is marked already. */
  add(choices: Choices): boolean {
    return this.mark(this.numberOf(choices));
  }

  /** A new design, marked. The space must not be full. Each design that is left is equally likely, up to a bias in almost full spaces. */
  draw(): Choices {
    const choices = this.axes.map(({ size }) => Math.floor(this.random.uniform() * size));
    if (this.add(choices)) return choices;
    // From a random design, the next free one in the order of the space.
    let design = this.freeFrom(this.numberOf(choices));
    this.mark(design);
    for (let axis = this.axes.length - 1; axis >= 0; axis--) {
      const size = this.axes[axis]?.size ?? 1;
      choices[axis] = design % size;
      design = Math.floor(design / size);
    }
    return choices;
  }

  private numberOf(choices: Choices): number {
    return this.axes.reduce((number, { size }, axis) => number * size + (choices[axis] ?? 0), 0);
  }

  private mark(design: number): boolean {
    if (this.later.has(design)) return false;
    this.later.set(design, (design + 1) % this.spaceSize);
    return true;
  }

  /** Shortens the ways that it took, so that an almost full space needs few steps as well. */
  private freeFrom(start: number): number {
    let free = start;
    for (let next = this.later.get(free); next !== undefined; next = this.later.get(free)) free = next;
    for (let at = start; at !== free; ) {
      const next = this.later.get(at) ?? free;
      this.later.set(at, free);
      at = next;
    }
    return free;
  }
}
