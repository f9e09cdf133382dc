import type { ServeResult, SloOutcome } from '../../../protocol/index.ts';
import {
  formatNumber,
  formatPercentileSeconds,
  formatSeconds,
  measures,
  measureText,
} from '../../../protocol/index.ts';
import type { Shown } from '../../model/shown.ts';
import { lateIn, latencyOutcomes, rateOver, ratesOf } from '../../model/shown.ts';
import { type BucketSpan, meanIn, rangeIn } from '../../model/time-span.ts';
import { latencyFinding, queueFinding, throughputFinding } from '../../text/findings.ts';
import { latencySpanFinding, queueSpanFinding, throughputSpanFinding } from '../../text/span-findings.ts';
import { lineDashes } from '../line-dashes.ts';
import type { SwatchName } from '../swatches.ts';
import type { Palette } from '../theme.ts';
import { withAlpha } from '../theme.ts';
import type { LegendEntry } from './legend.ts';
import type { TimeFigureSpec } from './time-figure.ts';

/* Latency, throughput and queue over time. Their lines have the colour of the text, because other colours mark the modes. */

/** If the largest value is more times the limit (or the median) than this, a linear axis would hide values near the limit. */
const logarithmicRatio = 12;

export const latencySpec: TimeFigureSpec = {
  id: 'latency',
  title: 'Latency',
  showsRequests: true,
  plot: (shown, palette) => {
    const { series, latency } = shown.serve;
    const outcomes = latencyOutcomes(shown.serve);
    const limit = outcomes[0]?.limit;
    return {
      title: 'latency',
      lines: [
        {
          values: series.maxSeconds,
          merge: 'largest',
          color: withAlpha(palette.muted, 0.75),
          width: 1,
          dash: lineDashes.dot,
        },
        {
          values: series.p99Seconds,
          color: palette.text,
          width: 1.25,
          ...(limit === undefined ? {} : { fill: { color: withAlpha(palette.limit, 0.3), above: limit } }),
        },
        { values: series.p50Seconds, color: withAlpha(palette.muted, 0.8), width: 1, dash: lineDashes.dash },
      ],
      format: (value) => formatSeconds(value),
      logarithmicAbove: logarithmicRatio * (limit ?? latency.p50 * 4),
      ...(limit === undefined ? {} : { suggestedMax: limit * 1.15 }),
      limits: outcomes.map((outcome) => ({ axis: 'y', value: outcome.limit })),
    };
  },
  legend: ({ serve }, span) => {
    const { series, latency } = serve;
    // The percentile of several buckets is unknown, but not the range of their percentiles.
    const entry = (key: string, swatch: SwatchName, values: Float64Array, whole: number): LegendEntry => {
      const { low, high } = span === null ? { low: whole, high: whole } : rangeIn(values, span);
      const text = formatPercentileSeconds(high);
      const isRange = low < high && formatPercentileSeconds(low) !== text;
      return {
        key,
        label: key,
        swatch,
        value: high,
        text: isRange ? `${formatPercentileSeconds(low)} to ${text}` : text,
      };
    };
    const most = span === null ? latency.max : rangeIn(series.maxSeconds, span).high;
    return [
      entry('p50', 'dash', series.p50Seconds, latency.p50),
      entry('p99', 'line', series.p99Seconds, latency.p99),
      { key: 'max', label: 'max', swatch: 'dot', value: most, text: formatSeconds(most) },
      ...limitEntries(latencyOutcomes(serve)),
    ];
  },
  finding: ({ run, serve }, span) => (span === null ? latencyFinding(run, serve) : latencySpanFinding(serve, span)),
  columns: [
    {
      title: 'p50',
      key: 'p50LatencySeconds',
      format: formatPercentileSeconds,
      at: ({ serve }, b) => serve.series.p50Seconds[b] ?? Number.NaN,
    },
    {
      title: 'p99',
      key: 'p99LatencySeconds',
      format: formatPercentileSeconds,
      at: ({ serve }, b) => serve.series.p99Seconds[b] ?? Number.NaN,
    },
    {
      title: 'max',
      key: 'maxLatencySeconds',
      format: formatSeconds,
      at: ({ serve }, b) => serve.series.maxSeconds[b] ?? Number.NaN,
    },
    { title: 'late', key: 'late', format: formatNumber, at: ({ serve }, b) => lateIn(serve, b) },
  ],
  origin: ({ serve }) => latencyOutcomes(serve)[0]?.slo.origin ?? serve.origin,
};

/** Limits in tokens per second belong to the plot of tokens. */
function rateOutcomes(serve: ServeResult): readonly SloOutcome[] {
  return serve.slos.filter(
    ({ slo }) => slo.metric === 'goodput' || (slo.metric === 'throughput' && slo.of === undefined),
  );
}

/** The text of an objective is in the legend, because it would cover data in the plot. */
function limitEntries(outcomes: readonly SloOutcome[]): readonly LegendEntry[] {
  return outcomes.map((outcome, i) => {
    return { key: `limit-${i}`, label: '', swatch: 'limit' as const, value: outcome.limit, text: outcome.slo.text };
  });
}

function perSecond(shown: Shown, values: Float64Array): Float64Array {
  return ratesOf(shown.run, values);
}

export const throughputSpec: TimeFigureSpec = {
  id: 'throughput',
  title: 'Throughput',
  plot: (shown, palette) => {
    const { series } = shown.serve;
    return {
      title: 'requests/s',
      lines: [
        {
          values: perSecond(shown, series.completedInTime),
          color: palette.good,
          width: 1.5,
          fill: { color: withAlpha(palette.good, 0.18) },
        },
        { values: perSecond(shown, series.completed), color: palette.text, width: 1 },
        { values: perSecond(shown, series.arrived), color: palette.muted, width: 1, dash: lineDashes.dot },
      ],
      format: (value) => formatNumber(value),
      limits: rateOutcomes(shown.serve).map((outcome) => ({ axis: 'y', value: outcome.limit })),
    };
  },
  legend: (shown, span) => {
    const { serve } = shown;
    const at = (values: Float64Array, whole: number) => (span === null ? whole : rateOver(shown.run, values, span));
    const entry = (key: string, label: string, swatch: SwatchName, value: number) => {
      return { key, label, swatch, value, text: Number.isNaN(value) ? '–' : measureText('throughput', value) };
    };
    return [
      entry('offered', measures.offeredLoad.short, 'dot', at(serve.series.arrived, serve.offeredRps)),
      entry('completed', measures.throughput.short, 'line', at(serve.series.completed, serve.completedRps)),
      entry('goodput', measures.goodput.short, 'good', at(serve.series.completedInTime, serve.goodputRps)),
      ...limitEntries(rateOutcomes(serve)),
    ];
  },
  finding: ({ run, serve }, span) => {
    if (span === null) return throughputFinding(serve);
    const { arrived, completed, completedInTime } = serve.series;
    const rate = (values: Float64Array) => rateOver(run, values, span);
    return throughputSpanFinding({ offered: rate(arrived), completed: rate(completed), inTime: rate(completedInTime) });
  },
  columns: [
    { title: 'arrived', key: 'arrived', format: formatNumber, at: ({ serve }, b) => serve.series.arrived[b] ?? 0 },
    {
      title: 'completed',
      key: 'completed',
      format: formatNumber,
      at: ({ serve }, b) => serve.series.completed[b] ?? 0,
    },
    {
      title: 'in time',
      key: 'completedInTime',
      format: formatNumber,
      at: ({ serve }, b) => serve.series.completedInTime[b] ?? 0,
    },
  ],
  origin: ({ serve }) => serve.arrivalsOrigin,
};

export const queueSpec: TimeFigureSpec = {
  id: 'queue',
  title: 'Queue',
  plot: ({ serve }, palette: Palette) => ({
    title: 'waiting',
    lines: [
      {
        values: serve.series.maxQueued,
        merge: 'largest',
        color: withAlpha(palette.muted, 0.75),
        width: 1,
        dash: lineDashes.dot,
      },
      { values: serve.series.queued, color: palette.text, width: 1.5, fill: { color: withAlpha(palette.text, 0.12) } },
    ],
    format: (value) => formatNumber(value),
    limits: [],
    suggestedMax: 4,
  }),
  legend: ({ run, serve }, part) => {
    const { queued, maxQueued } = serve.series;
    const span: BucketSpan = part ?? { first: 0, last: run.series.buckets - 1 };
    const mean = orZero(meanIn(queued, span));
    const most = orZero(rangeIn(maxQueued, span).high);
    return [
      { key: 'mean', label: 'waiting, mean', swatch: 'line' as const, value: mean, text: formatNumber(mean) },
      { key: 'most', label: 'waiting, max', swatch: 'dot' as const, value: most, text: formatNumber(most) },
    ];
  },
  finding: ({ run, serve }, span) => (span === null ? queueFinding(run, serve) : queueSpanFinding(serve, span)),
  columns: [
    { title: 'mean', key: 'meanQueued', format: formatNumber, at: ({ serve }, b) => serve.series.queued[b] ?? 0 },
    { title: 'max', key: 'maxQueued', format: formatNumber, at: ({ serve }, b) => serve.series.maxQueued[b] ?? 0 },
  ],
  origin: ({ serve }) => serve.origin,
};

/** Nothing waited in a bucket without values. */
function orZero(value: number): number {
  return Number.isNaN(value) ? 0 : value;
}
