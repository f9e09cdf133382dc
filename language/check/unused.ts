import { type Fix, type Origin, quoted } from '../../design/index.ts';
import { nameMessages } from '../messages/index.ts';
import { type CheckedFile, originOf } from './checked-file.ts';
import type { Files } from './files.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reports unused declarations and imports of a file. A file without a scenario is meant to be imported, and its importers are unknown here, so
 * nothing is reported for it.
 */
export function reportUnused(root: CheckedFile, files: Files, reporter: Reporter): void {
  const { used } = root;
  if (![...root.own.values()].some((one) => one.kind === 'scenario')) return;
  for (const declaration of root.own.values()) {
    if ((declaration.kind !== 'let' && declaration.kind !== 'block') || used.has(declaration)) continue;
    reporter.report(declaration.nameOrigin, nameMessages.unusedDeclaration({ name: declaration.name }), {
      tag: 'unnecessary',
      fixes: [removal(root, declaration.origin, `Remove ${quoted(declaration.name)}`)],
    });
  }
  for (const item of root.tree.root.items) {
    const imported = item.kind === 'import' && item.path !== undefined ? files.importedBy(item) : undefined;
    if (imported === undefined) continue;
    const reached = files.reach(imported);
    if ([...used].some((declaration) => reached.has(declaration.file))) continue;
    const origin = originOf(root, item);
    reporter.report(origin, nameMessages.unusedImport(), {
      tag: 'unnecessary',
      fixes: [removal(root, origin, 'Remove the import')],
    });
  }
}

/** Also removes the line if nothing else is on it. */
function removal(file: CheckedFile, origin: Origin, title: string): Fix {
  const { text } = file.tree;
  let { start, end } = origin;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start--;
  while (text[end] === ' ' || text[end] === '\t') end++;
  const startsLine = start === 0 || text[start - 1] === '\n' || text[start - 1] === '\r';
  const endsLine = end === text.length || text[end] === '\n' || text[end] === '\r';
  if (!startsLine || !endsLine) return { title, edits: [{ origin, newText: '' }] };
  if (text[end] === '\r') end++;
  if (text[end] === '\n') end++;
  return { title, edits: [{ origin: { ...origin, start, end }, newText: '' }] };
}
