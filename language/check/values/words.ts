import { isMixedKey } from '../../../design/index.ts';
import { valueMessages } from '../../messages/index.ts';
import type { WordSchema } from '../../schema/index.ts';
import { suggest } from '../../suggest.ts';
import type { Expression } from '../../syntax/index.ts';
import { originOf } from '../checked-file.ts';
import { fixesTo, reportOldSpelling } from '../fixes.ts';
import { pathOf, type ReadingTools, type Slot } from './slot.ts';

export function isWord(node: Expression, word: string): boolean {
  return node.kind === 'path' && node.parts.length === 1 && node.parts[0]?.text === word;
}

/** Reads one of the words that the schema allows. */
export function readWord(
  { property, node, scope }: Slot,
  words: readonly WordSchema[],
  { reporter }: ReadingTools,
): WordSchema | undefined {
  const names = words.map((word) => word.name);
  const path = pathOf(node);
  if (path === undefined) {
    reporter.report(originOf(scope.file, node), valueMessages.notAWord({ name: property.name, known: names }));
    return undefined;
  }
  const origin = originOf(scope.file, path);
  const written = path.parts.map((part) => part.text).join('.');
  const found = words.find((word) => word.name === written || word.formerly?.includes(written) === true);
  if (found === undefined) {
    if (isMixedKey(written)) {
      reporter.report(origin, valueMessages.mixedFormat({ name: property.name, written }));
      return undefined;
    }
    const close = suggest(written, names) ?? sameStem(written, names);
    const message = valueMessages.unknownWord({ name: property.name, written, known: names, close });
    reporter.report(origin, message, { fixes: fixesTo(origin, close) });
    return undefined;
  }
  if (found.name !== written) reportOldSpelling(reporter, origin, written, found.name);
  if (node.kind === 'application') {
    reporter.report(originOf(scope.file, node), valueMessages.wordWithArguments({ written }));
  }
  scope.file.facts.push({ kind: 'word', start: path.start, end: path.end, word: found });
  return found;
}

/** Suggests `reduction` for `reduce`: the only word that starts with the written word without its last letter. */
function sameStem(written: string, names: readonly string[]): string | undefined {
  if (written.length < 5) return undefined;
  const stem = written.slice(0, -1).toLowerCase();
  const alike = names.filter((name) => name.toLowerCase().startsWith(stem));
  return alike.length === 1 ? alike[0] : undefined;
}
