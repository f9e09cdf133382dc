import { type Exploration, exploredVerdicts } from '../design/index.ts';
import {
  createSearch,
  type ExploredDesigns,
  type SearchKind,
  type SearchResult,
  searchKinds,
} from '../simulator/index.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Complaint } from './complaint.ts';

/** How to choose designs instead of trying all of them. */
export interface SearchRequest {
  readonly kind: SearchKind;
  /** The largest number of designs. */
  readonly budget: number;
  readonly seed: number;
}

export const searchOptions: readonly OptionSpec[] = [
  {
    name: 'search',
    value: searchKinds.join('|'),
    choices: searchKinds,
    help: 'try only --budget designs: at random, spread evenly, or chosen by NSGA-II from the results so far',
  },
  { name: 'budget', value: 'N', help: 'with --search: the number of designs to try' },
  { name: 'seed', value: 'S', help: 'with --search: another seed gives other designs; 1 by default' },
];

/** The options of a search. undefined without `--search`: all designs. */
export function readSearch(options: Invocation['options']): SearchRequest | Complaint | undefined {
  const usage = (message: string): Complaint => ({ code: 'usage', message });
  const kind = searchKinds.find((one) => one === options.get('search'));
  const own = ['budget', 'seed'].find((name) => options.has(name));
  if (kind === undefined) return own === undefined ? undefined : usage(`'--${own}' needs '--search'`);
  const other = ['shard', 'slurm'].find((name) => options.has(name));
  if (other !== undefined)
    return usage(`'--search' chooses designs from the results so far and cannot be combined with '--${other}'`);
  const [budget, seed] = [options.get('budget'), options.get('seed') ?? '1'];
  if (budget === undefined || !/^[1-9]\d{0,8}$/u.test(budget))
    return usage(
      `'--search' needs '--budget N' with the number of designs to try${budget === undefined ? '' : `, not '${budget}'`}`,
    );
  if (!/^\d{1,9}$/u.test(seed)) return usage(`'--seed' must be a whole number, not '${seed}'`);
  return { kind, budget: Number(budget), seed: Number(seed) };
}

/** The name of the results of a search, beside those of the whole exploration. */
export function searchedName(name: string, search: SearchRequest | undefined): string {
  return search === undefined ? name : `${name}-${search.kind}-${search.budget}-${search.seed}`;
}

/**
 * Tries the designs that a search chooses, round by round. `earlier`: results of an earlier run, which are not computed again. `run` returns fewer
 * designs than it got if the user stopped it, and the search ends.
 */
export async function searchDesigns(
  exploration: Exploration,
  { kind, budget, seed }: SearchRequest,
  earlier: readonly ExploredDesigns[],
  run: (designs: readonly number[], done: number) => Promise<readonly ExploredDesigns[]>,
): Promise<readonly ExploredDesigns[]> {
  const axes = exploration.axes.map(({ values }) => ({
    size: values.length,
    isOrdered: values.every(({ value }) => value !== null),
  }));
  const search = createSearch(kind, axes, budget, seed);
  const rows = new Map<number, SearchResult>();
  const learn = (parts: readonly ExploredDesigns[]): void => {
    for (const part of parts)
      for (const [row, design] of part.designs.entries()) rows.set(design, searchResult(exploration, part, row));
  };
  learn(earlier);
  const parts: ExploredDesigns[] = [...earlier];
  let done = 0;
  for (let round = search.propose(); round.length > 0; round = search.propose()) {
    const designs = round.map((choices) =>
      choices.reduce((number, choice, axis) => number * (axes[axis]?.size ?? 1) + choice, 0),
    );
    const left = designs.filter((design) => !rows.has(design));
    const found = left.length === 0 ? [] : await run(left, done);
    learn(found);
    parts.push(...found);
    done += designs.length;
    const results = designs.flatMap((design) => rows.get(design) ?? []);
    if (results.length < designs.length) break;
    search.learn(results);
  }
  return parts;
}

/** A design that violates an objective is worse than each one that does not, and one without a value for every goal is the worst. */
function searchResult({ goals }: Exploration, part: ExploredDesigns, row: number): SearchResult {
  const costs = goals.map(
    ({ sense }, goal) => (part.measures[goal]?.[row] ?? Number.NaN) * (sense === 'maximize' ? -1 : 1),
  );
  if (costs.some(Number.isNaN)) return { costs: goals.map(() => 0), penalty: 2 };
  return { costs, penalty: exploredVerdicts[part.verdicts[row] ?? 0] === 'violated' ? 1 : 0 };
}
