import type { Caveat } from '../../design/index.ts';
import { caveatFields } from '../../formats/index.ts';
import type { Json } from './document.ts';

/** A caveat in the format of `docs/json.md`. */
export function caveatJson(caveat: Caveat): { readonly [key: string]: Json } {
  return { ...caveatFields(caveat) };
}
