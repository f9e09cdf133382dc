import {
  type Activity,
  activities,
  breakdownParts,
  comparedTexts,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatRate,
  formatSeconds,
  type LatencyBreakdown,
  type RunResult,
  type ScenarioResult,
  type ServeResult,
  type SloOutcome,
  sloMargin,
  sloValue,
  type Verdict,
} from '../../design/index.ts';
import type { Look } from '../terminal.ts';
import { verdictOf } from '../verdict.ts';
import { bar, resample, sparkline, stackedCells } from './bars.ts';
import { binLabels, histogramBins } from './latency-plot.ts';
import { type Paint, paintFor } from './paint.ts';
import { renderTable, type TableColumn } from './table.ts';
import { joinLines, padEnd, padStart, textWidth, wrap } from './text-width.ts';
import { countText } from './value-text.ts';

const indent = 2;
const widestReport = 100;
const widestBar = 40;
/** Parts of a latency below a thousandth are left out. */
const smallestShareTold = 0.001;
/** Below this many columns words give way to signs. */
const narrow = 60;

interface Style {
  readonly look: Look;
  readonly paint: Paint;
  readonly width: number;
}

/** A scenario's run for people: verdicts first, then what explains them. Ends with a newline. */
export function renderRunReport(result: ScenarioResult, look: Look): string {
  const style: Style = { look, paint: paintFor(look.colour), width: Math.min(look.width, widestReport) };
  const { main } = result;
  const lines = [
    ...heading(result, style),
    ...main.serves.flatMap((serve) => ['', ...serveSection(serve, main, style)]),
    '',
    ...chipSection(main, style),
    ...(result.variants.length === 0 ? [] : ['', ...comparison(result, style)]),
    '',
    ...conclusion(result, style),
  ];
  return `${lines.join('\n')}\n`;
}

function heading(result: ScenarioResult, style: Style): string[] {
  const { main } = result;
  const { paint } = style;
  const chips = main.timeline.chips;
  const requests = main.serves.reduce((sum, serve) => sum + serve.counts.arrived, 0);
  const facts = [
    `${chips > 1 ? `${chips} x ` : ''}${main.npu}`,
    `scheduler ${main.scheduler}`,
    `seed ${main.seed}`,
    `${formatSeconds(main.seconds)} simulated`,
    `${countText(requests)} requests`,
  ];
  return [paint.bold(result.scenario), ...joined(facts, style, ', ').map((line) => paint.dim(line))];
}

function joined(facts: readonly string[], style: Style, separator: string): string[] {
  return joinLines(facts, separator, style.width - indent).map((text) => ' '.repeat(indent) + text);
}

function serveSection(serve: ServeResult, run: RunResult, style: Style): string[] {
  const { paint } = style;
  const title = serve.name === serve.model ? serve.name : `${serve.name} (${serve.model})`;
  const facts = [
    `${formatRate(serve.offeredRps)} offered`,
    `${formatRate(serve.completedRps)} served`,
    `${formatRate(serve.goodputRps)} in time`,
    `mean batch ${formatNumber(serve.meanBatch, 2)}`,
    `${formatPercent(serve.burstShare)} in burst`,
    ...(serve.accuracy === null ? [] : [`${accuracyName(serve)} ${formatPercent(serve.accuracy, 4)}`]),
    ...(serve.energyJoulesPerRequest === null
      ? []
      : [`${formatQuantity(serve.energyJoulesPerRequest, 'J')} a request`]),
    ...(serve.counts.dropped === 0 ? [] : [paint.red(`${countText(serve.counts.dropped)} dropped`)]),
  ];
  return [
    paint.bold(title),
    ...joined(facts, style, ', '),
    ...(serve.slos.length === 0 ? [] : ['', ...sloTable(serve.slos, style)]),
    '',
    ...latencyTable(serve, style),
    ...(style.look.plots ? ['', ...histogram(serve, style), '', ...overTime(serve, run, style)] : []),
    ...breakdownSection(serve.breakdown, style),
  ];
}

function accuracyName(serve: ServeResult): string {
  return serve.accuracyMetric === null ? 'accuracy' : `${serve.accuracyMetric} accuracy`;
}

const verdictSigns: Readonly<Record<Verdict, string>> = { met: '✓', violated: '✗', undecided: '?' };

/** The verdict as a sign and a word, on a narrow terminal the sign: colour is never the only carrier. */
function verdictText(verdict: Verdict, look: Look): string {
  const paint = paintFor(look.colour);
  const short = look.width < narrow;
  const text = !look.unicode ? verdict : short ? verdictSigns[verdict] : `${verdictSigns[verdict]} ${verdict}`;
  if (verdict === 'met') return paint.green(text);
  return verdict === 'violated' ? paint.red(text) : paint.yellow(text);
}

function verdictHeader(look: Look): string {
  return look.unicode && look.width < narrow ? '' : 'verdict';
}

function sloTable(outcomes: readonly SloOutcome[], style: Style): string[] {
  const columns: TableColumn[] = [
    { header: 'objective', align: 'left' },
    { header: verdictHeader(style.look), align: 'left' },
    { header: 'measured', align: 'right' },
    { header: 'margin', align: 'left', importance: 2 },
    { header: 'confidence interval', align: 'left', importance: 1 },
  ];
  const rows = outcomes.map((outcome) => {
    const { measured, digits } = comparedTexts(outcome);
    return [
      outcome.slo.text,
      verdictText(outcome.verdict, style.look),
      measured,
      sloMargin(outcome),
      intervalText(outcome, digits),
    ];
  });
  return tableLines(columns, rows, style);
}

function intervalText(outcome: SloOutcome, digits: number): string {
  const { low, high, confidence } = outcome.measured;
  if (!Number.isFinite(low) || !Number.isFinite(high)) return '';
  const from = sloValue(outcome.slo, low, digits);
  return `${from} to ${sloValue(outcome.slo, high, digits)} (${formatPercent(confidence)})`;
}

function latencyTable(serve: ServeResult, style: Style): string[] {
  const { latency } = serve;
  const cells: readonly (readonly [string, number])[] = [
    ['mean', latency.mean],
    ['p50', latency.p50],
    ['p90', latency.p90],
    ['p95', latency.p95],
    ['p99', latency.p99],
    ['p99.9', latency.p999],
    ['max', latency.max],
  ];
  const importances = [1, 6, 4, 2, 7, 3, 5];
  return tableLines(
    [
      { header: 'latency', align: 'left' },
      ...cells.map(([header], index): TableColumn => ({ header, align: 'right', importance: importances[index] ?? 0 })),
    ],
    [['', ...cells.map(([, seconds]) => formatSeconds(seconds))]],
    style,
  );
}

function tableLines(columns: readonly TableColumn[], rows: readonly (readonly string[])[], style: Style): string[] {
  return [...renderTable(columns, rows, { width: style.width, paintHeader: style.paint.dim, indent }).lines];
}

/** The tightest latency limit, which the plot marks. */
function latencyLimit(serve: ServeResult): number | null {
  const limits = serve.slos.flatMap((outcome) => (outcome.slo.metric === 'latency' ? [outcome.slo.limitSeconds] : []));
  return limits.length === 0 ? null : Math.min(...limits);
}

function histogram(serve: ServeResult, style: Style): string[] {
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
    return `${' '.repeat(indent)}${paint.dim(`${padStart(labels[index] ?? '', labelWidth)} ${unit}`)} ${painted}${share}${mark}`;
  });
}

/** p99 and waiting requests over the run, one character a stretch of time. */
function overTime(serve: ServeResult, run: RunResult, style: Style): string[] {
  const { paint, look } = style;
  const cells = Math.max(10, Math.min(48, style.width - 38));
  const row = (name: string, values: readonly number[], text: (value: number) => string): string => {
    const top = Math.max(0, ...values.filter((value) => !Number.isNaN(value)));
    const line = sparkline(values, top, look.unicode);
    return `${' '.repeat(indent)}${paint.dim(padEnd(name, 9))} ${paint.cyan(line)} ${paint.dim(`up to ${text(top)}`)}`;
  };
  return [
    row('p99', resample(serve.series.p99Seconds, cells, 'max'), (value) => formatSeconds(value)),
    row('queue', resample(serve.series.maxQueued, cells, 'max'), (value) => `${countText(value)} waiting`),
    `${' '.repeat(indent)}${paint.dim(`${' '.repeat(10)}0${padStart(formatSeconds(run.seconds), cells - 1)}`)}`,
  ];
}

/** Mean seconds of a request by what it spent them on, largest first, after a blank line; nothing where no request finished. */
function breakdownSection(breakdown: LatencyBreakdown, style: Style): string[] {
  const { paint, look } = style;
  const told = breakdownParts(breakdown).filter((part) => part.fraction >= smallestShareTold);
  if (told.length === 0) return [];
  const most = told[0]?.seconds ?? 0;
  const cells = Math.max(8, Math.min(24, style.width - 44));
  const table = tableLines(
    [
      { header: 'a request spends its time', align: 'left', shrinkTo: 18 },
      { header: 'mean', align: 'right' },
      { header: 'share', align: 'right' },
      ...(look.plots ? [{ header: '', align: 'left', importance: 1 } as const] : []),
    ],
    told.map((part) => [
      part.name,
      formatSeconds(part.seconds),
      formatPercent(part.fraction, 2),
      ...(look.plots ? [paint.cyan(bar(part.seconds / most, cells, look.unicode))] : []),
    ]),
    style,
  );
  return ['', ...table];
}

/** A glyph per activity beside its colour. */
const activityGlyphs: Readonly<Record<Activity, { readonly unicode: string; readonly ascii: string }>> = {
  base: { unicode: '█', ascii: 'B' },
  burst: { unicode: '▓', ascii: '#' },
  switching: { unicode: '╳', ascii: 'x' },
  quantizing: { unicode: '▒', ascii: 'q' },
  idle: { unicode: '·', ascii: '.' },
};

/** Work first, idle last: the order of the stacked bar. */
const activityOrder: readonly Activity[] = ['base', 'burst', 'quantizing', 'switching', 'idle'];

function activityPaint(paint: Paint, activity: Activity): (text: string) => string {
  switch (activity) {
    case 'base':
      return paint.blue;
    case 'burst':
      return paint.magenta;
    case 'quantizing':
      return paint.cyan;
    case 'switching':
      return paint.red;
    case 'idle':
      return paint.dim;
  }
}

function chipSection(run: RunResult, style: Style): string[] {
  const { paint, look } = style;
  const { timeline } = run;
  const glyph = (activity: Activity): string => activityGlyphs[activity][look.unicode ? 'unicode' : 'ascii'];
  const several = timeline.chips > 1;
  const facts = [
    `${countText(timeline.switches.total)} mode ${timeline.switches.total === 1 ? 'switch' : 'switches'}`,
    ...(run.averageWatts === null ? [] : [`${formatQuantity(run.averageWatts, 'W')} on average`]),
  ];
  const lines = [paint.bold(several ? 'Chips' : 'Chip'), ...joined(facts, style, ', ')];
  timeline.totals.forEach((totals, chip) => {
    const whole = activityOrder.reduce((sum, activity) => sum + totals[activity], 0);
    const name = several ? `chip ${chip + 1}  ` : '';
    if (look.plots) {
      const cells = stackedCells(
        activityOrder.map((activity) => totals[activity]),
        Math.max(20, Math.min(60, style.width - indent - name.length)),
      );
      const drawn = activityOrder.map((activity, i) =>
        activityPaint(paint, activity)(glyph(activity).repeat(cells[i] ?? 0)),
      );
      lines.push(`${' '.repeat(indent)}${name}${drawn.join('')}`);
    }
    const shares = activityOrder
      .filter((activity) => totals[activity] > 0)
      .map((activity) => {
        const sign = look.plots ? `${activityPaint(paint, activity)(glyph(activity))} ` : '';
        return `${sign}${activity} ${formatPercent(totals[activity] / whole)}`;
      });
    lines.push(...joined(look.plots ? shares : [name.trim(), ...shares].filter((part) => part !== ''), style, '  '));
  });
  if (look.plots) lines.push(...burstOverTime(run, style));
  return lines;
}

/** Share of burst compute over the run, all chips; nothing where there was none. */
function burstOverTime(run: RunResult, style: Style): string[] {
  const { paint, look } = style;
  const { overview, chips, totals } = run.timeline;
  if (totals.every((each) => each.burst + each.quantizing === 0)) return [];
  const cells = Math.max(10, Math.min(60, style.width - indent - 8));
  const share = (bucket: number, activity: Activity): number => {
    let sum = 0;
    for (let chip = 0; chip < chips; chip++) {
      const cell = (chip * overview.buckets + bucket) * activities.length + activities.indexOf(activity);
      sum += overview.shares[cell] ?? 0;
    }
    return sum / chips;
  };
  const values = Array.from(
    { length: overview.buckets },
    (_, bucket) => share(bucket, 'burst') + share(bucket, 'quantizing'),
  );
  const line = sparkline(resample(values, cells, 'mean'), 1, look.unicode);
  return [
    `${' '.repeat(indent)}${paint.magenta(line)}`,
    ...joined(['burst share over the run,', 'full height is 100 %'], style, ' ').map(paint.dim),
  ];
}

/** The scenario beside its variants, one row a run and served model. */
function comparison(result: ScenarioResult, style: Style): string[] {
  const runs = [result.main, ...result.variants];
  const several = result.main.serves.length > 1;
  const columns: TableColumn[] = [
    { header: 'compare', align: 'left', shrinkTo: 14 },
    ...(several ? [{ header: 'serve', align: 'left', shrinkTo: 10 } as const] : []),
    { header: verdictHeader(style.look), align: 'left' },
    { header: 'p50', align: 'right', importance: 3 },
    { header: 'p99', align: 'right' },
    { header: 'in time', align: 'right', importance: 5 },
    { header: 'accuracy', align: 'right', importance: 4 },
    { header: 'burst', align: 'right', importance: 2 },
    { header: 'energy', align: 'right', importance: 1 },
  ];
  const rows = runs.flatMap((run) =>
    run.serves.map((serve, index) => [
      index === 0 ? run.label : '',
      ...(several ? [serve.name] : []),
      index === 0 ? verdictText(verdictOf(run), style.look) : '',
      formatSeconds(serve.latency.p50),
      formatSeconds(serve.latency.p99),
      formatRate(serve.goodputRps),
      serve.accuracy === null ? '' : formatPercent(serve.accuracy, 4),
      formatPercent(serve.burstShare),
      serve.energyJoulesPerRequest === null ? '' : formatQuantity(serve.energyJoulesPerRequest, 'J'),
    ]),
  );
  // No model states an accuracy, no chip has energy figures: then there is no such column.
  const kept = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  const told = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => kept[index] === true);
  return tableLines(told(columns), rows.map(told), style);
}

function conclusion(result: ScenarioResult, style: Style): string[] {
  const outcomes = result.main.serves.flatMap((serve) => serve.slos);
  if (outcomes.length === 0) return [style.paint.dim(`${result.scenario} states no objective`)];
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const parts = (['violated', 'undecided', 'met'] as const).flatMap((verdict) => {
    const number = count(verdict);
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const say = `${outcomes.length} objective${outcomes.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
  const verdict = verdictOf(result.main);
  const paint = verdict === 'met' ? style.paint.green : verdict === 'violated' ? style.paint.red : style.paint.yellow;
  return wrap(say, style.width).map((line) => style.paint.bold(paint(line)));
}
