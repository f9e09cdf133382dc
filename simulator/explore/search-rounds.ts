import { type Exploration, type ExplorationSearch, exploredVerdicts } from '../../design/index.ts';
import type { ExploredDesigns } from './explore.ts';
import { createSearch, type DesignSearch, type SearchResult } from './search/index.ts';

/** The designs of an exploration that a search chooses, round by round, by their numbers. Equal results give equal designs. */
export class SearchRounds {
  private readonly exploration: Exploration;
  private readonly search: DesignSearch;
  private readonly known = new Map<number, SearchResult>();
  private round: readonly number[] = [];

  constructor(exploration: Exploration, { kind, budget, seed }: ExplorationSearch) {
    this.exploration = exploration;
    const axes = exploration.axes.map(({ values }) => ({
      size: values.length,
      isOrdered: values.every(({ value }) => value !== null),
    }));
    this.search = createSearch(kind, axes, budget, seed);
  }

  /** The designs of the next round. Empty at the end, or if a design of the last round has no result. */
  next(): readonly number[] {
    const results = this.round.flatMap((design) => this.known.get(design) ?? []);
    if (results.length < this.round.length) return [];
    if (this.round.length > 0) this.search.learn(results);
    const { axes } = this.exploration;
    this.round = this.search
      .propose()
      .map((choices) =>
        choices.reduce((number, choice, axis) => number * (axes[axis]?.values.length ?? 1) + choice, 0),
      );
    return this.round;
  }

  /** Whether a design has a result, which the search uses instead of a new one. */
  knows(design: number): boolean {
    return this.known.has(design);
  }

  /** Adds results, of any designs. */
  add(part: ExploredDesigns): void {
    for (const [row, design] of part.designs.entries())
      this.known.set(design, searchResult(this.exploration, part, row));
  }
}

/** A design that violates an objective is worse than each one that does not, and one without a value for every goal is the worst. */
function searchResult({ goals }: Exploration, part: ExploredDesigns, row: number): SearchResult {
  const costs = goals.map(
    ({ sense }, goal) => (part.measures[goal]?.[row] ?? Number.NaN) * (sense === 'maximize' ? -1 : 1),
  );
  if (costs.some(Number.isNaN)) return { costs: goals.map(() => 0), penalty: 2 };
  return { costs, penalty: exploredVerdicts[part.verdicts[row] ?? 0] === 'violated' ? 1 : 0 };
}
