import { planSize, type ResultPart, safeText } from '../design/index.ts';
import { shellPath, shellWord } from './shell-word.ts';

/** The most ranges of shards that a sentence lists. */
const mostListed = 20;

/** The most characters of a name that a command repeats. A damaged file can contain a longer one than any file or exploration has. */
const mostNameCharacters = 500;

/** What is known of a part: also of a damaged one, which has no rows. */
type KnownPart = Pick<ResultPart, 'plan' | 'shard' | 'rows'>;

/** The commands that compute the designs that no part contains. '' if none is missing. */
export function runAgain(parts: readonly KnownPart[], directory: string): string {
  const [first] = parts;
  if (first === undefined) return '';
  const { plan } = first;
  const known = new Set(parts.flatMap(({ rows }) => rows.map(({ design }) => design)));
  const missing = Array.from({ length: planSize(plan) }, (_, design) => design).filter((design) => !known.has(design));
  if (missing.length === 0) return '';
  const count = usualCount(parts);
  const shards = [...new Set(missing.map((design) => (design % count) + 1))].sort((a, b) => a - b);
  const command = (shard: string): string => {
    const part = count === 1 ? '' : ` --shard ${shard}/${count}`;
    const name = shellWord(safeText(plan.exploration, mostNameCharacters));
    // A name that starts with a hyphen would be another option.
    const named = name.startsWith('-') ? `--name=${name}` : `--name ${name}`;
    return `stimpack explore ${shellPath(safeText(plan.file, mostNameCharacters))} ${named}${part} --out ${shellPath(directory)}`;
  };
  if (shards.length === 1) return `Run again: ${command(String(shards[0]))}`;
  const ranges = rangesOf(shards);
  const shown = ranges.slice(0, mostListed).join(', ');
  const more = ranges.length > mostListed ? ` and ${ranges.length - mostListed} more ranges` : '';
  return `Run again shards ${shown}${more} of ${count}: ${command('I')} (array jobs: --array=${ranges.join(',')})`;
}

/** Ascending numbers as schedulers take them: `3`, `17-19`. */
export function rangesOf(numbers: readonly number[]): readonly string[] {
  const ranges: { readonly first: number; last: number }[] = [];
  for (const number of numbers) {
    const before = ranges.at(-1);
    if (before !== undefined && before.last === number - 1) before.last = number;
    else ranges.push({ first: number, last: number });
  }
  return ranges.map(({ first, last }) => (first === last ? `${first}` : `${first}-${last}`));
}

/** The number of shards of most parts. A directory may contain parts of several divisions. */
function usualCount(parts: readonly KnownPart[]): number {
  const votes = new Map<number, number>();
  for (const { shard } of parts) votes.set(shard?.count ?? 1, (votes.get(shard?.count ?? 1) ?? 0) + 1);
  const [best] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || b - a);
  return best?.[0] ?? 1;
}
