import type { DeclarationKind } from '../schema/index.ts';

/*
 * Parts that several messages share. They get parameters that the message has already made safe to show.
 */

/** " Did you mean 'x'?", or nothing without a suggestion. It follows a complete sentence. */
export function didYouMean(close: string | undefined): string {
  return close === undefined ? '' : ` Did you mean '${close}'?`;
}

/** "npu" with its article. */
export function aKind(kind: DeclarationKind): string {
  return kind === 'npu' || kind === 'explore' ? `an ${kind}` : `a ${kind}`;
}

/** "'a'", "'a' and 'b'", "'a', 'b' and 'c'". */
export function allOf(names: readonly string[]): string {
  const all = names.map((name) => `'${name}'`);
  return all.length < 2 ? all.join('') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`;
}

/** "a → b → a". A long chain shows only its first four and last three names. */
export function chain(names: readonly string[]): string {
  const shown = names.length > 8 ? [...names.slice(0, 4), '...', ...names.slice(-3)] : names;
  return shown.join(' → ');
}
