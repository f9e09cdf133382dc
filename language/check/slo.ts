import { assertNever, type LatencyStatistic, quoted, type Slo, type TokenTime } from '../../design/index.ts';
import { scenarioMessages } from '../messages/index.ts';
import { bounds, metricWords, type WordSchema } from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import { type Constraint, displayText, type Name } from '../syntax/index.ts';
import {
  type DimensionName,
  dimensions,
  dimensionWords,
  formatPercent,
  formatQuantity,
  sameDimension,
} from '../units/index.ts';
import { originOf } from './checked-file.ts';
import type { Evaluator } from './evaluate.ts';
import { fixesTo, replaceFix } from './fixes.ts';
import type { Reporter } from './reporter.ts';
import type { Scope } from './scope.ts';
import { unitsFor } from './unit-offers.ts';

/** Reads one line of an `slo` block. undefined after an error, which is reported. */
export function buildSlo(node: Constraint, scope: Scope, evaluator: Evaluator, reporter: Reporter): Slo | undefined {
  const metric = readMetric(node, scope, reporter);
  if (metric === undefined) return undefined;
  const { row, statistic } = metric;
  const isBackwards = node.operator.text.startsWith('<') !== row.operator.startsWith('<');
  if (node.operator.text !== row.operator) {
    const origin = originOf(scope.file, node.operator);
    const { name: metricName, operator } = row;
    const message = isBackwards
      ? scenarioMessages.backwardsLimit({ metric: metricName, operator })
      : scenarioMessages.exclusiveLimit({ operator });
    reporter.report(origin, message, {
      fixes: [replaceFix(origin, row.operator)],
    });
  }
  const read = readLimit(node, row, scope, evaluator, reporter);
  if (read === undefined) return undefined;
  const { limit } = read;
  const origin = originOf(scope.file, node);
  const text = displayText(scope.file.tree, node.start, node.end);
  switch (row.name) {
    case 'latency':
      return statistic && { metric: 'latency', statistic, limitSeconds: limit, text, origin };
    case 'ttft':
    case 'tpot':
      return statistic && { metric: 'latency', of: row.name, statistic, limitSeconds: limit, text, origin };
    case 'throughput':
      return {
        metric: 'throughput',
        ...(read.dimension === 'tokenRate' ? { of: 'tokens' } : {}),
        limitPerSecond: limit,
        text,
        origin,
      };
    case 'accuracy':
      return { metric: 'accuracy', limit, text, origin };
    case 'goodput':
      return { metric: 'goodput', limitPerSecond: limit, text, origin };
    default:
      return assertNever(row);
  }
}

type Row = (typeof metricWords)[number];

/** The objectives that limit a statistic of a time. */
type TimeName = 'latency' | TokenTime;

function isTime(name: Row['name']): name is TimeName {
  return name === 'latency' || name === 'ttft' || name === 'tpot';
}

function readMetric(
  node: Constraint,
  scope: Scope,
  reporter: Reporter,
): { readonly row: Row; readonly statistic: LatencyStatistic | undefined } | undefined {
  const last = node.words.at(-1);
  const before = node.words.slice(0, -1);
  const names = metricWords.map((word) => word.name);
  if (last === undefined) return undefined;
  const row = metricWords.find((word) => word.name === last.text);
  const origin = originOf(scope.file, last);
  if (row === undefined) {
    if (readStatistic(last) !== undefined && before.length === 0) {
      reporter.report(origin, scenarioMessages.statisticAlone({ statistic: last.text }), {
        fixes: [replaceFix(origin, `${last.text} latency`)],
      });
      return undefined;
    }
    const close = suggest(last.text, names);
    reporter.report(origin, scenarioMessages.unknownMetric({ metric: last.text, known: names, close }), {
      fixes: fixesTo(origin, close),
    });
    return undefined;
  }
  scope.file.facts.push({ kind: 'word', start: last.start, end: last.end, word: row });
  const [first, extra] = before;
  if (!isTime(row.name)) {
    if (first === undefined) return { row, statistic: undefined };
    reporter.report(originOf(scope.file, first), scenarioMessages.unexpectedStatistic({ metric: row.name }));
    return undefined;
  }
  if (first === undefined) {
    const message = scenarioMessages.missingStatistic({ metric: row.name });
    reporter.report(origin, message, { fixes: [replaceFix(origin, `p99 ${row.name}`)] });
    return undefined;
  }
  const statistic = readStatistic(first);
  if (statistic === undefined || extra !== undefined) {
    const wrong = originOf(scope.file, extra ?? first);
    const close = suggest(first.text, ['p50', 'p90', 'p99', 'p99.9', 'mean', 'max']);
    const message = scenarioMessages.unknownStatistic({
      metric: row.name,
      statistic: (extra ?? first).text,
      close,
    });
    reporter.report(wrong, message, { fixes: fixesTo(wrong, close) });
    return undefined;
  }
  scope.file.facts.push({
    kind: 'word',
    start: first.start,
    end: first.end,
    word: statisticWord(first, statistic, row.name),
  });
  return { row, statistic };
}

function readStatistic(name: Name): LatencyStatistic | undefined {
  if (name.text === 'mean' || name.text === 'max') return { kind: name.text };
  const percent = /^p(\d{1,2}(?:\.\d{1,6})?)$/u.exec(name.text)?.[1];
  if (percent === undefined || Number(percent) === 0) return undefined;
  // 99.9 / 100 is not the double nearest to 0.999. Rounding to twelve digits gives that double.
  return { kind: 'percentile', fraction: Number((Number(percent) / 100).toPrecision(12)) };
}

/** The name and the hover text of a statistic. */
function statisticWord({ text }: Name, statistic: LatencyStatistic, time: TimeName): WordSchema {
  switch (statistic.kind) {
    case 'mean':
      return { name: text, documentation: 'The average over all measured requests.' };
    case 'max':
      return { name: text, documentation: `The largest ${timeWords[time]} of all measured requests.` };
    case 'percentile': {
      const share = formatPercent(statistic.fraction);
      return { name: text, documentation: percentileText(share, time) };
    }
  }
}

const timeWords: Readonly<Record<TimeName, string>> = {
  latency: 'latency',
  ttft: 'time to first token',
  tpot: 'time per output token',
};

function percentileText(share: string, time: TimeName): string {
  switch (time) {
    case 'latency':
      return `${share} of the requests finish within this time after their arrival.`;
    case 'ttft':
      return `${share} of the requests get their first token within this time after their arrival.`;
    case 'tpot':
      return `${share} of the requests with two or more tokens take at most this time for each token after the first.`;
    default:
      return assertNever(time);
  }
}

function readLimit(
  node: Constraint,
  row: Row,
  scope: Scope,
  evaluator: Evaluator,
  reporter: Reporter,
): { readonly limit: number; readonly dimension: DimensionName } | undefined {
  const value = evaluator.evaluate(node.limit, scope);
  if (value === undefined) return undefined;
  const origin = originOf(scope.file, node.limit);
  const allowed: readonly DimensionName[] = 'also' in row ? [row.dimension, row.also] : [row.dimension];
  const written = value.kind === 'quantity' ? value.dimension : undefined;
  const dimension = allowed.find((one) => written !== undefined && sameDimension(written, dimensions[one]));
  if (value.kind !== 'quantity' || dimension === undefined) {
    const { phrase, example } = dimensionWords[row.dimension];
    const isBare = value.kind === 'quantity' && sameDimension(value.dimension, dimensions.number);
    const literal = node.limit.kind === 'quantity' ? node.limit.digits : undefined;
    const unit = node.limit.kind === 'quantity' ? node.limit.unit?.text : undefined;
    const facts = { metric: row.name, phrase, example };
    const message = !isBare
      ? scenarioMessages.limitOfOtherUnit(facts)
      : unit?.includes('/') === true
        ? scenarioMessages.limitUnitsCancel({ ...facts, unit })
        : scenarioMessages.limitWithoutUnit(facts);
    const units = literal === undefined ? [] : unitsFor({ kind: 'quantity', dimensions: [row.dimension] }).slice(0, 3);
    reporter.report(origin, message, {
      fixes: units.map((unit) => {
        const newText = `${literal} ${unit}`;
        return { title: `Write ${quoted(newText)}`, edits: [{ origin, newText }] };
      }),
    });
    return undefined;
  }
  scope.file.facts.push({
    kind: 'value',
    start: node.limit.start,
    end: node.limit.end,
    value: value.value,
    dimension: value.dimension,
  });
  const isShare = row.name === 'accuracy';
  const { minimum, maximum } = row.dimension === 'time' ? bounds.time : bounds.rate;
  const isAllowed = isShare ? value.value > 0 && value.value <= 1 : value.value >= minimum && value.value <= maximum;
  if (isAllowed) return { limit: value.value, dimension };
  const show = (limit: number): string => formatQuantity(limit, value.dimension);
  const rule = isShare ? 'from 0 % to 100 %' : `from ${show(minimum)} to ${show(maximum)}`;
  const shown = isShare ? formatPercent(value.value) : show(value.value);
  const isPercent =
    node.limit.kind === 'quantity' && node.limit.unit === undefined && value.value > 1 && value.value <= 100;
  const percent = node.limit.kind === 'quantity' ? `${node.limit.digits} %` : '';
  const close = isShare && isPercent ? percent : undefined;
  const message = scenarioMessages.limitOutOfRange({ metric: row.name, rule, value: shown, close });
  reporter.report(origin, message, { fixes: fixesTo(origin, close) });
  return undefined;
}
