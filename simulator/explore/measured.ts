import {
  chipArea,
  chipKinds,
  type ExplorationMeasure,
  hasInterval,
  type Interval,
  type LatencySummary,
  type RunResult,
  type Scenario,
  type ServeResult,
  type TimeMeasure,
  type TimeStatistic,
  timeOf,
  totalChips,
} from '../../design/index.ts';

/** The value of a measure in the result of a run, in the unit of the measure. NaN if the run has none. `capacity` needs a search instead. */
export function measuredOf(
  measure: Exclude<ExplorationMeasure, 'capacity'>,
  { serves, averageWatts }: Pick<RunResult, 'serves' | 'averageWatts'>,
  scenario: Scenario,
): number {
  switch (measure) {
    case 'throughput':
      return sumOf(serves.map(({ completedRps }) => completedRps));
    case 'goodput':
      return sumOf(serves.map(({ goodputRps }) => goodputRps));
    case 'token throughput': {
      const rates = serves.flatMap(({ tokens }) => (tokens === undefined ? [] : [tokens.outputTokensPerSecond]));
      return rates.length === 0 ? Number.NaN : sumOf(rates);
    }
    case 'accuracy': {
      const stated = serves.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
      return stated.length === 0 ? Number.NaN : Math.min(...stated);
    }
    case 'energy':
      return energyPerRequest(serves);
    case 'power':
      return averageWatts ?? Number.NaN;
    case 'area':
      return areaOf(scenario);
    case 'chips':
      return chipsOf(scenario);
    default: {
      const time = timeOf(measure);
      return time === undefined ? Number.NaN : longest(serves, time);
    }
  }
}

const unknown: Interval = { low: Number.NaN, high: Number.NaN };

/**
 * The confidence interval of a measure of a run that has `intervals`. Of a time, that of the serve with the longest one. NaN if the run states
 * none. A rate of several serves has none, because their rates depend on each other.
 */
export function intervalOf(
  measure: Exclude<ExplorationMeasure, 'capacity'>,
  { serves }: Pick<RunResult, 'serves'>,
  value: number,
): Interval {
  const time = timeOf(measure);
  const [first] = serves;
  if (Number.isNaN(value) || first === undefined || (time === undefined && serves.length > 1)) return unknown;
  const serve = time === undefined ? first : (serves.find((one) => timeValue(one, time) === value) ?? first);
  const { intervals } = serve;
  if (intervals === undefined || !hasInterval(measure)) return unknown;
  if (intervals === 'exact') return { low: value, high: value };
  if (time !== undefined) {
    const times = time.time === 'latency' ? intervals.latency : intervals.tokens?.[time.time];
    return times?.[time.statistic] ?? unknown;
  }
  switch (measure) {
    case 'throughput':
    case 'goodput':
    case 'accuracy':
      return intervals[measure];
    case 'token throughput':
      return intervals.tokens?.throughput ?? unknown;
    default:
      return unknown;
  }
}

function timeValue({ latency, tokens }: ServeResult, { statistic, time }: TimeMeasure): number | undefined {
  const summary = time === 'latency' ? latency : tokens?.[time];
  return summary?.[fields[statistic]];
}

/** Square metres of all chips. NaN without a figure for each part. */
export function areaOf(scenario: Scenario): number {
  const each = parallelChips(scenario);
  return sumOf(chipKinds(scenario).map(({ npu, chips }) => (chipArea(npu)?.squareMetres ?? Number.NaN) * chips * each));
}

/** All chips, with those that divide a language model. */
export function chipsOf(scenario: Scenario): number {
  return totalChips(scenario) * parallelChips(scenario);
}

/** The chips that divide a language model; 1 for other networks. */
function parallelChips({ serves }: Scenario): number {
  return Math.max(1, ...serves.map(({ sequences }) => sequences?.parallel?.chips ?? 1));
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

const fields: Readonly<Record<TimeStatistic, keyof LatencySummary>> = {
  mean: 'mean',
  p50: 'p50',
  p90: 'p90',
  p95: 'p95',
  p99: 'p99',
  'p99.9': 'p999',
  max: 'max',
};

/** The value of the serve with the longest time. NaN if a serve that has this time measured none. */
function longest(serves: readonly ServeResult[], { statistic, time }: TimeMeasure): number {
  const summaries = serves.flatMap(({ latency, tokens }) => {
    if (time === 'latency') return [latency];
    return tokens === undefined ? [] : [tokens[time]];
  });
  return summaries.length === 0 ? Number.NaN : Math.max(...summaries.map((one) => one[fields[statistic]]));
}

/** The mean energy of all requests. With one serve, it is exactly the value of this serve. */
function energyPerRequest(serves: readonly ServeResult[]): number {
  const served = serves.filter(({ counts }) => counts.completed > 0);
  const [first, ...others] = served.map(({ energyJoulesPerRequest }) => energyJoulesPerRequest ?? Number.NaN);
  if (first === undefined || others.length === 0) return first ?? Number.NaN;
  let joules = 0;
  let requests = 0;
  for (const { energyJoulesPerRequest, counts } of served) {
    joules += (energyJoulesPerRequest ?? Number.NaN) * counts.completed;
    requests += counts.completed;
  }
  return joules / requests;
}
