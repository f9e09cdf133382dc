import type { Fix } from '../../design/index.ts';
import { allOf, settingMessages } from '../messages/index.ts';
import type { BlockSchema, PropertySchema } from '../schema/index.ts';
import { lineBreakOf } from '../syntax/index.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';

/** Reports required properties and blocks that are missing, in this block and its inner blocks. */
export function reportMissing(settings: Settings, reporter: Reporter): void {
  const { schema } = settings;
  const missing = schema.properties.filter(
    ({ name, required, requiredUnless }) =>
      required === true &&
      !settings.values.has(name) &&
      requiredUnless?.every((other) => settings.values.has(other)) !== true,
  );
  const [only] = missing;
  if (only !== undefined) {
    const { keyword } = schema;
    const message =
      missing.length === 1
        ? settingMessages.missingProperty({ keyword, name: only.name, example: only.example })
        : settingMessages.missingProperties({ keyword, names: missing.map((one) => one.name) });
    reporter.report(settings.head, message, reporter.isFull ? {} : { fixes: propertyInsertions(settings, missing) });
    settings.broken = true;
  }
  const absent = schema.blocks.filter(
    ({ keyword, required, requiredUnless, subject }) =>
      required === true &&
      !settings.blocks.has(keyword) &&
      !(subject.kind === 'label' && [...settings.blocks.keys()].some((key) => key.startsWith(`${keyword} `))) &&
      !settings.removed.has(keyword) &&
      requiredUnless?.some((other) => settings.blocks.has(other)) !== true,
  );
  if (absent.length > 0) {
    const names = absent.map((one) => one.keyword);
    const message = settingMessages.missingBlocks({ keyword: schema.keyword, names });
    reporter.report(settings.head, message, reporter.isFull ? {} : { fixes: blockInsertions(settings, absent) });
    settings.broken = true;
  }
  for (const all of settings.blocks.values()) for (const inner of all) reportMissing(inner, reporter);
}

/** A fix that inserts the missing properties with typical values after the opening bracket. */
function propertyInsertions(settings: Settings, missing: readonly PropertySchema[]): readonly Fix[] {
  const { insertAt } = settings;
  if (insertAt === undefined || missing.some((one) => one.example === undefined)) return [];
  const text = missing.map((one) => `${one.name}: ${one.example}`).join(', ');
  const source = settings.scope.file.tree.text;
  const isEmpty = /^\s*[)}]/u.test(source.slice(insertAt.start));
  const isCall = source.charAt(insertAt.start - 1) === '(';
  const newText = isCall ? `${text}${isEmpty ? '' : ', '}` : ` ${text}${isEmpty ? '' : ','}`;
  return [{ title: `Insert '${text}'`, edits: [{ origin: insertAt, newText }] }];
}

/** A fix that appends the snippets of the missing blocks to the block, each on a separate line. */
function blockInsertions(settings: Settings, absent: readonly BlockSchema[]): readonly Fix[] {
  const { insertAt, scope, statement } = settings;
  const texts = absent.map((one) => one.snippet?.replace(/\$\{\d+:([^}]*)\}/gu, '$1'));
  if (insertAt === undefined || texts.some((text) => text === undefined || text.includes('$'))) return [];
  const { tree } = scope.file;
  const { text } = tree;
  const indent = indentAt(text, insertAt.start);
  const lineBreak = lineBreakOf(tree);
  const lines = texts.map((one) => `${lineBreak}${indent}  ${one}`).join('');
  const last = statement?.body?.items.at(-1)?.end ?? insertAt.start;
  // A comment after the last item stays on its line.
  const at = last + (/^[ \t]*,?[ \t]*\/\/[^\r\n]*/u.exec(text.slice(last))?.[0].length ?? 0);
  // The rest of the line moves to a separate line.
  const rest = /^[ \t]*,?[ \t]*(?:\r?\n|\r)/u.test(text.slice(at)) ? '' : `${lineBreak}${indent}`;
  const names = allOf(absent.map((one) => one.keyword));
  const origin = { ...insertAt, start: at, end: at };
  return [{ title: `Insert ${names}`, edits: [{ origin, newText: lines + rest }] }];
}

function indentAt(text: string, offset: number): string {
  let lineStart = offset;
  // Not by `lastIndexOf`: in a text without \r it would search for one from here to the beginning.
  while (lineStart > 0 && !/[\r\n]/u.test(text.charAt(lineStart - 1))) lineStart--;
  return /^[ \t]*/u.exec(text.slice(lineStart))?.[0] ?? '';
}
