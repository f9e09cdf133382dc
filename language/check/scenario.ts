import {
  type Arrivals,
  type CaveatCode,
  type Duration,
  type Model,
  type Npu,
  type Origin,
  type Scenario,
  type Scheduler,
  type Serve,
  type Slo,
  sloName,
  type TraceOptions,
  type TraceUnit,
  type Variant,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages, nameMessages, nameNotes, scenarioMessages, scenarioNotes } from '../messages/index.ts';
import { acceptableCodes, burstForms, schedulerSchema } from '../schema/index.ts';
import { displayText, type Expression } from '../syntax/index.ts';
import { dimensions, sameDimension } from '../units/index.ts';
import type { BlockReader } from './blocks.ts';
import { bug } from './bug.ts';
import { type Declaration, namesOfKind, originOf } from './checked-file.ts';
import { checkClosedTraffic, isOffline } from './closed-traffic.ts';
import { fixesTo } from './fixes.ts';
import type { Imports } from './imports.ts';
import { checkNameLength, checkTables } from './program-limits.ts';
import { checkCutTraces, isRecorded } from './recorded-traffic.ts';
import type { Reporter } from './reporter.ts';
import { buildBurst, buildScheduler } from './scheduler.ts';
import type { Settings } from './settings.ts';
import { buildSlo } from './slo.ts';

/** What a scenario needs from the rest of the checker. */
export interface ScenarioContext {
  readonly reader: BlockReader;
  readonly imports: Pick<Imports, 'trace'>;
  npu(declaration: Declaration): Npu | undefined;
  model(declaration: Declaration): Model | undefined;
  scheduler(declaration: Declaration): Scheduler | undefined;
}

/** Makes a scenario. undefined if it has no chip or nothing to serve. An error in one serve does not affect the others. */
export function buildScenario(
  name: string,
  origin: Origin,
  settings: Settings,
  context: ScenarioContext,
): Scenario | undefined {
  const npuDeclaration = settings.reference('npu');
  const npu = npuDeclaration && context.npu(npuDeclaration);
  const scheduler = schedulerOf(name, settings, context);
  const accepts = acceptsOf(settings);
  const serves: Serve[] = [];
  for (const [place, serve] of (settings.blocks.get('serve') ?? []).entries()) {
    if (place === limits.scenarioServes) {
      const message = limitMessages.tooManyServes({ name, most: limits.scenarioServes });
      context.reader.reporter.report(serve.head, message);
      return undefined;
    }
    const built = buildServe(serve, serves, context, accepts);
    if (built !== undefined) serves.push(built);
  }
  const variants = settings.syntax('compare');
  const compare = variants === undefined ? [] : buildVariants(variants, settings, npu, scheduler, context);
  if (npu === undefined || scheduler === undefined || serves.length === 0) return undefined;
  const duration = durationOf(settings);
  if (!accepts.includes('trace-cut')) checkCutTraces(serves, duration, context.reader.reporter);
  const scenario: Scenario = {
    ...(accepts.length === 0 ? {} : { accepts, acceptOrigins: acceptOriginsOf(settings, accepts) }),
    name,
    origin,
    npu,
    chips: settings.number('chips'),
    scheduler,
    serves,
    compare,
    duration,
    // A recording is measured completely, unless the file sets a warm-up. Offline traffic is full from the start, so it needs none.
    warmupFraction:
      isOffline(serves) || (!settings.has('warmup') && isRecorded(serves)) ? 0 : settings.number('warmup'),
    confidence: settings.number('confidence'),
    seed: settings.number('seed'),
  };
  const schedulers = [scheduler, ...compare.map((variant) => variant.scheduler)];
  if (!checkClosedTraffic(serves, schedulers, context.reader.reporter)) return undefined;
  return checkTables(scenario, context.reader.reporter) ? scenario : undefined;
}

function schedulerOf(name: string, settings: Settings, context: ScenarioContext): Scheduler | undefined {
  const inline = settings.block('scheduler');
  if (inline !== undefined) {
    if (settings.has('scheduler')) {
      context.reader.reporter.report(inline.head, scenarioMessages.twoSchedulers({ name }), {
        related: [{ message: scenarioNotes.otherOne({}).text, origin: settings.origin('scheduler') }],
      });
    }
    return buildScheduler(name, inline.head, inline);
  }
  const declaration = settings.reference('scheduler');
  if (declaration !== undefined) return context.scheduler(declaration);
  return buildScheduler('default', settings.head, context.reader.empty(schedulerSchema, settings.scope, settings.head));
}

/** The caveats that `accept { ... }` names with `yes`. */
function acceptsOf(settings: Settings): readonly CaveatCode[] {
  const accept = settings.block('accept');
  if (accept === undefined) return [];
  return acceptableCodes.filter((code) => accept.value(code) !== undefined && accept.flag(code));
}

function acceptOriginsOf(settings: Settings, accepts: readonly CaveatCode[]): NonNullable<Scenario['acceptOrigins']> {
  const accept = settings.block('accept');
  return accept === undefined ? {} : Object.fromEntries(accepts.map((code) => [code, accept.origin(code)]));
}

function buildServe(
  settings: Settings,
  before: readonly Serve[],
  context: ScenarioContext,
  accepts: readonly CaveatCode[],
): Serve | undefined {
  const { scope, statement } = settings;
  const { reader } = context;
  const { reporter } = reader;
  const model = servedModel(settings, context);
  const arrivals = arrivalsOf(settings, context, accepts);
  const batch = settings.block('batch');
  const slos: Slo[] = [];
  for (const item of settings.block('slo')?.rest ?? []) {
    const slo = item.kind === 'constraint' ? buildSlo(item, scope, reader.evaluator, reporter) : undefined;
    if (slo !== undefined) slos.push(slo);
  }
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
  const batching = batch ?? emptyBatch(settings, reader);
  return {
    name,
    model,
    arrivals,
    batch: { maxSize: batching.number('max'), timeoutSeconds: batching.number('timeout') },
    priority: settings.number('priority'),
    slos,
    origin: settings.head,
  };
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

/** Reports an accuracy objective of a model that states no accuracy, because it can never be checked. */
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

function arrivalsOf(
  settings: Settings,
  context: ScenarioContext,
  accepts: readonly CaveatCode[],
): Arrivals | undefined {
  const value = settings.value('arrivals');
  if (value?.kind !== 'form') return undefined;
  const origin = settings.origin('arrivals');
  const form = value.settings;
  const arrivals = arrivalsFrom(value.form, form, origin, context, accepts);
  return form.broken || [...form.values.values()].some((one) => one.value === undefined) ? undefined : arrivals;
}

function arrivalsFrom(
  kind: string,
  form: Settings,
  origin: Origin,
  context: ScenarioContext,
  accepts: readonly CaveatCode[],
): Arrivals | undefined {
  switch (kind) {
    case 'poisson':
    case 'constant':
      return { kind, ratePerSecond: form.number('rate'), origin };
    case 'bursty':
      return {
        kind,
        lowRatePerSecond: form.number('low'),
        highRatePerSecond: form.number('high'),
        meanLowSeconds: form.number('quiet'),
        meanHighSeconds: form.number('busy'),
        origin,
      };
    case 'diurnal':
      return {
        kind,
        ratePerSecond: form.number('rate'),
        amplitude: form.number('amplitude'),
        periodSeconds: form.number('period'),
        origin,
      };
    case 'loadgen': {
      const seed = form.value('seed');
      return { kind, ratePerSecond: form.number('rate'), seed: seed?.kind === 'seed' ? seed.digits : '0', origin };
    }
    case 'closed':
      return {
        kind,
        clients: form.number('concurrency'),
        requestsPerQuery: 1,
        thinkSeconds: form.number('think'),
        origin,
      };
    case 'multi-stream':
      return { kind: 'closed', clients: 1, requestsPerQuery: form.number('requests'), thinkSeconds: 0, origin };
    case 'offline': {
      const requests = form.number('requests');
      if (form.broken) return undefined;
      const path = `offline(${requests})`;
      return { kind: 'trace', path, offline: true, speedup: 1, timesSeconds: new Float64Array(requests), origin };
    }
    case 'trace': {
      const path = form.text('file');
      const speedup = form.number('speedup');
      if (form.broken) return undefined;
      const recorded = context.imports.trace(path, traceOptionsOf(form), form.origin('file'), accepts);
      if (recorded === undefined) return undefined;
      const timesSeconds = speedup === 1 ? recorded.timesSeconds : recorded.timesSeconds.map((time) => time / speedup);
      return { kind, path, speedup, ...recorded, timesSeconds, origin };
    }
    default:
      return bug(`no arrivals '${kind}'`);
  }
}

/** The properties of a trace that the file states. The reader recognizes the rest. */
function traceOptionsOf(form: Settings): TraceOptions {
  const stated = (name: string): boolean => form.value(name) !== undefined;
  return {
    ...(stated('column') ? { column: form.text('column') } : {}),
    ...(stated('unit') ? { unit: form.word<TraceUnit>('unit') } : {}),
    ...(stated('gaps') ? { gaps: form.flag('gaps') } : {}),
    ...(stated('spread') ? { spread: form.flag('spread') } : {}),
    ...(stated('skip') ? { skip: form.flag('skip') } : {}),
    ...(stated('where') ? { where: form.text('where') } : {}),
  };
}

function durationOf(settings: Settings): Duration {
  const value = settings.value('duration');
  if (value?.kind === 'form') return { kind: 'auto', maxRequests: value.settings.number('budget') };
  if (value?.kind !== 'quantity') return bug("'duration' has neither a value nor a default");
  if (sameDimension(value.dimension, dimensions.time)) return { kind: 'time', seconds: value.value };
  return { kind: 'requests', count: Math.max(1, Math.round(value.value)) };
}

function buildVariants(
  written: Expression,
  settings: Settings,
  npu: Npu | undefined,
  scheduler: Scheduler | undefined,
  context: ScenarioContext,
): readonly Variant[] {
  const items = written.kind === 'list' ? written.items : [written];
  return items.flatMap((item) => {
    const variant = buildVariant(item, settings, npu, scheduler, context);
    return variant === undefined ? [] : [variant];
  });
}

function buildVariant(
  item: Expression,
  settings: Settings,
  npu: Npu | undefined,
  scheduler: Scheduler | undefined,
  context: ScenarioContext,
): Variant | undefined {
  const { file } = settings.scope;
  const origin = originOf(file, item);
  const label = displayText(file.tree, item.start, item.end);
  if (label.length > limits.nameCharacters) {
    const message = limitMessages.variantTooLong({ characters: label.length, most: limits.nameCharacters });
    context.reader.reporter.report(origin, message);
    return undefined;
  }
  const base = item.kind === 'with' ? item.base : item;
  const name = base.kind === 'path' && base.parts.length === 1 ? base.parts[0] : undefined;
  if (item.kind === 'missing') return undefined;
  // A scheduler or policy alone means the chip of the scenario with that scheduler.
  const isScheduler = name !== undefined && file.visible.get(name.text)?.some((one) => one.kind === 'scheduler');
  const isPolicy =
    base.kind === 'application' || (name !== undefined && !file.visible.has(name.text) && isBurst(name.text));
  if (item.kind !== 'with' && (isScheduler === true || isPolicy)) {
    const changed = changedScheduler(item, settings, scheduler, context);
    return npu && changed && { label, npu, scheduler: changed, origin };
  }
  if (name === undefined) {
    context.reader.reporter.report(originOf(file, base), scenarioMessages.notComparable());
    return undefined;
  }
  const declaration = context.reader.evaluator.lookUp(name, settings.scope, 'npu');
  const other = declaration && context.npu(declaration);
  const changed = item.kind === 'with' ? changedScheduler(item.change, settings, scheduler, context) : scheduler;
  return other && changed && { label, npu: other, scheduler: changed, origin };
}

function isBurst(name: string): boolean {
  return burstForms.some((form) => form.keyword === name);
}

/** A declared scheduler, or the scenario's scheduler with another burst policy. */
function changedScheduler(
  change: Expression,
  settings: Settings,
  scheduler: Scheduler | undefined,
  context: ScenarioContext,
): Scheduler | undefined {
  const { scope } = settings;
  const path = change.kind === 'application' ? change.path : change.kind === 'path' ? change : undefined;
  const name = path?.parts[0];
  if (name === undefined || path === undefined) {
    if (change.kind !== 'missing') {
      context.reader.reporter.report(originOf(scope.file, change), scenarioMessages.missingChange());
    }
    return undefined;
  }
  const form = burstForms.find((one) => one.keyword === name.text);
  if (form !== undefined && (change.kind === 'application' || !scope.file.visible.has(name.text))) {
    scope.file.facts.push({ kind: 'block', start: name.start, end: name.end, schema: form });
    const read = context.reader.readForm(form, change.kind === 'application' ? change : path, scope);
    if (scheduler === undefined || read.broken) return undefined;
    return { ...scheduler, name: name.text, burst: buildBurst(form.keyword, read) };
  }
  if (!scope.file.visible.has(name.text)) {
    const origin = originOf(scope.file, name);
    const close = context.reader.reporter.suggest(name.text, () => [
      ...namesOfKind(scope.file, 'scheduler'),
      ...burstForms.map((one) => one.keyword),
    ]);
    context.reader.reporter.report(origin, nameMessages.unknownScheduler({ name: name.text, close }), {
      fixes: fixesTo(origin, close),
    });
    return undefined;
  }
  const declaration = context.reader.evaluator.lookUp(name, scope, 'scheduler');
  return declaration && context.scheduler(declaration);
}
