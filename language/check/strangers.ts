import type { Origin } from '../../design/index.ts';
import { type BlockSchema, metricWords, type PropertySchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Constraint, Name, Statement } from '../syntax/index.ts';
import { didYouMean, originOf, type Reporter, replaceFix } from './context.ts';
import type { Scope } from './evaluate.ts';
import { isSetHere, type Settings } from './settings.ts';

/*
 * What stands in a block and does not belong there. Each is reported with what was probably meant; where that is clear the caller reads
 * it as that, so that it is not reported as missing too.
 */

/** Returns the property that was meant, where one is close. */
export function reportUnknownProperty(
  settings: Settings,
  written: string,
  origin: Origin,
  reporter: Reporter,
): PropertySchema | undefined {
  const { schema } = settings;
  const names = schema.properties.map((one) => one.name);
  const close = suggest(
    written,
    names.filter((name) => {
      const set = settings.values.get(name);
      return set === undefined || !isSetHere(settings, set.nameOrigin);
    }),
  );
  const { text, fixes } = didYouMean(origin, close);
  const list = close === undefined && names.length > 0 && names.length <= 8 ? `; it has ${names.join(', ')}` : '';
  const message = `'${schema.keyword}' has no property '${written}'${text}${list}`;
  reporter.report(origin, 'unknown-property', message, { fixes });
  return schema.properties.find((one) => one.name === close);
}

/** Returns the block that was meant, where one is close and something stands in its brackets. */
export function reportUnknownBlock(
  { schema, scope }: Settings,
  { keyword, body }: Statement,
  reporter: Reporter,
): BlockSchema | undefined {
  const origin = originOf(scope.file, keyword);
  const blocks = schema.blocks.map((one) => one.keyword);
  const names = body === undefined ? [...blocks, ...schema.properties.map((one) => one.name)] : blocks;
  const close = suggest(keyword.text, names);
  const { text, fixes } = didYouMean(origin, close);
  const list = close === undefined && blocks.length > 0 && blocks.length <= 10 ? `; it has ${blocks.join(', ')}` : '';
  const what = body === undefined ? 'nothing called' : 'no block';
  const message = `'${schema.keyword}' has ${what} '${keyword.text}'${text}${list}`;
  reporter.report(origin, 'unknown-block', message, { fixes });
  return body === undefined ? undefined : schema.blocks.find((one) => one.keyword === close);
}

/** `capacity 16 MiB` */
export function reportMissingColon(name: string, origin: Origin, hasValue: boolean, reporter: Reporter): void {
  const insertAt = { ...origin, start: origin.end };
  const message = hasValue ? `expected ':' after '${name}'` : `expected ':' and a value after '${name}'`;
  reporter.report(origin, 'missing-colon', message, {
    fixes: [{ title: "Insert ':'", edits: [{ origin: insertAt, newText: ':' }], preferred: true }],
  });
}

/** A constraint outside of `slo`: `capacity <= 16 MiB`. */
export function reportMisplacedConstraint({ schema, scope }: Settings, item: Constraint, reporter: Reporter): void {
  const property = schema.properties.find((one) => one.name === item.words[0]?.text);
  if (property !== undefined && item.words.length === 1) {
    const operator = originOf(scope.file, item.operator);
    const message = `'${property.name}' is a property: expected ':' instead of '${item.operator.text}'`;
    reporter.report(operator, 'wrong-separator', message, { fixes: [replaceFix(operator, ':')] });
    return;
  }
  reporter.report(originOf(scope.file, item), 'misplaced-item', "a constraint stands in an 'slo' block");
}

/** A property in an `slo` block: `p99 latency: 15 ms`. Returns whether it was meant as an objective. */
export function reportColonInConstraint({ scope }: Settings, words: readonly Name[], reporter: Reporter): boolean {
  const last = words.at(-1);
  const metric = metricWords.find((one) => one.name === last?.text);
  if (metric === undefined || last === undefined) return false;
  const { text } = scope.file.tree;
  let colon = last.end;
  while (/\s/u.test(text.charAt(colon))) colon++;
  // An equals sign, or nothing at all, is what the parser has spoken of.
  if (text.charAt(colon) !== ':') return true;
  const origin = originOf(scope.file, { start: colon, end: colon + 1 });
  // With its spaces: `latency: 15 ms` has none before the colon.
  const spaced = `${/\s/u.test(text.charAt(colon - 1)) ? '' : ' '}${metric.operator}`;
  const message = `an objective is a limit: expected '${metric.operator}' instead of ':'`;
  reporter.report(origin, 'wrong-separator', message, {
    fixes: [replaceFix(origin, spaced, `Write '${metric.operator}'`)],
  });
  return true;
}

/** `HBM.bandwidth: 2 GB/s`, a path as explorations write it. The parser has stopped at the dot. Returns whether it is one. */
export function reportDottedProperty(
  schema: BlockSchema,
  { keyword, body, subject }: Statement,
  { file }: Scope,
  reporter: Reporter,
): boolean {
  if (body !== undefined || subject !== undefined) return false;
  const name = /^\.([A-Za-z]+)/u.exec(file.tree.text.slice(keyword.end, keyword.end + maxPropertyLength))?.[1];
  if (!schema.properties.some((one) => one.name === name)) return false;
  const message = `a property of '${keyword.text}' stands in its block: '${keyword.text} { ${name}: ... }'`;
  reporter.report(originOf(file, keyword), 'missing-block', message);
  return true;
}

const maxPropertyLength = 40;
