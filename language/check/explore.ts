import { npuSchema, objectiveWords, type PropertySchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Expression, Path } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import { didYouMean, originOf, type Reporter } from './context.ts';
import type { Scope } from './evaluate.ts';
import type { Settings } from './settings.ts';

/** Checks what an `explore` block varies: that the property exists and that the values fit it. Nothing is built from it yet. */
export function checkExplore(settings: Settings, reader: BlockReader, reporter: Reporter): void {
  for (const vary of settings.blocks.get('vary') ?? []) {
    const { scope, statement } = vary;
    if (statement === undefined) continue;
    const property =
      statement.subject?.kind === 'path'
        ? variedProperty(statement.subject, scope, reader, reporter)
        : missingPath(vary, reporter);
    const values = statement.clauses.find((clause) => clause.keyword.text === 'in')?.value;
    if (values === undefined) {
      reporter.report(
        vary.head,
        'missing-value',
        "expected 'in' and the values after what varies, such as in [64 MiB, 128 MiB]",
      );
    } else if (property !== undefined) checkValues(property, values, scope, reader, reporter);
  }
  const objectives = objectiveWords.map((word) => word.name);
  const sought = ['maximize', 'minimize'].flatMap((keyword) =>
    objectives.flatMap((name) => settings.blocks.get(`${keyword} ${name}`) ?? []),
  );
  if (sought.length === 0) {
    reporter.report(
      settings.head,
      'missing-block',
      "'explore' seeks nothing: expected 'maximize capacity' or the like",
      {
        severity: 'warning',
      },
    );
  }
}

function missingPath(vary: Settings, reporter: Reporter): undefined {
  reporter.report(vary.head, 'missing-name', "expected a property after 'vary', such as Stimpack.HBM.bandwidth");
  return undefined;
}

/** `Stimpack.HBM.bandwidth`: an npu, its blocks, a property. */
function variedProperty(path: Path, scope: Scope, reader: BlockReader, reporter: Reporter): PropertySchema | undefined {
  const [first, ...rest] = path.parts;
  if (first === undefined || reader.evaluator.lookUp(first, scope, 'npu') === undefined) return undefined;
  let schema = npuSchema;
  for (const [i, part] of rest.entries()) {
    const isLast = i === rest.length - 1;
    const property = isLast ? schema.properties.find((one) => one.name === part.text) : undefined;
    if (property !== undefined) {
      scope.file.facts.push({ kind: 'property', start: part.start, end: part.end, property });
      return property;
    }
    const inner = schema.blocks.find((one) => one.keyword === part.text);
    if (inner === undefined || isLast) {
      const names = [...schema.blocks.map((one) => one.keyword), ...schema.properties.map((one) => one.name)];
      const origin = originOf(scope.file, part);
      const { text, fixes } = didYouMean(origin, inner === undefined ? suggest(part.text, names) : undefined);
      const message =
        inner === undefined
          ? `'${schema.keyword}' has no property '${part.text}'${text}`
          : `'${part.text}' is a block: name one of its properties, such as ${part.text}.${inner.properties[0]?.name ?? ''}`;
      reporter.report(origin, 'unknown-property', message, { fixes });
      return undefined;
    }
    scope.file.facts.push({ kind: 'block', start: part.start, end: part.end, schema: inner });
    schema = inner;
  }
  reporter.report(
    originOf(scope.file, path),
    'unknown-property',
    `expected a property of '${first.text}', such as ${first.text}.clock`,
  );
  return undefined;
}

function checkValues(
  property: PropertySchema,
  values: Expression,
  scope: Scope,
  reader: BlockReader,
  reporter: Reporter,
): void {
  if (values.kind === 'list') {
    for (const item of values.items) reader.values.read(property, item, scope);
    return;
  }
  if (values.kind !== 'range') {
    reader.values.read(property, values, scope);
    return;
  }
  const from = reader.values.read(property, values.from, scope);
  const to = reader.values.read(property, values.to, scope);
  if (from?.kind !== 'quantity' || to?.kind !== 'quantity') return;
  if (from.value > to.value) {
    reporter.report(
      originOf(scope.file, values),
      'out-of-range',
      'this range runs backwards: the first value is the smaller one',
    );
  }
  if (values.step === undefined) return;
  const step = reader.values.read({ ...property, name: 'step' }, values.step, scope);
  if (step?.kind === 'quantity' && (to.value - from.value) / step.value > 10_000) {
    reporter.report(originOf(scope.file, values.step), 'out-of-range', 'this range has more than 10000 values');
  }
}
