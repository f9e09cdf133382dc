import type { Origin } from '../../design/index.ts';
import { layerMessages } from '../messages/index.ts';
import { type BlockSchema, layerSchemas, structureSchemas } from '../schema/index.ts';
import type { Application, Arguments, Body, Expression, Item, Name, Path } from '../syntax/index.ts';
import { originOf } from './checked-file.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';

/** One entry of a sequence in any notation: `relu`, `conv { ... }`, `fc: dense { ... }`, `Bottleneck(64)`. */
export interface Entry {
  readonly label: Name | undefined;
  readonly keyword: Name;
  readonly subject: Expression | undefined;
  readonly parameters: Arguments | undefined;
  readonly body: Body | undefined;
  readonly origin: Origin;
}

export const layerByKeyword: ReadonlyMap<string, BlockSchema> = new Map<string, BlockSchema>(
  layerSchemas.map((schema) => [schema.keyword, schema]),
);
export const structureByKeyword = new Map(structureSchemas.map((schema) => [schema.keyword, schema]));

/** undefined if it is not a layer. This is reported, unless the parser has already reported it. */
export function entryOf(item: Item, scope: Scope, reporter: Reporter): Entry | undefined {
  const origin = originOf(scope.file, item);
  if (item.kind === 'statement') {
    const { keyword, subject, parameters, body } = item;
    if (subject !== undefined && keyword.text !== 'repeat' && layerOrStructure(keyword.text)) {
      const at = { ...origin, start: keyword.end, end: keyword.end };
      reporter.report(originOf(scope.file, subject), layerMessages.separatorAfterLayer({ keyword: keyword.text }), {
        fixes: [{ title: "Insert ','", edits: [{ origin: at, newText: ',' }] }],
      });
    }
    for (const clause of item.clauses) {
      reporter.report(
        originOf(scope.file, clause.keyword),
        layerMessages.clauseOfLayer({ clause: clause.keyword.text }),
      );
    }
    return { label: undefined, keyword, subject, parameters, body, origin };
  }
  if (item.kind === 'property') {
    const label = item.words[0];
    const { value } = item;
    if (item.words.length > 1) {
      const last = item.words.at(-1) ?? item;
      reporter.report(originOf(scope.file, last), layerMessages.separatorBeforeLabel());
    }
    if (value.kind === 'missing') return undefined;
    const path = value.kind === 'path' ? value : value.kind === 'application' ? value.path : undefined;
    const keyword = path?.parts[0];
    if (keyword === undefined) {
      reporter.report(originOf(scope.file, value), layerMessages.labelWithoutLayer());
      return undefined;
    }
    const application = value.kind === 'application' ? value : undefined;
    return {
      label,
      keyword,
      subject: application?.subject,
      parameters: application?.parameters,
      body: application?.body,
      origin,
    };
  }
  reporter.report(origin, layerMessages.notALayer());
  return undefined;
}

function layerOrStructure(keyword: string): boolean {
  return layerByKeyword.has(keyword) || structureByKeyword.has(keyword);
}

/** The entry as an expression `keyword(...) { ... }`, the form that its schema row can read. */
export function asForm(entry: Entry): Application {
  const { keyword, parameters, body, origin } = entry;
  const path: Path = { kind: 'path', start: keyword.start, end: keyword.end, parts: [keyword] };
  return { kind: 'application', start: keyword.start, end: origin.end, path, subject: undefined, parameters, body };
}
