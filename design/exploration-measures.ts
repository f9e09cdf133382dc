import { type Measure, measures, valueText } from './measures.ts';

/*
 * The measures of a design of an exploration: what goals and constraints name. A measure of time is a statistic of one of three times.
 */

/** The statistics of a time that every run has. */
export const timeStatistics = ['mean', 'p50', 'p90', 'p95', 'p99', 'p99.9', 'max'] as const;
export type TimeStatistic = (typeof timeStatistics)[number];

/** From arrival to completion; for a language model also to the first token, and for each token after it. */
export const exploredTimes = ['latency', 'ttft', 'tpot'] as const;
export type ExploredTime = (typeof exploredTimes)[number];

type PlainMeasure =
  | 'capacity'
  | 'throughput'
  | 'goodput'
  | 'token throughput'
  | 'accuracy'
  | 'energy'
  | 'power'
  | 'area'
  | 'chips';

/**
 * `capacity`, `throughput`, `goodput`: requests per second of all models together. `token throughput`: output tokens per second of all
 * language models together. A time: seconds, of the serve with the longest one; `latency` is the 99th percentile. `accuracy`: fraction
 * of 1, of the serve with the lowest one. `energy`: joules per request. `power`: watts of all chips. `area`: square metres of all chips.
 * `chips`: their number.
 */
export type ExplorationMeasure = PlainMeasure | 'latency' | Exclude<`${TimeStatistic} ${ExploredTime}`, 'p99 latency'>;

const plainMeasures: Readonly<Record<PlainMeasure, Measure>> = {
  capacity: measures.capacity,
  throughput: measures.throughput,
  goodput: measures.goodput,
  'token throughput': measures.tokenThroughput,
  accuracy: measures.accuracy,
  energy: measures.energy,
  power: measures.power,
  area: measures.area,
  chips: measures.chips,
};

/** A measure of time, by its parts. */
export interface TimeMeasure {
  readonly statistic: TimeStatistic;
  readonly time: ExploredTime;
}

const timeMeasures: ReadonlyMap<string, TimeMeasure> = new Map(
  exploredTimes.flatMap((time) =>
    timeStatistics.map((statistic) => [timeMeasure({ statistic, time }), { statistic, time }] as const),
  ),
);

/** The name of a measure of time: `p99.9 latency`. `latency` alone is the 99th percentile. */
export function timeMeasure({ statistic, time }: TimeMeasure): ExplorationMeasure {
  const name = `${statistic} ${time}` as const;
  return name === 'p99 latency' ? 'latency' : name;
}

/** The parts of a measure of time. undefined for all other measures. */
export function timeOf(measure: ExplorationMeasure): TimeMeasure | undefined {
  return timeMeasures.get(measure);
}

const latencies: Readonly<Record<TimeStatistic, Measure>> = {
  mean: measures.meanLatency,
  p50: measures.p50Latency,
  p90: measures.p90Latency,
  p95: measures.p95Latency,
  p99: measures.p99Latency,
  'p99.9': measures.p999Latency,
  max: measures.maxLatency,
};

const shownTimes: Readonly<Record<ExploredTime, string>> = { latency: 'latency', ttft: 'TTFT', tpot: 'TPOT' };

/** The name, the unit and the key of a goal in files. */
export function goalMeasure(goal: ExplorationMeasure): Measure {
  const time = timeOf(goal);
  if (time === undefined) return plainMeasures[goal as PlainMeasure];
  const latency = latencies[time.statistic];
  if (time.time === 'latency') return latency;
  const shown = shownTimes[time.time];
  const name = `${time.statistic === 'max' ? 'largest' : time.statistic} ${shown}`;
  return {
    ...latency,
    name,
    short: name,
    key: latency.key.replace('Latency', shown[0] + shown.slice(1).toLowerCase()),
  };
}

/** The value of a goal with its unit. */
export function goalText(goal: ExplorationMeasure, value: number, digits?: number): string {
  return valueText(goalMeasure(goal), value, digits);
}

/** Reads the name of a measure. undefined if there is none with this name. */
export function readMeasure(name: string): ExplorationMeasure | undefined {
  if (timeMeasures.has(name)) return name as ExplorationMeasure;
  return Object.hasOwn(plainMeasures, name) ? (name as PlainMeasure) : undefined;
}

const moreIsBetter: ReadonlySet<ExplorationMeasure> = new Set<PlainMeasure>([
  'capacity',
  'throughput',
  'goodput',
  'token throughput',
  'accuracy',
]);

/** Whether a constraint on this measure gives the smallest value (`throughput >= 1000 rps`), because more is better. */
export function isLowerLimit(measure: ExplorationMeasure): boolean {
  return moreIsBetter.has(measure);
}

const unitEnding = /(Seconds|Rps|PerSecond|Fraction|Joules\w*|Watts|Meters|Count)$/u;

/** The keys of the ends of the confidence interval of a measure in files: `p99LatencyLowSeconds`. */
export function intervalKeys(measure: ExplorationMeasure): { readonly low: string; readonly high: string } {
  const { key } = goalMeasure(measure);
  const withEnd = (end: string): string => {
    const at = key.search(unitEnding);
    return at < 0 ? `${key}${end}` : `${key.slice(0, at)}${end}${key.slice(at)}`;
  };
  return { low: withEnd('Low'), high: withEnd('High') };
}

const withoutInterval: ReadonlySet<ExplorationMeasure> = new Set<PlainMeasure>(['energy', 'power', 'area', 'chips']);

/** Whether a run states a confidence interval for this measure. The others are exact, or come from the run without an interval. */
export function hasInterval(measure: ExplorationMeasure): boolean {
  return !withoutInterval.has(measure);
}

/**
 * The measures that a run gives in addition to those of the goals. The capacity is not one of them, because it needs a search. `hasTokens`: the
 * scenario serves a language model.
 */
export function furtherMeasures(
  goals: readonly { readonly measure: ExplorationMeasure }[],
  hasTokens: boolean,
): readonly ExplorationMeasure[] {
  const times = exploredTimes.filter((time) => time === 'latency' || hasTokens);
  const all: readonly ExplorationMeasure[] = [
    'throughput',
    'goodput',
    ...(hasTokens ? (['token throughput'] as const) : []),
    ...times.flatMap((time) => timeStatistics.map((statistic) => timeMeasure({ statistic, time }))),
    'accuracy',
    'energy',
    'power',
    'area',
    'chips',
  ];
  const named = new Set(goals.map(({ measure }) => measure));
  return all.filter((measure) => !named.has(measure));
}
