import {
  breakdownParts,
  comparedTexts,
  formatPercent,
  formatSeconds,
  type LatencyBreakdown,
  type LatencySummary,
  type MeasureName,
  measures,
  measureText,
  type RunResult,
  recordingText,
  type ServeResult,
  type SloOutcome,
  sloMargin,
  sloValue,
  type TokenResult,
} from '../../../design/index.ts';
import { bar } from '../bars.ts';
import type { TableColumn } from '../table.ts';
import { countText } from '../value-text.ts';
import { histogram, overTime } from './latency-plots.ts';
import { joined, type Style, tableLines, verdictHeader, verdictText } from './style.ts';

/** Parts of a latency with a smaller share are left out. */
const smallestShownShare = 0.001;

/** The results of one served model: its objectives, its latency, and where its requests spent their time. */
export function serveSection(serve: ServeResult, run: RunResult, style: Style): string[] {
  const { paint } = style;
  const title = serve.name === serve.model ? serve.name : `${serve.name} (${serve.model})`;
  const facts = [
    `${measureText('offeredLoad', serve.offeredRps)} ${measures.offeredLoad.short}`,
    `${measureText('throughput', serve.completedRps)} ${measures.throughput.short}`,
    `${measureText('goodput', serve.goodputRps)} ${measures.goodput.short}`,
    `${measures.meanBatch.name} ${measureText('meanBatch', serve.meanBatch)}`,
    `${measureText('burstShare', serve.burstShare)} in burst mode`,
    ...(serve.accuracy === null ? [] : [`${accuracyName(serve)} ${measureText('accuracy', serve.accuracy)}`]),
    ...(serve.energyJoulesPerRequest === null
      ? []
      : [`${measureText('energy', serve.energyJoulesPerRequest)} per request`]),
    ...(serve.warmupRequests === 0 ? [] : [`${countText(serve.warmupRequests)} left out as warm-up`]),
    ...(serve.counts.dropped === 0 ? [] : [paint.red(`${countText(serve.counts.dropped)} dropped`)]),
  ];
  return [
    paint.bold(title),
    ...joined(facts, style, ', '),
    ...(serve.slos.length === 0 ? [] : ['', ...sloTable(serve.slos, style)]),
    '',
    ...latencyTable(serve, style),
    ...(serve.tokens === undefined ? [] : ['', ...tokenLines(serve.tokens, style)]),
    ...(style.look.plots ? ['', ...histogram(serve, style), '', ...overTime(serve, run, style)] : []),
    ...breakdownSection(serve.breakdown, style),
  ];
}

function accuracyName(serve: ServeResult): string {
  return serve.accuracyMetric === null ? 'accuracy' : `${serve.accuracyMetric} accuracy`;
}

function sloTable(outcomes: readonly SloOutcome[], style: Style): string[] {
  const columns: TableColumn[] = [
    { header: 'objective', align: 'left' },
    { header: verdictHeader(style), align: 'left' },
    { header: 'measured', align: 'right' },
    { header: 'margin', align: 'left', importance: 2 },
    { header: 'confidence interval', align: 'left', importance: 1 },
  ];
  const rows = outcomes.map((outcome) => {
    const { measured, digits } = comparedTexts(outcome);
    return [
      outcome.slo.text,
      verdictText(outcome.verdict, style),
      measured,
      sloMargin(outcome),
      intervalText(outcome, digits),
    ];
  });
  return tableLines(columns, rows, style);
}

function intervalText(outcome: SloOutcome, digits: number): string {
  const recorded = recordingText(outcome);
  if (recorded !== undefined) return `exact, ${recorded}`;
  const { low, high, confidence } = outcome.measured;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  const from = sloValue(outcome.slo, low, digits);
  return `${from} to ${sloValue(outcome.slo, high, digits)} (${formatPercent(confidence)})`;
}

/** Steps, tokens and KV cache of a language model. */
function tokenLines(tokens: TokenResult, style: Style): string[] {
  const { steps, kv } = tokens;
  const facts = [
    ...(tokens.chips === 1 ? [] : [`each step on ${countText(tokens.chips)} chips`]),
    `${measureText('tokenThroughput', tokens.inputTokensPerSecond)} in`,
    `${measureText('tokenThroughput', tokens.outputTokensPerSecond)} out`,
    `${countText(steps.base)} steps in base mode`,
    ...(steps.burst === 0 ? [] : [`${countText(steps.burst)} in burst mode`]),
    `${countText(kv.blocks)} KV blocks of ${countText(kv.blockTokens)} tokens`,
    `${formatPercent(kv.meanFraction, 3)} used in the mean, ${formatPercent(kv.maxFraction, 3)} at most`,
    ...(kv.burst === undefined
      ? []
      : [
          `${formatPercent(kv.burst.meanFraction, 3)} by blocks of burst mode, of which ${countText(kv.burst.blocks)} fit`,
        ]),
    `${countText(tokens.preemptions)} ${tokens.preemptions === 1 ? 'preemption' : 'preemptions'}`,
    ...(tokens.noEnergyOf === undefined ? [] : [`energy unknown: the ${tokens.noEnergyOf} has no figure`]),
    ...(tokens.cachedTokens === 0 ? [] : [`${countText(tokens.cachedTokens)} tokens found in the cache`]),
  ];
  return joined(facts, style, ', ');
}

function latencyTable(serve: ServeResult, style: Style): string[] {
  const rows: readonly (readonly [string, LatencySummary])[] =
    serve.tokens === undefined
      ? [['', serve.latency]]
      : [
          ['whole answer', serve.latency],
          ['TTFT', serve.tokens.ttft],
          ['TPOT', serve.tokens.tpot],
        ];
  const cellsOf = rows.map(([name, latency]) => ({ name, cells: latencyCells(latency) }));
  const [first] = cellsOf;
  if (first === undefined) return [];
  return tableLines(
    [
      { header: 'latency', align: 'left' },
      ...first.cells.map(
        ([measure, , importance]): TableColumn => ({ header: measures[measure].short, align: 'right', importance }),
      ),
    ],
    cellsOf.map(({ name, cells }) => [name, ...cells.map(([measure, seconds]) => measureText(measure, seconds))]),
    style,
  );
}

function latencyCells(latency: LatencySummary): readonly (readonly [MeasureName, number, importance: number])[] {
  return [
    ['meanLatency', latency.mean, 1],
    ['p50Latency', latency.p50, 6],
    ['p90Latency', latency.p90, 4],
    ['p95Latency', latency.p95, 2],
    ['p99Latency', latency.p99, 7],
    ['p999Latency', latency.p999, 3],
    ['maxLatency', latency.max, 5],
  ];
}

/** The mean seconds of a request in each part of its latency, the largest first, after a blank line. Empty if no request finished. */
function breakdownSection(breakdown: LatencyBreakdown, style: Style): string[] {
  const { paint, look } = style;
  const shown = breakdownParts(breakdown).filter((part) => part.fraction >= smallestShownShare);
  if (shown.length === 0) return [];
  const most = shown[0]?.seconds ?? 0;
  const cells = Math.max(8, Math.min(24, style.width - 44));
  const table = tableLines(
    [
      { header: 'a request spends its time', align: 'left', shrinkTo: 18 },
      { header: 'mean', align: 'right' },
      { header: 'share', align: 'right' },
      ...(look.plots ? [{ header: '', align: 'left', importance: 1 } as const] : []),
    ],
    shown.map((part) => [
      part.name,
      formatSeconds(part.seconds),
      formatPercent(part.fraction, 2),
      ...(look.plots ? [paint.cyan(bar(part.seconds / most, cells, look.unicode))] : []),
    ]),
    style,
  );
  return ['', ...table];
}
