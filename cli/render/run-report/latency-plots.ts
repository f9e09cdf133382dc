import {
  formatPercent,
  formatPercentileSeconds,
  formatSeconds,
  type RunResult,
  type ServeResult,
} from '../../../design/index.ts';
import { bar, resample, sparkline } from '../bars.ts';
import { binLabels, histogramBins } from '../latency-bins.ts';
import { padEnd, padStart, textWidth } from '../text-width.ts';
import { countText } from '../value-text.ts';
import { rising, stretched } from './slots.ts';
import { indent, indented, type Style } from './style.ts';

const widestBar = 40;

/** The smallest latency limit, which the plot marks. */
function latencyLimit(serve: ServeResult): number | null {
  const limits = serve.slos.flatMap((outcome) =>
    outcome.slo.metric === 'latency' && outcome.slo.of === undefined ? [outcome.slo.limitSeconds] : [],
  );
  return limits.length === 0 ? null : Math.min(...limits);
}

/** How many requests had which latency. */
export function histogram(serve: ServeResult, style: Style): string[] {
  const { paint, look } = style;
  const limit = latencyLimit(serve);
  const bins = histogramBins(serve.distribution, limit);
  if (bins.length === 0) return [];
  const { unit, labels } = binLabels(bins);
  const labelWidth = Math.max(...labels.map(textWidth));
  const room = Math.min(widestBar, style.width - indent - labelWidth - unit.length - 26);
  const most = Math.max(...bins.map((bin) => bin.fraction));
  return bins.map((bin, index) => {
    const drawn = bar(bin.fraction / most, Math.max(8, room), look.unicode);
    const late = limit !== null && bin.fromSeconds >= limit;
    const holdsLimit = limit !== null && bin.fromSeconds < limit && limit <= bin.toSeconds;
    const painted = late ? paint.red(drawn) : paint.cyan(drawn);
    const share = bin.fraction === 0 ? '' : ` ${formatPercent(bin.fraction, 2)}`;
    const mark =
      holdsLimit && limit !== null ? paint.red(`  ${look.unicode ? '◂' : '<'} limit ${formatSeconds(limit)}`) : '';
    const label = paint.dim(`${padStart(labels[index] ?? '', labelWidth)} ${unit}`);
    return indented(`${label} ${painted}${share}${mark}`);
  });
}

/** p99, waiting requests and accuracy over the run, one character for each interval. */
export function overTime(serve: ServeResult, run: RunResult, style: Style): string[] {
  const { paint, look } = style;
  const cells = Math.max(10, Math.min(48, style.width - 38));
  const row = (name: string, values: readonly number[], text: (value: number) => string): string => {
    const top = Math.max(0, ...values.filter((value) => !Number.isNaN(value)));
    const line = sparkline(values, top, look.unicode);
    return indented(`${paint.dim(padEnd(name, 9))} ${paint.cyan(line)} ${paint.dim(`up to ${text(top)}`)}`);
  };
  const accuracy = serve.accuracy === null ? undefined : serve.accuracyOverTime;
  const moved = accuracy && rising(stretched(accuracy, run.seconds, cells), (value) => formatPercent(value, 4), style);
  return [
    row('p99', resample(serve.series.p99Seconds, cells, 'max'), (value) => formatPercentileSeconds(value)),
    row('queue', resample(serve.series.maxQueued, cells, 'max'), (value) => `${countText(value)} waiting`),
    ...(moved === undefined
      ? []
      : [indented(`${paint.dim(padEnd('accuracy', 9))} ${paint.cyan(moved.line)} ${paint.dim(moved.range)}`)]),
    indented(paint.dim(`${' '.repeat(10)}0${padStart(formatSeconds(run.seconds), cells - 1)}`)),
  ];
}
