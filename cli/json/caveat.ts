import type { Caveat } from '../../design/index.ts';
import { caveatFields } from '../../formats/index.ts';
import type { Json } from './document.ts';

/** A caveat as `docs/json.md` has it. */
export function caveatJson(caveat: Caveat): { readonly [key: string]: Json } {
  return { ...caveatFields(caveat) };
}
