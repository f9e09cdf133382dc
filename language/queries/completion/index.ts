import type { LibraryHost } from '../../library.ts';
import type { Program } from '../../program.ts';
import { insideOf, placeAt } from '../place.ts';
import { isInComment } from '../tree.ts';
import { importNames, textAround } from './import-names.ts';
import { behindWord, startsOfItems } from './items.ts';
import { declaredNames, members } from './names.ts';
import type { Completion, Site } from './site.ts';
import { units } from './units.ts';
import { valuesBehindColon, valuesInCall, valuesInList } from './values.ts';

export type { Completion } from './site.ts';

/** Everything that fits at a place, also in broken text. The editor filters by the typed letters. */
export function completionsAt(program: Program, uri: string, offset: number, host: LibraryHost): readonly Completion[] {
  const file = program.files.get(uri);
  if (file === undefined || isInComment(file.tree, offset)) return [];
  const text = textAround(file, offset);
  if (text !== undefined) return importNames(file, text, host);
  const place = placeAt(file.tree, offset);
  const brace = place.open.findLast((one) => one.kind === '{');
  return offersAt({ program, file, host, place, inside: insideOf(file, brace?.start) }, brace?.start ?? -1);
}

/** Chooses the offers by the tokens before the cursor and the brackets around it. `brace`: the offset of the innermost `{`. */
function offersAt(site: Site, brace: number): readonly Completion[] {
  const { before, open } = site.place;
  const [previous] = before;
  const bracket = open.at(-1);
  if (previous === undefined) return startsOfItems(site);
  if (previous.kind === 'number' && !previous.breakAfter) return units(site);
  if (bracket?.kind === '(') return valuesInCall(site, bracket.start);
  if (bracket?.kind === '[' && bracket.start > brace) return valuesInList(site, bracket.start);
  if (previous.kind === '.') return members(site);
  if (previous.kind === ':') return valuesBehindColon(site, 1);
  if (previous.breakAfter || startsItem.has(previous.kind)) return startsOfItems(site);
  if (previous.kind === 'name') return behindWord(site, previous.text);
  return takesValue.has(previous.kind) ? declaredNames(site, 'let') : [];
}

const startsItem: ReadonlySet<string> = new Set(['{', '}', ')', ',']);
const takesValue: ReadonlySet<string> = new Set(['=', '+', '-', '*', '/', '<=', '>=', '..']);
