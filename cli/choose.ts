import { didYouMean } from './did-you-mean.ts';

interface Named {
  readonly name: string;
}

export type Choice<T> =
  | { readonly kind: 'one'; readonly value: T }
  | { readonly kind: 'none'; readonly message: string };

/**
 * The declaration that `wanted` names, among all of the design. Without a name, the only one of `defaults` (those that the file itself
 * declares), or the only one in the design. `word` is "model", "NPU" or "scenario"; `option` is the option that names it.
 */
export function choose<T extends Named>(
  word: string,
  option: string,
  wanted: string | undefined,
  all: readonly T[],
  defaults: readonly T[],
): Choice<T> {
  const names = [...new Set(all.map((each) => each.name))];
  if (wanted !== undefined) {
    const found = all.find((each) => each.name === wanted);
    if (found !== undefined) return { kind: 'one', value: found };
    const known = names.length === 0 ? `; the file has no ${word}` : `; there is ${listed(names)}`;
    return { kind: 'none', message: `no ${word} is called '${wanted}'${didYouMean(wanted, names) || known}` };
  }
  const [only, ...others] = [...new Map(defaults.map((each) => [each.name, each] as const)).values()];
  if (only !== undefined && others.length === 0) return { kind: 'one', value: only };
  const [first] = all;
  if (only === undefined && first !== undefined && names.length === 1) return { kind: 'one', value: first };
  if (names.length === 0) return { kind: 'none', message: `the file has no ${word}` };
  const candidates = only === undefined ? names : [only, ...others].map((each) => each.name);
  return { kind: 'none', message: `which ${word}? Name it with ${option}: ${listed(candidates)}` };
}

const mostListed = 12;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostListed);
  const more = names.length - shown.length;
  if (more > 0) return `${shown.join(', ')} and ${more} more`;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`;
}
