import {
  type Arrivals,
  assertNever,
  type Caveat,
  type CaveatCode,
  drawsTokens,
  type Message,
  type Model,
  recordedTokens,
  type Scenario,
  type SequenceServing,
  type Slo,
  servesSequences,
  type TokenCounts,
} from '../../design/index.ts';
import { sequenceMessages } from '../messages/index.ts';
import type { BlockReader } from './blocks.ts';
import { bug } from './bug.ts';
import { replaceFix } from './fixes.ts';
import { storedFormat } from './modes.ts';
import { parallelOf, reportMissingLinks } from './parallel.ts';
import type { Reporter } from './reporter.ts';
import type { Settings } from './settings.ts';
import { sharedPrefixOf } from './shared-prefix.ts';

/* The serving of language models: token counts, limits of a step and the KV cache. */

const requestBatchProperties = ['max', 'timeout'] as const;
const stepProperties = ['sequences', 'tokens', 'chunked', 'buckets'] as const;

/**
 * The serving of a model that is open in tokens. undefined: the model is closed, or there was an error. `hasError`: whether there was one.
 */
export function sequencesOf(
  settings: Settings,
  model: Model,
  arrivals: Arrivals,
  slos: readonly Slo[],
  reader: BlockReader,
  accepts: readonly CaveatCode[],
): { readonly sequences?: SequenceServing; readonly hasError: boolean } {
  const { reporter } = reader;
  const before = reporter.count;
  if (model.open === undefined) {
    reportOnlyOpen(settings, model, slos, reporter);
    return { hasError: reporter.count !== before };
  }
  const batch = settings.block('batch');
  for (const name of requestBatchProperties) {
    if (batch?.has(name) !== true) continue;
    reporter.report(batch.origin(name), sequenceMessages.requestBatch({ name, model: model.name }));
  }
  if (arrivals.kind === 'closed') {
    reporter.report(arrivals.origin, sequenceMessages.closedTraffic({ model: model.name }));
  }
  const inputTokens = countsOf('in', settings, arrivals, reader);
  const outputTokens = countsOf('out', settings, arrivals, reader);
  if (inputTokens === undefined || outputTokens === undefined || reporter.count !== before) return { hasError: true };
  const steps = batch ?? emptyBlock('batch', settings, reader);
  const kv = settings.block('kv') ?? emptyBlock('kv', settings, reader);
  const format = storedFormat(kv, 'format');
  const burst = storedFormat(kv, 'burst');
  const { warning, caveats: ofPrefix = [], ...prefix } = sharedPrefixOf(settings, inputTokens, arrivals, reporter);
  const drawn = drawnOffline(arrivals, { inputTokens, outputTokens });
  const caveats: readonly Caveat[] =
    drawn === undefined
      ? ofPrefix
      : [...ofPrefix, { code: drawn.code, text: drawn.text, origin: arrivals.origin, effect: { kind: 'any' } }];
  const buckets = bucketsOf(steps, reporter);
  const parallel = parallelOf(settings, model, reporter);
  const sequences: SequenceServing = {
    inputTokens,
    outputTokens,
    ...prefix,
    ...(caveats.length === 0 ? {} : { caveats }),
    limits: {
      sequences: steps.number('sequences'),
      tokens: steps.number('tokens'),
      chunked: steps.flag('chunked'),
      ...(buckets === undefined ? {} : { buckets }),
    },
    kv: {
      ...(format === undefined ? {} : { format }),
      ...(burst === undefined ? {} : { burst }),
      blockTokens: kv.number('block'),
      ...(kv.flag('sharing') ? {} : { isPrivate: true }),
    },
    ...(parallel === undefined ? {} : { parallel }),
  };
  const hasError = steps.broken || kv.broken || reporter.count !== before;
  // A warning is no error, so it is reported after the errors are counted.
  if (warning !== undefined && !accepts.includes(warning.code)) reporter.report(warning.origin, warning);
  if (drawn !== undefined && !accepts.includes('drawn-tokens')) reporter.report(arrivals.origin, drawn);
  return { sequences, hasError };
}

/** Offline traffic is replayed once, like a recording, although its drawn tokens differ from run to run. */
function drawnOffline(
  arrivals: Arrivals,
  tokens: Pick<SequenceServing, 'inputTokens' | 'outputTokens'>,
): Message<'drawn-tokens'> | undefined {
  if (arrivals.kind !== 'trace' || arrivals.offline !== true || !drawsTokens(tokens)) return undefined;
  return sequenceMessages.drawnOffline({ count: arrivals.timesSeconds.length });
}

/** The compiled shapes of a step. undefined: there are none. */
function bucketsOf(steps: Settings, reporter: Reporter): readonly number[] | undefined {
  if (!steps.has('buckets')) return undefined;
  const buckets = steps.numbers('buckets');
  const tokens = steps.number('tokens');
  const [largest] = buckets.slice(-1);
  if (largest === undefined || steps.broken) return undefined;
  const origin = steps.origin('buckets');
  for (const [index, after] of buckets.entries()) {
    const before = buckets[index - 1];
    if (before === undefined || before < after) continue;
    reporter.report(origin, sequenceMessages.bucketOrder({ before, after }));
    return undefined;
  }
  if (largest < tokens) reporter.report(origin, sequenceMessages.bucketTooSmall({ largest, tokens }));
  return buckets;
}

function emptyBlock(keyword: string, settings: Settings, reader: BlockReader): Settings {
  const schema = settings.schema.blocks.find((one) => one.keyword === keyword);
  return reader.empty(schema ?? bug(`no '${keyword}' in the schema`), settings.scope, settings.head);
}

/** Reports what only a language model has. */
function reportOnlyOpen(settings: Settings, { name: model }: Model, slos: readonly Slo[], reporter: Reporter): void {
  for (const keyword of ['tokens', 'kv', 'parallel']) {
    const block = settings.block(keyword);
    if (block !== undefined) reporter.report(block.head, sequenceMessages.onlyOpen({ what: keyword, model }));
  }
  const batch = settings.block('batch');
  for (const what of stepProperties) {
    if (batch?.has(what) === true) reporter.report(batch.origin(what), sequenceMessages.onlyOpen({ what, model }));
  }
  for (const slo of slos) {
    if ((slo.metric !== 'latency' && slo.metric !== 'throughput') || slo.of === undefined) continue;
    const what = slo.of === 'tokens' ? 'throughput in tokens/s' : slo.of;
    reporter.report(slo.origin, sequenceMessages.onlyOpen({ what, model }));
  }
}

/** The token counts in one direction. undefined after an error. */
function countsOf(
  direction: 'in' | 'out',
  settings: Settings,
  arrivals: Arrivals,
  { reporter }: BlockReader,
): TokenCounts | undefined {
  const block = settings.block('tokens');
  const value = block?.value(direction);
  if (block !== undefined && value !== undefined) return statedCounts(value, block, direction, reporter);
  // A wrong value is reported already.
  if (block?.has(direction) === true) return undefined;
  const recorded = recordedTokens(arrivals, direction);
  const origin = block?.head ?? settings.head;
  if (recorded === undefined || arrivals.kind !== 'trace') {
    reporter.report(origin, sequenceMessages.missingTokens({ direction }));
    return undefined;
  }
  let missing = 0;
  for (const tokens of recorded) if (!(tokens >= 1)) missing++;
  if (missing === 0) return { kind: 'recorded' };
  const { path } = arrivals;
  reporter.report(
    arrivals.origin,
    sequenceMessages.rowsWithoutTokens({ direction, count: missing, total: recorded.length, path }),
  );
  return undefined;
}

function statedCounts(
  value: NonNullable<ReturnType<Settings['value']>>,
  block: Settings,
  direction: 'in' | 'out',
  reporter: Reporter,
): TokenCounts | undefined {
  if (value.kind === 'quantity') return { kind: 'constant', tokens: value.value };
  if (value.kind !== 'form') return bug(`'${direction}' is neither a number nor a form`);
  const { form, settings } = value;
  switch (form) {
    case 'lognormal': {
      const mean = settings.number('mean');
      const sigma = settings.number('sigma');
      return settings.broken ? undefined : { kind: 'lognormal', mean, sigma };
    }
    case 'uniform': {
      const least = settings.number('least');
      const most = settings.number('most');
      if (settings.broken) return undefined;
      if (least <= most) return { kind: 'uniform', least, most };
      reporter.report(block.origin(direction), sequenceMessages.reversedRange({ least, most }));
      return undefined;
    }
    case 'empirical': {
      const values = settings.numbers('values');
      return settings.broken ? undefined : { kind: 'empirical', values };
    }
    default:
      return bug(`no token counts '${form}'`);
  }
}

/**
 * Reports what a scenario with a language model cannot have yet: other serves, several chips, and orders other than first in, first out.
 * Returns whether the scenario can be simulated.
 */
export function checkSequenceScenario(scenario: Scenario, settings: Settings, reporter: Reporter): boolean {
  const serve = scenario.serves.find(servesSequences);
  if (serve === undefined) return true;
  const before = reporter.count;
  const model = serve.model.name;
  for (const other of scenario.serves) {
    if (other !== serve) reporter.report(other.origin, sequenceMessages.oneServe({ model, other: other.name }));
  }
  if (scenario.chips > 1) {
    const origin = settings.origin('chips');
    const message = sequenceMessages.oneChip({ model, chips: scenario.chips });
    reporter.report(origin, message, { fixes: [replaceFix(origin, '1')] });
  }
  reportMissingLinks(scenario, serve, reporter);
  const schedulers = [scenario.scheduler, ...scenario.compare.map((variant) => variant.scheduler)];
  for (const { name, order, preemption, burst, origin } of new Set(schedulers)) {
    if (order !== 'fifo') reporter.report(origin, sequenceMessages.otherOrder({ name, order, model }));
    if (preemption !== 'none') reporter.report(origin, sequenceMessages.layerPreemption({ name, model }));
    switch (burst.kind) {
      case 'never':
      case 'always':
      case 'queue':
      case 'slack':
        break;
      case 'oracle':
        reporter.report(origin, sequenceMessages.oracle({ name, model }));
        break;
      default:
        assertNever(burst);
    }
  }
  return reporter.count === before;
}
