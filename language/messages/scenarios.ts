import { type MessageRegistry, message, oneOf, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Scenarios: what they serve, compare, and limit. */
export const scenarioMessages = {
  twoSchedulers: message('duplicate-block', ({ name }: { name: string }) => `scenario '${name}' has two schedulers`),
  missingServeLabel: message('unexpected-value', "expected a name after 'as'"),
  missingServedModel: message('missing-name', "expected the name of a model after 'serve'"),
  duplicateServe: message(
    'duplicate-serve',
    ({ name, model }: { name: string; model: string }) =>
      `'${name}' is served twice: give one of them a label, 'serve ${model} as Other { ... }'`,
  ),
  limitedTwice: message(
    'duplicate-property',
    ({ objective }: { objective: string }) =>
      `'${objective}' is limited twice in one 'slo': the stricter limit decides`,
    'warning',
  ),
  unknownAccuracy: message(
    'no-accuracy',
    ({ model }: { model: string }) =>
      `model '${model}' states no accuracy, so this cannot be judged: give it 'accuracy { ... }'`,
  ),
  cutTrace: message(
    'trace-cut',
    ({ path, replayed, total }: { path: string; replayed: number; total: number }) =>
      `the run ends before the trace: it replays ${replayed} of the ${total} requests in '${path}'. Remove 'duration' to replay all of them`,
  ),
  notComparable: message('unexpected-value', "'compare' takes npus, such as TPUv4i, or 'Npu with scheduler'"),
  missingChange: message('unexpected-value', "expected a scheduler or a burst policy after 'with'"),
  backwardsLimit: message(
    'wrong-operator',
    ({ metric, operator }: { metric: string; operator: string }) =>
      `'${metric}' is limited from ${operator === '<=' ? 'above' : 'below'}: expected '${operator}'`,
  ),
  exclusiveLimit: message(
    'wrong-operator',
    ({ operator }: { operator: string }) => `limits are inclusive: expected '${operator}'`,
  ),
  statisticAlone: message(
    'unknown-metric',
    ({ statistic }: { statistic: string }) => `'${statistic}' of what? expected '${statistic} latency'`,
  ),
  unknownMetric: message(
    'unknown-metric',
    (p: { metric: string; known: readonly string[]; close: string | undefined }) =>
      `'${p.metric}' is nothing that is measured: expected ${oneOf(p.known)}${didYouMean(p.close)}`,
  ),
  unexpectedStatistic: message(
    'unexpected-name',
    ({ metric }: { metric: string }) => `'${metric}' takes nothing before it`,
  ),
  missingStatistic: message(
    'missing-statistic',
    "which latency? expected 'p99 latency', 'mean latency' or 'max latency'",
  ),
  unknownStatistic: message(
    'unknown-statistic',
    ({ statistic, close }: { statistic: string; close: string | undefined }) =>
      `'${statistic}' is no latency statistic: expected a percentile such as 'p99', 'mean' or 'max'${didYouMean(close)}`,
  ),
  limitWithoutUnit: message(
    'missing-unit',
    (p: { metric: string; phrase: string; example: string }) => `'${p.metric}' is ${p.phrase}, such as ${p.example}`,
  ),
  limitUnitsCancel: message(
    'missing-unit',
    (p: { metric: string; phrase: string; example: string; unit: string }) =>
      `'${p.metric}' is ${p.phrase}, such as ${p.example}; the units of '${p.unit}' cancel`,
  ),
  limitOfOtherUnit: message(
    'unit-mismatch',
    (p: { metric: string; phrase: string; example: string }) => `'${p.metric}' is ${p.phrase}, such as ${p.example}`,
  ),
  limitOutOfRange: message(
    'out-of-range',
    (p: { metric: string; rule: string; value: string; close: string | undefined }) =>
      `a limit on '${p.metric}' is ${p.rule}; this is ${p.value}${
        p.close === undefined ? '' : `; did you mean ${p.close}?`
      }`,
  ),
} satisfies MessageRegistry;

/** Related places. */
export const scenarioNotes = {
  otherOne: words(() => 'the other one'),
  otherLimit: words(() => 'the other limit'),
  servedHere: words(({ name }: { name: string }) => `'${name}' is served here`),
} as const;
