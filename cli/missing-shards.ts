import { planSize, type ResultPart } from '../design/index.ts';

/** The most shards that a sentence lists. */
const mostListed = 20;

/** The commands that compute the designs that no part contains. '' if none is missing. */
export function runAgain(parts: readonly ResultPart[], directory: string): string {
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
    const name = shellWord(plan.exploration);
    return `stimpack explore ${shellWord(plan.file)} --name ${name}${part} --out ${shellWord(directory)}`;
  };
  if (shards.length === 1) return `Run again: ${command(String(shards[0]))}`;
  const shown = shards.slice(0, mostListed).join(', ');
  const more = shards.length > mostListed ? ` and ${shards.length - mostListed} more` : '';
  return `Run again shards ${shown}${more} of ${count}: ${command('I')}`;
}

/** The number of shards of most parts. A directory may contain parts of several divisions. */
function usualCount(parts: readonly ResultPart[]): number {
  const votes = new Map<number, number>();
  for (const { shard } of parts) votes.set(shard?.count ?? 1, (votes.get(shard?.count ?? 1) ?? 0) + 1);
  const [best] = [...votes].sort(([a, votesA], [b, votesB]) => votesB - votesA || b - a);
  return best?.[0] ?? 1;
}

/** A word as a POSIX shell reads it. It is quoted unless it is plain. */
function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
