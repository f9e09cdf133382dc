import {
  type CaveatCode,
  type Duration,
  type Origin,
  type Scenario,
  type Scheduler,
  type Serve,
  servesSequences,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages, scenarioMessages, scenarioNotes } from '../messages/index.ts';
import { acceptableCodes, schedulerSchema } from '../schema/index.ts';
import { dimensions, sameDimension } from '../units/index.ts';
import { checkAccuracyByMode } from './accuracy-by-mode.ts';
import { bug } from './bug.ts';
import { checkClosedTraffic, isOffline } from './closed-traffic.ts';
import { buildVariants } from './compare.ts';
import { checkPool, poolOf } from './pool.ts';
import { checkTables } from './program-limits.ts';
import { checkCutTraces, isRecorded, withZones } from './recorded-traffic.ts';
import type { ScenarioContext } from './scenario-context.ts';
import { buildScheduler } from './scheduler.ts';
import { checkSequenceScenario } from './sequences.ts';
import { buildServe } from './serve.ts';
import type { Settings } from './settings.ts';

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
  const pool = npu === undefined ? undefined : poolOf(npu, settings, context);
  const variants = settings.syntax('compare');
  const compare = variants === undefined ? [] : buildVariants(variants, settings, pool, scheduler, context);
  if (npu === undefined || pool === undefined || scheduler === undefined || serves.length === 0) return undefined;
  const duration = durationOf(settings, serves.some(servesSequences));
  if (!accepts.includes('trace-cut')) checkCutTraces(serves, duration, context.reader.reporter);
  const scenario: Scenario = {
    ...(accepts.length === 0 ? {} : { accepts, acceptOrigins: acceptOriginsOf(settings, accepts) }),
    name,
    origin,
    npu,
    chips: pool.chips,
    ...(pool.also === undefined ? {} : { also: pool.also }),
    scheduler,
    serves: withZones(serves, accepts, context.reader.reporter),
    compare,
    duration,
    // A recording is measured completely, unless the file sets a warm-up. Offline traffic is full from the start, so it needs none.
    warmupFraction:
      isOffline(serves) || (!settings.has('warmup') && isRecorded(serves)) ? 0 : settings.number('warmup'),
    confidence: settings.number('confidence'),
    seed: settings.number('seed'),
  };
  checkAccuracyByMode(scenario, context.reader.reporter);
  if (!checkPool(scenario, context.reader.reporter)) return undefined;
  const schedulers = [scheduler, ...compare.map((variant) => variant.scheduler)];
  if (!checkClosedTraffic(serves, schedulers, context.reader.reporter)) return undefined;
  if (!checkSequenceScenario(scenario, settings, context.reader.reporter)) return undefined;
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

/** The default budget of requests of a language model. Our assumption: one of its requests takes as long to simulate as ten others. */
const openBudget = 20_000;

function durationOf(settings: Settings, isOpen: boolean): Duration {
  const value = settings.value('duration');
  if (value?.kind === 'form') {
    const isStated = settings.has('duration') && value.settings.has('budget');
    const budget = value.settings.number('budget');
    return { kind: 'auto', maxRequests: isStated || !isOpen ? budget : Math.min(budget, openBudget) };
  }
  if (value?.kind !== 'quantity') return bug("'duration' has neither a value nor a default");
  if (sameDimension(value.dimension, dimensions.time)) return { kind: 'time', seconds: value.value };
  return { kind: 'requests', count: Math.max(1, Math.round(value.value)) };
}
