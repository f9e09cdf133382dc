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
  private readonly keys = new Set<string>();
  private readonly axes: readonly SearchAxis[];
  private readonly spaceSize: number;

  constructor(axes: readonly SearchAxis[], seed: number) {
    this.axes = axes;
    this.spaceSize = axes.reduce((product, { size }) => product * size, 1);
    this.random = new RandomStream(seed, 0);
  }

  get isFull(): boolean {
    return this.keys.size >= this.spaceSize;
  }

  /** Marks a design. false if it is marked already. */
  add(choices: Choices): boolean {
    const key = choices.join(' ');
    if (this.keys.has(key)) return false;
    this.keys.add(key);
    return true;
  }

  /** A new design, marked. The space must not be full. Each design that is left is equally likely, up to a bias in almost full spaces. */
  draw(): Choices {
    const choices = this.axes.map(({ size }) => Math.floor(this.random.uniform() * size));
    // From a random design, the next free one in the order of the space.
    while (!this.add(choices)) {
      for (let axis = choices.length - 1; axis >= 0; axis--) {
        const next = (choices[axis] ?? 0) + 1;
        choices[axis] = next === this.axes[axis]?.size ? 0 : next;
        if (choices[axis] !== 0) break;
      }
    }
    return choices;
  }
}
