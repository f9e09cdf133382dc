import { type CaveatCode, type Model, type Serve, type Slo, sloName } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages, nameNotes, scenarioMessages, scenarioNotes } from '../messages/index.ts';
import { displayText } from '../syntax/index.ts';
import { arrivalsOf } from './arrivals.ts';
import type { BlockReader } from './blocks.ts';
import { bug } from './bug.ts';
import { originOf } from './checked-file.ts';
import { checkNameLength } from './program-limits.ts';
import type { Reporter } from './reporter.ts';
import type { ScenarioContext } from './scenario-context.ts';
import { sequencesOf } from './sequences.ts';
import type { Settings } from './settings.ts';
import { buildSlo } from './slo.ts';

/** Makes one serve of a scenario: its network, traffic, batching and objectives. undefined after an error. */
export function buildServe(
  settings: Settings,
  before: readonly Serve[],
  context: ScenarioContext,
  accepts: readonly CaveatCode[],
): Serve | undefined {
  const { scope, statement } = settings;
  const { reader } = context;
  const { reporter } = reader;
  const model = servedModel(settings, context);
  const arrivals = arrivalsOf(settings, model, context, accepts);
  const batch = settings.block('batch');
  const slos = objectivesOf(settings, before, reader);
  if (slos === undefined) return undefined;
  checkRepeated(slos, reporter);
  checkAccuracy(slos, model, reporter);
  const label = statement?.clauses.find((clause) => clause.keyword.text === 'as')?.value;
  if (label !== undefined && label.kind !== 'path' && label.kind !== 'missing') {
    reporter.report(originOf(scope.file, label), scenarioMessages.missingServeLabel());
  }
  const labelName = label?.kind === 'path' ? displayText(scope.file.tree, label.start, label.end) : undefined;
  if (labelName !== undefined && label !== undefined) checkNameLength(labelName, label, scope, reporter);
  if (model === undefined || arrivals === undefined) return undefined;
  const name = labelName ?? model.name;
  const twin = before.find((serve) => serve.name === name);
  if (twin !== undefined) {
    reporter.report(settings.head, scenarioMessages.duplicateServe({ name, model: model.name }), {
      related: [{ message: scenarioNotes.servedHere({ name }).text, origin: twin.origin }],
    });
    return undefined;
  }
  const { sequences, hasError } = sequencesOf(settings, model, arrivals, slos, reader, accepts);
  if (hasError) return undefined;
  const batching = batch ?? emptyBatch(settings, reader);
  return {
    name,
    model,
    arrivals,
    batch: { maxSize: batching.number('max'), timeoutSeconds: batching.number('timeout') },
    ...(sequences === undefined ? {} : { sequences }),
    priority: settings.number('priority'),
    slos,
    origin: settings.head,
  };
}

/** The objectives of a serve. undefined if the scenario has too many, which is reported. */
function objectivesOf(
  settings: Settings,
  before: readonly Serve[],
  { evaluator, reporter }: BlockReader,
): readonly Slo[] | undefined {
  const most: number = limits.scenarioObjectives;
  const room = before.reduce((left, { slos }) => left - slos.length, most);
  const slos: Slo[] = [];
  for (const item of settings.block('slo')?.rest ?? []) {
    if (item.kind !== 'constraint') continue;
    const slo = buildSlo(item, settings.scope, evaluator, reporter);
    if (slo === undefined) continue;
    if (slos.length === room) {
      reporter.report(slo.origin, limitMessages.tooManyObjectives({ most }));
      return undefined;
    }
    slos.push(slo);
  }
  return slos;
}

function servedModel(settings: Settings, context: ScenarioContext): Model | undefined {
  const { scope, statement } = settings;
  const subject = statement?.subject;
  const first = subject?.kind === 'path' ? subject.parts[0] : undefined;
  if (first === undefined) {
    const origin = subject === undefined ? settings.head : originOf(scope.file, subject);
    context.reader.reporter.report(origin, scenarioMessages.missingServedModel());
    return undefined;
  }
  const declaration = context.reader.evaluator.lookUp(first, scope, 'model');
  return declaration && context.model(declaration);
}

function emptyBatch(settings: Settings, reader: BlockReader): Settings {
  const schema = settings.schema.blocks.find((one) => one.keyword === 'batch');
  return reader.empty(schema ?? bug("no 'batch' in the schema"), settings.scope, settings.head);
}

/** Reports two limits for one figure. Both apply, so only the stricter one has an effect. */
function checkRepeated(slos: readonly Slo[], reporter: Reporter): void {
  const first = new Map<string, Slo>();
  for (const slo of slos) {
    const name = sloName(slo);
    const twin = first.get(name);
    if (twin === undefined) {
      first.set(name, slo);
      continue;
    }
    reporter.report(slo.origin, scenarioMessages.limitedTwice({ objective: name }), {
      related: [{ message: scenarioNotes.otherLimit({}).text, origin: twin.origin }],
    });
  }
}

/** Reports an accuracy objective of a model that states no accuracy, because it can never be checked. For single formats: `checkAccuracyByMode`. */
function checkAccuracy(slos: readonly Slo[], model: Model | undefined, reporter: Reporter): void {
  if (model === undefined || model.accuracy !== null) return;
  for (const slo of slos) {
    if (slo.metric !== 'accuracy') continue;
    const note = nameNotes.kindDeclaredHere({ kind: 'model', name: model.name }).text;
    reporter.report(slo.origin, scenarioMessages.unknownAccuracy({ model: model.name }), {
      related: [{ message: note, origin: model.origin }],
    });
  }
}
