import type { Origin } from '../../design/index.ts';
import { settingMessages } from '../messages/index.ts';
import { type BlockSchema, metricWords, type PropertySchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Constraint, Name, Statement } from '../syntax/index.ts';
import { originOf } from './checked-file.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';
import { isSetHere, type Settings } from './settings.ts';

/*
 * Items that do not belong in their block. Each is reported with a suggestion. If the suggestion is clear, the caller reads the item as the
 * suggested one, so that it is not reported as missing too.
 */

/** Reports an unknown property. Returns the most similar known property, if there is one. */
export function reportUnknownProperty(
  settings: Settings,
  written: string,
  origin: Origin,
  reporter: Reporter,
): PropertySchema | undefined {
  const { schema } = settings;
  const names = schema.properties.map((one) => one.name);
  const close =
    blockOfWord(schema, written) ??
    suggest(
      written,
      names.filter((name) => {
        const set = settings.values.get(name);
        return set === undefined || !isSetHere(settings, set.nameOrigin);
      }),
    );
  const message = settingMessages.unknownProperty({ keyword: schema.keyword, written, known: names, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return schema.properties.find((one) => one.name === close);
}

/** Reports an unknown block. Returns the most similar known block, if there is one and the written block has brackets. */
export function reportUnknownBlock(
  { schema, scope }: Settings,
  { keyword, body }: Statement,
  reporter: Reporter,
): BlockSchema | undefined {
  const origin = originOf(scope.file, keyword);
  const blocks = schema.blocks.map((one) => one.keyword);
  const names = body === undefined ? [...blocks, ...schema.properties.map((one) => one.name)] : blocks;
  const close = blockOfWord(schema, keyword.text) ?? suggest(keyword.text, names);
  const message = settingMessages.unknownBlock({
    keyword: schema.keyword,
    written: keyword.text,
    hasBody: body !== undefined,
    known: blocks,
    close,
  });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return body === undefined ? undefined : schema.blocks.find((one) => one.keyword === close);
}

/** `mode burst` for `burst`: the block that the word selects. */
function blockOfWord({ blocks }: BlockSchema, written: string): string | undefined {
  const block = blocks.find(
    ({ subject }) => subject.kind === 'word' && subject.words.some((one) => one.name === written),
  );
  return block && `${block.keyword} ${written}`;
}

/** Reports `capacity 16 MiB`, without a colon. */
export function reportMissingColon(name: string, origin: Origin, hasValue: boolean, reporter: Reporter): void {
  const insertAt = { ...origin, start: origin.end };
  reporter.report(origin, settingMessages.missingColon({ name, hasValue }), {
    fixes: [{ title: "Insert ':'", edits: [{ origin: insertAt, newText: ':' }], preferred: true }],
  });
}

/** Reports an objective outside of `slo`: `capacity <= 16 MiB`. */
export function reportMisplacedConstraint({ schema, scope }: Settings, item: Constraint, reporter: Reporter): void {
  const property = schema.properties.find((one) => one.name === item.words[0]?.text);
  if (property !== undefined && item.words.length === 1) {
    const operator = originOf(scope.file, item.operator);
    const message = settingMessages.operatorInProperty({ name: property.name, operator: item.operator.text });
    reporter.report(operator, message, { fixes: [replaceFix(operator, ':')] });
    return;
  }
  reporter.report(originOf(scope.file, item), settingMessages.misplacedConstraint());
}

/** Reports a colon in an objective: `p99 latency: 15 ms`. Returns whether the line is an objective. */
export function reportColonInConstraint({ scope }: Settings, words: readonly Name[], reporter: Reporter): boolean {
  const last = words.at(-1);
  const metric = metricWords.find((one) => one.name === last?.text);
  if (metric === undefined || last === undefined) return false;
  const { text } = scope.file.tree;
  let colon = last.end;
  while (/\s/u.test(text.charAt(colon))) colon++;
  // The parser has already reported '=' or a missing operator.
  if (text.charAt(colon) !== ':') return true;
  const origin = originOf(scope.file, { start: colon, end: colon + 1 });
  // Adds the space that `latency: 15 ms` does not have before the colon.
  const spaced = `${/\s/u.test(text.charAt(colon - 1)) ? '' : ' '}${metric.operator}`;
  reporter.report(origin, settingMessages.colonInObjective({ operator: metric.operator }), {
    fixes: [replaceFix(origin, spaced, `Write '${metric.operator}'`)],
  });
  return true;
}

/** Reports `HBM.bandwidth: 2 GB/s`, a path as explorations use it. The parser has stopped at the dot. Returns whether it is such a path. */
export function reportDottedProperty(
  schema: BlockSchema,
  { keyword, body, subject }: Statement,
  { file }: Scope,
  reporter: Reporter,
): boolean {
  if (body !== undefined || subject !== undefined) return false;
  const name = /^\.([A-Za-z]+)/u.exec(file.tree.text.slice(keyword.end, keyword.end + maxPropertyLength))?.[1];
  if (name === undefined || !schema.properties.some((one) => one.name === name)) return false;
  reporter.report(originOf(file, keyword), settingMessages.dottedProperty({ keyword: keyword.text, property: name }));
  return true;
}

const maxPropertyLength = 40;
