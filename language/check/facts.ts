import type { Fact, FactStore } from './checked-file.ts';

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
 * The facts of one file. The checker reads the text of a block again at each use of the block, so it finds the same facts several times: only
 * the first fact of each place and kind is kept. Facts are sorted when they are first read.
 */
export class Facts implements FactStore {
  private list: Fact[] = [];
  /** Facts of an earlier check that are still valid, at their current places. Computed when they are first read. */
  private readonly takenOver: (() => readonly Fact[])[] = [];
  private sorted: readonly Fact[] | undefined;
  /** List length at which repeated facts are dropped next. It bounds the memory of a block that is used a thousand times. */
  private nextCleanup = 4096;

  push(fact: Fact): void {
    this.list.push(fact);
    this.sorted = undefined;
    if (this.list.length < this.nextCleanup) return;
    this.cleanUp();
    this.nextCleanup = Math.max(4096, 2 * this.list.length);
  }

  during<T>(act: () => T): { readonly value: T; readonly facts: readonly Fact[] } {
    const outer = this.list;
    this.list = [];
    const value = act();
    const facts = this.list;
    this.list = outer;
    this.takeOver(always(facts));
    return { value, facts };
  }

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

/** Sorts by place and keeps the first fact of each place and kind. The sort is stable, so the first one found is kept. */
function inOrder(found: Fact[]): Fact[] {
  found.sort((a, b) => a.start - b.start);
  const kept: Fact[] = [];
  // Index in `kept` of the first fact with the same start as the current one.
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
