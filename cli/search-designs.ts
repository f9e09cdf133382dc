import { type Exploration, type ExplorationSearch, type SearchKind, searchKinds } from '../design/index.ts';
import { type ExploredDesigns, SearchRounds } from '../simulator/index.ts';
import type { Invocation, OptionSpec } from './command.ts';
import type { Complaint } from './complaint.ts';

/** What the command line states about a search. Each part replaces that of the file. */
interface WrittenSearch {
  readonly kind: SearchKind | 'grid' | undefined;
  readonly budget: number | undefined;
  readonly seed: number | undefined;
  /** The option that tries only a part of all designs. */
  readonly part: 'shard' | 'slurm' | undefined;
}

export const searchOptions: readonly OptionSpec[] = [
  {
    name: 'search',
    value: ['grid', ...searchKinds].join('|'),
    choices: ['grid', ...searchKinds],
    help: 'try all designs, or --budget of them: at random, spread evenly, or chosen by NSGA-II from the results so far; by default as the file states',
  },
  { name: 'budget', value: 'N', help: 'of a search: the number of designs to try' },
  {
    name: 'seed',
    value: 'S',
    help: 'of a search: another seed gives other designs; by default as the file states, or 1',
  },
];

const usage = (message: string): Complaint => ({ code: 'usage', message });

/** Reads the options of a search. */
export function readSearch(options: Invocation['options']): WrittenSearch | Complaint {
  const written = options.get('search');
  const kind = written === 'grid' ? written : searchKinds.find((one) => one === written);
  const part = (['shard', 'slurm'] as const).find((name) => options.has(name));
  const [budget, seed] = [options.get('budget'), options.get('seed')];
  if (budget !== undefined && !/^[1-9]\d{0,8}$/u.test(budget))
    return usage(`'--budget' must be the number of designs to try, not '${budget}'`);
  if (seed !== undefined && !/^\d{1,9}$/u.test(seed)) return usage(`'--seed' must be a whole number, not '${seed}'`);
  return { kind, budget: numberOf(budget), seed: numberOf(seed), part };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** The search of an exploration: that of its file, with the parts that the command line replaces. undefined: all designs. */
export function searchOf(
  written: WrittenSearch,
  { name, search: stated }: Pick<Exploration, 'name' | 'search'>,
): ExplorationSearch | Complaint | undefined {
  const kind = written.kind ?? stated?.kind ?? 'grid';
  if (kind === 'grid') {
    const own = (['budget', 'seed'] as const).find((option) => written[option] !== undefined);
    return own === undefined ? undefined : usage(`'--${own}' needs '--search', or a 'search' in exploration '${name}'`);
  }
  if (written.part !== undefined) {
    const whose = written.kind === undefined ? `the 'search' of exploration '${name}'` : "'--search'";
    return usage(
      `${whose} chooses designs from the results so far and cannot be combined with '--${written.part}'; '--search grid' tries all designs`,
    );
  }
  const budget = written.budget ?? stated?.budget;
  if (budget === undefined) return usage("'--search' needs '--budget N' with the number of designs to try");
  return { kind, budget, seed: written.seed ?? stated?.seed ?? 1 };
}

/** The name of the results of a search, beside those of the whole exploration. */
export function searchedName(name: string, search: ExplorationSearch | undefined): string {
  return search === undefined ? name : `${name}-${search.kind}-${search.budget}-${search.seed}`;
}

/**
 * Tries the designs that a search chooses, round by round. `earlier`: results of an earlier run, which are not computed again. `run` returns fewer
 * designs than it got if the user stopped it, and the search ends.
 */
export async function searchDesigns(
  exploration: Exploration,
  search: ExplorationSearch,
  earlier: ExploredDesigns,
  run: (designs: readonly number[], done: number) => Promise<ExploredDesigns>,
): Promise<void> {
  const rounds = new SearchRounds(exploration, search);
  rounds.add(earlier);
  let done = 0;
  for (let round = rounds.next(); round.length > 0; round = rounds.next()) {
    const left = round.filter((design) => !rounds.knows(design));
    if (left.length > 0) rounds.add(await run(left, done));
    done += round.length;
  }
}
