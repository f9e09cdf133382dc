import { type MessageRegistry, message, oneOf, traceCutText, words } from '../../design/index.ts';
import { didYouMean } from './wording.ts';

/** Scenarios: what they serve, compare, and limit. */
export const scenarioMessages = {
  twoSchedulers: message(
    'duplicate-block',
    ({ name }: { name: string }) => `Scenario '${name}' has two schedulers. Remove one of them.`,
  ),
  missingServeLabel: message('unexpected-value', "Expected a name after 'as'."),
  missingServedModel: message('missing-name', "Expected the name of a model after 'serve'."),
  duplicateServe: message(
    'duplicate-serve',
    ({ name, model }: { name: string; model: string }) =>
      `'${name}' is served twice. Give one of the two a label: 'serve ${model} as Other { ... }'.`,
  ),
  limitedTwice: message(
    'duplicate-property',
    ({ objective }: { objective: string }) =>
      `This 'slo' has two limits for '${objective}'. Only the stricter limit has an effect: remove the other one.`,
    'warning',
  ),
  unknownAccuracy: message(
    'no-accuracy',
    ({ model }: { model: string }) =>
      `Model '${model}' states no accuracy, so this objective cannot be checked. Add 'accuracy { ... }' to the model.`,
  ),
  missingAccuracy: message(
    'no-accuracy',
    ({ model, npu, mode, key }: { model: string; npu: string; mode: string; key: string }) =>
      `Model '${model}' states no accuracy for ${key}, the formats of ${mode} mode of '${npu}', so this objective cannot be checked. ` +
      `Add '${key}: ... %' to the 'accuracy' block of the model.`,
  ),
  cutTrace: message('trace-cut', (cut: { path: string; replayed: number; total: number; serve: string }) =>
    traceCutText(cut),
  ),
  unknownZone: message(
    'trace-zone',
    ({ path, other }: { path: string; other: string }) =>
      `The dates in '${path}' have no time zone, and the times in '${other}' have one. The dates are read as UTC, so the two traces can be hours apart. Write the offset from UTC in each row, or accept it: accept { trace-zone: yes } in the scenario.`,
  ),
  mixedPaces: message(
    'unexpected-value',
    ({ own, other }: { own: string; other: string }) =>
      `The requests of '${own}' wait for the chips, and those of '${other}' arrive in another way. Such traffic cannot share a scenario, ` +
      `because no load describes both. Put the two in separate scenarios.`,
  ),
  queryLargerThanBatch: message(
    'out-of-range',
    ({ requests, max }: { requests: number; max: number }) =>
      `A query has ${requests} requests, but a batch has room for ${max}. A query runs as one batch: write 'batch { max: ${requests} }'.`,
  ),
  oracleOfLoop: message(
    'unexpected-value',
    ({ scheduler }: { scheduler: string }) =>
      `Scheduler '${scheduler}' uses the policy 'oracle', which needs all arrival times in advance. In a closed loop they depend on the chips. ` +
      `Use another burst policy.`,
  ),
  notComparable: message(
    'unexpected-value',
    "'compare' needs npus, such as TPUv4i, or npus with another scheduler, such as 'TPUv4i with always-burst'.",
  ),
  missingChange: message('unexpected-value', "Expected a scheduler or a burst policy after 'with'."),
  backwardsLimit: message(
    'wrong-operator',
    ({ metric, operator }: { metric: string; operator: string }) =>
      `A limit for '${metric}' is ${operator === '<=' ? 'a maximum' : 'a minimum'}. Write '${operator}'.`,
  ),
  exclusiveLimit: message(
    'wrong-operator',
    ({ operator }: { operator: string }) => `A limit includes its value. Write '${operator}'.`,
  ),
  statisticAlone: message(
    'unknown-metric',
    ({ statistic }: { statistic: string }) =>
      `'${statistic}' is a statistic without a metric. Write '${statistic} latency'.`,
  ),
  unknownMetric: message(
    'unknown-metric',
    (p: { metric: string; known: readonly string[]; close: string | undefined }) =>
      `'${p.metric}' is not a metric. Expected ${oneOf(p.known)}.${didYouMean(p.close)}`,
  ),
  unexpectedStatistic: message(
    'unexpected-name',
    ({ metric }: { metric: string }) => `Only latency, ttft and tpot have statistics. Write '${metric}' alone.`,
  ),
  missingStatistic: message(
    'missing-statistic',
    ({ metric }: { metric: string }) =>
      `'${metric}' needs a statistic. Write 'p99 ${metric}', 'mean ${metric}' or 'max ${metric}'.`,
  ),
  unknownStatistic: message(
    'unknown-statistic',
    ({ metric, statistic, close }: { metric: string; statistic: string; close: string | undefined }) =>
      `'${statistic}' is not a statistic of '${metric}'. Expected a percentile such as 'p99', or 'mean' or 'max'.${didYouMean(close)}`,
  ),
  limitWithoutUnit: message(
    'missing-unit',
    (p: { metric: string; phrase: string; example: string }) =>
      `This limit has no unit. A limit for '${p.metric}' is ${p.phrase}, such as ${p.example}.`,
  ),
  limitUnitsCancel: message(
    'missing-unit',
    (p: { metric: string; phrase: string; example: string; unit: string }) =>
      `The units in '${p.unit}' cancel each other. A limit for '${p.metric}' is ${p.phrase}, such as ${p.example}.`,
  ),
  limitOfOtherUnit: message(
    'unit-mismatch',
    (p: { metric: string; phrase: string; example: string }) =>
      `This limit has the wrong unit. A limit for '${p.metric}' is ${p.phrase}, such as ${p.example}.`,
  ),
  limitOutOfRange: message(
    'out-of-range',
    (p: { metric: string; rule: string; value: string; close: string | undefined }) =>
      `The limit for '${p.metric}' is ${p.value}. It must be ${p.rule}.${didYouMean(p.close)}`,
  ),
} satisfies MessageRegistry;

/** Notes at related places. */
export const scenarioNotes = {
  otherOne: words(() => 'This is the other one.'),
  otherLimit: words(() => 'This is the other limit.'),
  servedHere: words(({ name }: { name: string }) => `'${name}' is served here.`),
} as const;
