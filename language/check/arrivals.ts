import {
  type Arrivals,
  type CaveatCode,
  type Model,
  mapShared,
  type Origin,
  type TraceOptions,
  type TraceUnit,
} from '../../design/index.ts';
import { bug } from './bug.ts';
import type { ScenarioContext } from './scenario-context.ts';
import type { Settings } from './settings.ts';

/** The arrivals of a serve of a network. undefined after an error. */
export function arrivalsOf(
  settings: Settings,
  model: Model | undefined,
  context: ScenarioContext,
  accepts: readonly CaveatCode[],
): Arrivals | undefined {
  const value = settings.value('arrivals');
  if (value?.kind !== 'form') return undefined;
  const origin = settings.origin('arrivals');
  const form = value.settings;
  const usesHashes = model?.open !== undefined && sharesRecordedPrompts(settings);
  const traffic = arrivalsFrom(value.form, form, origin, context, usesHashes ? accepts : [...accepts, 'trace-hashes']);
  const arrivals = usesHashes ? traffic : withoutHashes(traffic);
  return form.broken || [...form.values.values()].some((one) => one.value === undefined) ? undefined : arrivals;
}

/** Whether requests may share the blocks of prompts that a trace describes: hashes do not apply to prompts of other lengths. */
function sharesRecordedPrompts(settings: Settings): boolean {
  return settings.block('tokens')?.has('in') !== true && settings.block('kv')?.flag('sharing') !== false;
}

/** The arrivals of a serve that does not use block hashes, so no guess about them has an effect. */
function withoutHashes(arrivals: Arrivals | undefined): Arrivals | undefined {
  if (arrivals?.kind !== 'trace') return arrivals;
  const { promptHashes: _, caveats, ...rest } = arrivals;
  const others = caveats?.filter(({ code }) => code !== 'trace-hashes') ?? [];
  return others.length === 0 ? rest : { ...rest, caveats: others };
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
      const timesSeconds =
        speedup === 1 ? recorded.timesSeconds : mapShared(recorded.timesSeconds, (time) => time / speedup);
      const step = recorded.stepSeconds === undefined ? {} : { stepSeconds: recorded.stepSeconds / speedup };
      return { kind, path, speedup, ...recorded, timesSeconds, ...step, origin };
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
    ...(stated('ends') ? { ends: form.flag('ends') } : {}),
    ...(stated('spread') ? { spread: form.flag('spread') } : {}),
    ...(stated('skip') ? { skip: form.flag('skip') } : {}),
    ...(stated('where') ? { where: form.text('where') } : {}),
    ...(stated('block') ? { blockTokens: form.number('block') } : {}),
  };
}
