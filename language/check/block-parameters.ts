import { layerMessages, layerNotes } from '../messages/index.ts';
import type { Arguments, Expression, Name } from '../syntax/index.ts';
import { type Declaration, originOf } from './checked-file.ts';
import type { Evaluator } from './evaluate.ts';
import { fixesTo } from './fixes.ts';
import type { Entry } from './layer-entries.ts';
import type { Reporter } from './reporter.ts';
import type { Parameter, Scope } from './scope.ts';

/** Gives the parameters of a block their values: from the parentheses or `{ name: value }` at the use, otherwise from the defaults. */
export function bindParameters(
  declaration: Declaration,
  declared: Arguments | undefined,
  entry: Entry,
  scope: Scope,
  { evaluator, reporter }: { readonly evaluator: Evaluator; readonly reporter: Reporter },
): Map<string, Parameter> {
  const { file, name: block } = declaration;
  const names: Name[] = [];
  const isParameter = new Set<string>();
  const defaults = new Map<string, Expression>();
  for (const parameter of declared?.items ?? []) {
    const name = parameter.name ?? (parameter.value.kind === 'path' ? parameter.value.parts[0] : undefined);
    if (name === undefined) continue;
    names.push(name);
    isParameter.add(name.text);
    if (parameter.name !== undefined) defaults.set(name.text, parameter.value);
  }
  const given = new Map<string, Expression>();
  const useFile = scope.file;
  const give = (name: Name, value: Expression): void => {
    if (isParameter.has(name.text)) {
      given.set(name.text, value);
      return;
    }
    const origin = originOf(useFile, name);
    const known = names.map((one) => one.text);
    const close = reporter.suggest(name.text, known);
    const message = layerMessages.unknownParameter({ block, name: name.text, close });
    reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  };
  let next = 0;
  for (const argument of entry.parameters?.items ?? []) {
    if (argument.name !== undefined) give(argument.name, argument.value);
    else {
      const name = names[next++];
      if (name !== undefined) given.set(name.text, argument.value);
      else {
        const message = layerMessages.tooManyParameters({ block, most: names.length });
        reporter.report(originOf(useFile, argument), message);
      }
    }
  }
  for (const item of entry.body?.items ?? []) {
    const name = item.kind === 'property' ? item.words[0] : undefined;
    if (item.kind === 'property' && name !== undefined) give(name, item.value);
    else reporter.report(originOf(useFile, item), layerMessages.notAParameter({ block }));
  }
  const bound = new Map<string, Parameter>();
  const missing: string[] = [];
  for (const name of names) {
    const target = originOf(file, name);
    const written = given.get(name.text);
    const fallback = defaults.get(name.text);
    if (written !== undefined) bound.set(name.text, { value: evaluator.evaluate(written, scope), target });
    else if (fallback !== undefined) {
      // A default can refer to earlier parameters.
      bound.set(name.text, { value: evaluator.evaluate(fallback, { file, parameters: bound }), target });
    } else {
      missing.push(name.text);
      bound.set(name.text, { value: undefined, target });
    }
  }
  if (missing.length > 0) {
    const origin = originOf(useFile, entry.keyword);
    reporter.report(origin, layerMessages.missingParameters({ block, names: missing }), {
      related: [{ message: layerNotes.declaredHere({}).text, origin: declaration.nameOrigin }],
    });
  }
  return bound;
}
