import { layerSchemas } from '../language/index.ts';

/** The list of kinds of layers in a regular expression of the grammar. `conv` is the first row of the table of layers. */
const lists = /\(\?:conv(?:\|[a-z0-9-]+)+\)/gu;

/**
 * The text of syntaxes/npu.tmLanguage.json with the kinds of layers of the language in each of its lists. A TextMate grammar cannot
 * import them.
 */
export function grammarWithLayers(text: string): string {
  const keywords = layerSchemas.map(({ keyword }) => keyword).join('|');
  return text.replace(lists, `(?:${keywords})`);
}
