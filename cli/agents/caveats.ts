import type { Json } from '../json/document.ts';
import { listSchema, objectSchema, textSchema } from '../json/schema.ts';
import { picked, recordsOf } from './design-arguments.ts';

const caveatSchema = objectSchema({
  code: textSchema('A stable code.'),
  text: textSchema('What was guessed or left out, and how to accept or correct it.'),
});

/** The caveats of a result, as agents get them. */
export const caveatsSchema = listSchema(caveatSchema, 'Everything that was guessed, left out or cut.');

/** `caveats`: those of a JSON document. */
export function caveatsFor(caveats: Json | undefined): Json {
  return recordsOf(caveats).map((caveat) => picked(caveat, ['code', 'text']));
}
