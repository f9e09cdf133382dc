import { formatArea } from './area.ts';
import { formatPercentileSeconds } from './latency-floor.ts';
import { formatNumber, formatPercent, formatQuantity, formatRate, formatSeconds } from './quantity-text.ts';
import type { Slo } from './scenario.ts';

/* Everything that a result measures: one table for diagnostics, panel, terminal, JSON and exported files. */

/** The unit of a measure: always an SI base unit or a fraction of 1. */
export type MeasureUnit =
  | 'seconds'
  | 'rps'
  | 'tokens per second'
  | 'fraction'
  | 'joules'
  | 'watts'
  | 'square metres'
  | 'number';

export interface Measure {
  /** In sentences and wide tables. */
  readonly name: string;
  /** In narrow columns and legends. */
  readonly short: string;
  /** In JSON and CSV: the measure and its unit. */
  readonly key: string;
  readonly unit: MeasureUnit;
  /** Significant digits that a reader can use. */
  readonly digits: number;
  /** A percentile of latency, which may be only an upper bound (latency-floor.ts). */
  readonly isPercentile?: true;
}

/** Latencies have a confidence interval of some per cent: three digits show it. */
function latency(short: string, key: string, name = `${short} latency`): Measure {
  return { name, short, key: `${key}LatencySeconds`, unit: 'seconds', digits: 3 };
}

function percentile(short: string, key: string): Measure {
  return { ...latency(short, key), isPercentile: true };
}

/** Requests per second: four digits, so that rates below 1,000 rps keep a digit behind the point. */
function rate(name: string, short: string, key: string): Measure {
  return { name, short, key: `${key}Rps`, unit: 'rps', digits: 4 };
}

export const measures = {
  offeredLoad: rate('offered load', 'offered', 'offeredLoad'),
  throughput: rate('throughput', 'completed', 'throughput'),
  goodput: rate('goodput', 'in time', 'goodput'),
  capacity: rate('capacity', 'capacity', 'capacity'),
  /** Output tokens of finished requests. */
  tokenThroughput: {
    name: 'token throughput',
    short: 'tokens',
    key: 'outputTokensPerSecond',
    unit: 'tokens per second',
    digits: 4,
  },
  meanLatency: latency('mean', 'mean'),
  p50Latency: percentile('p50', 'p50'),
  p90Latency: percentile('p90', 'p90'),
  p95Latency: percentile('p95', 'p95'),
  p99Latency: percentile('p99', 'p99'),
  p999Latency: percentile('p99.9', 'p999'),
  maxLatency: latency('max', 'max', 'largest latency'),
  /** Of a language model: the time to the first token, and the time per token after it. */
  p99Ttft: { name: 'p99 TTFT', short: 'TTFT', key: 'p99TtftSeconds', unit: 'seconds', digits: 3, isPercentile: true },
  p99Tpot: { name: 'p99 TPOT', short: 'TPOT', key: 'p99TpotSeconds', unit: 'seconds', digits: 3, isPercentile: true },
  meanBatch: { name: 'mean batch', short: 'batch', key: 'meanBatchSize', unit: 'number', digits: 3 },
  /** Of the requests that a chip in burst mode served, in part at least. */
  burstShare: { name: 'requests in burst mode', short: 'burst', key: 'burstFraction', unit: 'fraction', digits: 3 },
  /** Accuracies of base and burst mode differ by tenths of a per cent. */
  accuracy: { name: 'accuracy', short: 'accuracy', key: 'accuracyFraction', unit: 'fraction', digits: 4 },
  energy: {
    name: 'energy per request',
    short: 'energy',
    key: 'energyJoulesPerRequest',
    unit: 'joules',
    digits: 3,
  },
  power: { name: 'average power', short: 'power', key: 'averagePowerWatts', unit: 'watts', digits: 3 },
  area: { name: 'area', short: 'area', key: 'areaSquareMeters', unit: 'square metres', digits: 3 },
  chips: { name: 'chips', short: 'chips', key: 'chipCount', unit: 'number', digits: 3 },
  duration: { name: 'simulated time', short: 'simulated', key: 'durationSeconds', unit: 'seconds', digits: 3 },
} as const satisfies Readonly<Record<string, Measure>>;

export type MeasureName = keyof typeof measures;

/** A value with its unit: "15.2 ms". A dash where nothing was measured (NaN). */
export function measureText(name: MeasureName, value: number, digits: number = measures[name].digits): string {
  return valueText(measures[name], value, digits);
}

/** The same for a measure that is not in the table. */
export function valueText(measure: Measure, value: number, digits: number = measure.digits): string {
  return measure.isPercentile ? formatPercentileSeconds(value, digits) : unitText(measure.unit, value, digits);
}

function unitText(unit: MeasureUnit, value: number, digits: number): string {
  switch (unit) {
    case 'seconds':
      return formatSeconds(value, digits);
    case 'rps':
      return formatRate(value, digits);
    case 'tokens per second':
      return `${formatNumber(value, digits)} tokens/s`;
    case 'fraction':
      return formatPercent(value, digits);
    case 'joules':
      return formatQuantity(value, 'J', digits);
    case 'watts':
      return formatQuantity(value, 'W', digits);
    case 'square metres':
      return formatArea(value);
    case 'number':
      return formatNumber(value, digits);
  }
}

const metricMeasures = {
  latency: 'meanLatency',
  accuracy: 'accuracy',
  throughput: 'throughput',
  goodput: 'goodput',
} as const satisfies Readonly<Record<Slo['metric'], MeasureName>>;

/** The measure that gives an objective its unit and its digits. A limit on latency is exact, unlike a measured percentile. */
export function objectiveMeasure(slo: Slo): MeasureName {
  return slo.metric === 'throughput' && slo.of === 'tokens' ? 'tokenThroughput' : metricMeasures[slo.metric];
}
