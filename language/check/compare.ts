import { type Scheduler, totalChips, type Variant } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages, nameMessages, scenarioMessages } from '../messages/index.ts';
import { burstForms } from '../schema/index.ts';
import { displayText, type Expression } from '../syntax/index.ts';
import { namesOfKind, originOf } from './checked-file.ts';
import { fixesTo } from './fixes.ts';
import type { Pool } from './pool.ts';
import type { ScenarioContext } from './scenario-context.ts';
import { buildBurst } from './scheduler.ts';
import type { Settings } from './settings.ts';

/** The variants that `compare` lists: other chips, schedulers or both. Leaves out variants with errors. */
export function buildVariants(
  written: Expression,
  settings: Settings,
  pool: Pool | undefined,
  scheduler: Scheduler | undefined,
  context: ScenarioContext,
): readonly Variant[] {
  const items = written.kind === 'list' ? written.items : [written];
  return items.flatMap((item) => {
    const variant = buildVariant(item, settings, pool, scheduler, context);
    return variant === undefined ? [] : [variant];
  });
}

function buildVariant(
  item: Expression,
  settings: Settings,
  pool: Pool | undefined,
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
    return pool && changed && { label, ...pool, scheduler: changed, origin };
  }
  if (name === undefined) {
    context.reader.reporter.report(originOf(file, base), scenarioMessages.notComparable());
    return undefined;
  }
  const declaration = context.reader.evaluator.lookUp(name, settings.scope, 'npu');
  const other = declaration && context.npu(declaration);
  const changed = item.kind === 'with' ? changedScheduler(item.change, settings, scheduler, context) : scheduler;
  const chips = pool?.also === undefined ? {} : { chips: totalChips(pool) };
  return other && changed && { label, npu: other, ...chips, scheduler: changed, origin };
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
