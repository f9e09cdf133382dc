import type { ServeResult, SloOutcome, TokenSeries, TokenTime } from '../../../protocol/index.ts';
import { formatNumber, formatPercent, formatPercentileSeconds, formatSeconds } from '../../../protocol/index.ts';
import type { Shown } from '../../model/shown.ts';
import { rateOver, ratesOf } from '../../model/shown.ts';
import { type BucketSpan, meanIn, rangeIn, sumIn } from '../../model/time-span.ts';
import { kvFinding, stepsFinding, tokenRateFinding, tokenTimeFinding } from '../../text/token-findings.ts';
import { lineDashes } from '../line-dashes.ts';
import { withAlpha } from '../theme.ts';
import type { LegendEntry } from './legend.ts';
import type { TimeFigureSpec } from './time-figure.ts';

/* What the steps of a language model did over time. Runs of other networks do not have these plots. */

const none = new Float64Array();
const noSeries: TokenSeries = {
  ttft: { p50Seconds: none, p99Seconds: none },
  tpot: { p50Seconds: none, p99Seconds: none },
  steps: none,
  prefillTokens: none,
  outputTokens: none,
  preemptions: none,
};

function seriesOf({ serve }: Pick<Shown, 'serve'>): TokenSeries {
  return serve.tokens?.series ?? noSeries;
}

function tokenOutcomes(serve: ServeResult, of: TokenTime): readonly SloOutcome[] {
  return serve.slos
    .filter(({ slo }) => slo.metric === 'latency' && slo.of === of)
    .toSorted((a, b) => a.limit - b.limit);
}

function rateOutcomes(serve: ServeResult): readonly SloOutcome[] {
  return serve.slos.filter(({ slo }) => slo.metric === 'throughput' && slo.of === 'tokens');
}

function limitEntries(outcomes: readonly SloOutcome[]): readonly LegendEntry[] {
  return outcomes.map(({ limit, slo }, i) => {
    return { key: `limit-${i}`, label: '', swatch: 'limit' as const, value: limit, text: slo.text };
  });
}

/** Only for a language model, in the buckets of the run. */
const ofTokens = {
  buckets: ({ run, serve }: Shown) => (serve.tokens === undefined ? undefined : run.series),
};

/** If the largest value is more times the limit (or the median) than this, a linear axis would hide values near the limit. */
const logarithmicRatio = 12;

function tokenTimeSpec(of: TokenTime, title: string): TimeFigureSpec {
  const column = (shown: Shown, name: 'p50Seconds' | 'p99Seconds') => seriesOf(shown)[of][name];
  const entry = (shown: Shown, span: BucketSpan | null, name: 'p50' | 'p99'): LegendEntry => {
    const whole = shown.serve.tokens?.[of][name] ?? Number.NaN;
    const { low, high } = span === null ? { low: whole, high: whole } : rangeIn(column(shown, `${name}Seconds`), span);
    const [from, to] = [formatPercentileSeconds(low), formatPercentileSeconds(high)];
    const text = from === to ? to : `${from} to ${to}`;
    return { key: name, label: name, swatch: name === 'p50' ? 'dash' : 'line', value: high, text };
  };
  const tableColumn = (name: 'p50' | 'p99') => ({
    title: name,
    key: `${name}${title}Seconds`,
    format: formatPercentileSeconds,
    at: (shown: Shown, b: number) => column(shown, `${name}Seconds`)[b] ?? Number.NaN,
  });
  return {
    id: of,
    title,
    ...ofTokens,
    plot: (shown, palette) => {
      const outcomes = tokenOutcomes(shown.serve, of);
      const limit = outcomes[0]?.limit;
      const median = shown.serve.tokens?.[of].p50 ?? Number.NaN;
      return {
        title,
        lines: [
          {
            values: column(shown, 'p99Seconds'),
            color: palette.text,
            width: 1.25,
            ...(limit === undefined ? {} : { fill: { color: withAlpha(palette.limit, 0.3), above: limit } }),
          },
          { values: column(shown, 'p50Seconds'), color: palette.muted, width: 1, dash: lineDashes.dash },
        ],
        format: (value) => formatSeconds(value),
        logarithmicAbove: logarithmicRatio * (limit ?? median * 4),
        ...(limit === undefined ? {} : { suggestedMax: limit * 1.15 }),
        limits: outcomes.map((outcome) => ({ axis: 'y', value: outcome.limit })),
      };
    },
    legend: (shown, span) => [
      entry(shown, span, 'p50'),
      entry(shown, span, 'p99'),
      ...limitEntries(tokenOutcomes(shown.serve, of)),
    ],
    finding: (shown, span) => {
      const { tokens } = shown.serve;
      if (tokens === undefined) return '';
      if (span === null) return tokenTimeFinding(tokens, of);
      const { high } = rangeIn(column(shown, 'p99Seconds'), span);
      return Number.isNaN(high)
        ? `No request has a ${title} in this time.`
        : `The highest p99 ${title} of this time is ${formatSeconds(high)}.`;
    },
    columns: [tableColumn('p50'), tableColumn('p99')],
    origin: ({ serve }) => tokenOutcomes(serve, of)[0]?.slo.origin ?? serve.origin,
  };
}

/** Two counts of each bucket, and how they are drawn: the prompts, and the answers. */
function tokenPairSpec(
  spec: Pick<TimeFigureSpec, 'id' | 'title' | 'finding' | 'origin'> & {
    readonly axis: string;
    readonly unit: string;
    /** One value for each bucket. */
    readonly values: (shown: Shown, counts: Float64Array) => Float64Array;
    /** Of some buckets, or of the whole run if it is null. */
    readonly over: (shown: Shown, counts: Float64Array, span: BucketSpan | null) => number;
    readonly limits: (serve: ServeResult) => readonly SloOutcome[];
  },
): TimeFigureSpec {
  const parts = [
    { key: 'prefillTokens', label: 'prompt tokens', swatch: 'dash' },
    { key: 'outputTokens', label: 'answer tokens', swatch: 'line' },
  ] as const;
  return {
    ...ofTokens,
    id: spec.id,
    title: spec.title,
    finding: spec.finding,
    origin: spec.origin,
    plot: (shown, palette) => ({
      title: spec.axis,
      lines: parts.map(({ key, swatch }) => ({
        values: spec.values(shown, seriesOf(shown)[key]),
        color: swatch === 'line' ? palette.text : palette.muted,
        width: swatch === 'line' ? 1.5 : 1,
        dash: lineDashes[swatch],
      })),
      format: (value) => formatNumber(value),
      limits: spec.limits(shown.serve).map(({ limit }) => ({ axis: 'y', value: limit })),
    }),
    legend: (shown, span) => [
      ...parts.map(({ key, label, swatch }) => {
        const value = spec.over(shown, seriesOf(shown)[key], span);
        return { key, label, swatch, value, text: Number.isNaN(value) ? '–' : `${formatNumber(value, 4)}${spec.unit}` };
      }),
      ...limitEntries(spec.limits(shown.serve)),
    ],
    columns: parts.map(({ key, label }) => ({
      title: label,
      key,
      format: (value: number) => formatNumber(value, 7),
      at: (shown: Shown, b: number) => seriesOf(shown)[key][b] ?? 0,
    })),
  };
}

function wholeSpan({ run }: Shown): BucketSpan {
  return { first: 0, last: run.series.buckets - 1 };
}

const tokenRateSpec = tokenPairSpec({
  id: 'token-rate',
  title: 'Tokens',
  axis: 'tokens/s',
  unit: '/s',
  values: ({ run }, counts) => ratesOf(run, counts),
  over: (shown, counts, span) => rateOver(shown.run, counts, span ?? wholeSpan(shown)),
  limits: rateOutcomes,
  finding: ({ serve }) => (serve.tokens === undefined ? '' : tokenRateFinding(serve.tokens)),
  origin: ({ serve }) => rateOutcomes(serve)[0]?.slo.origin ?? serve.origin,
});

const stepsSpec = tokenPairSpec({
  id: 'steps',
  title: 'Steps',
  axis: 'tokens per step',
  unit: ' per step',
  values: (shown, counts) => {
    const { steps } = seriesOf(shown);
    return counts.map((count, b) => (steps[b] === 0 ? Number.NaN : count / (steps[b] ?? Number.NaN)));
  },
  over: (shown, counts, span) => {
    const some = span ?? wholeSpan(shown);
    return sumIn(counts, some) / sumIn(seriesOf(shown).steps, some);
  },
  limits: () => [],
  finding: ({ serve }) => stepsFinding(serve),
  origin: ({ serve }) => serve.origin,
});

const kvSpec: TimeFigureSpec = {
  id: 'kv',
  title: 'KV cache',
  ...ofTokens,
  plot: (shown, palette) => {
    const values = shown.serve.tokens?.kvOverTime.values ?? none;
    const { preemptions } = seriesOf(shown);
    return {
      title: 'blocks in use',
      lines: [
        { values, color: palette.text, width: 1.5, fill: { color: withAlpha(palette.text, 0.12) } },
        {
          values: values.map((value, b) => ((preemptions[b] ?? 0) > 0 ? value : Number.NaN)),
          merge: 'largest',
          color: palette.limit,
          width: 0,
          isMarks: true,
        },
      ],
      format: (value) => formatPercent(value),
      between: { low: 0, high: 1 },
      limits: [],
    };
  },
  legend: ({ serve }, span) => {
    const { kvOverTime, kv, preemptions, series } = serve.tokens ?? {};
    const used = span === null ? (kv?.meanFraction ?? Number.NaN) : meanIn(kvOverTime?.values ?? none, span);
    const lost = span === null ? (preemptions ?? 0) : sumIn(series?.preemptions ?? none, span);
    return [
      { key: 'used', label: 'in use', swatch: 'line', value: used, text: formatPercent(used, 3) },
      { key: 'preempted', label: 'preemptions', swatch: 'preempted', value: lost, text: formatNumber(lost, 7) },
    ];
  },
  finding: ({ serve }) => (serve.tokens === undefined ? '' : kvFinding(serve.tokens)),
  columns: [
    {
      title: 'in use',
      key: 'kvFraction',
      format: (value) => formatPercent(value, 3),
      at: ({ serve }, b) => serve.tokens?.kvOverTime.values[b] ?? Number.NaN,
    },
    {
      title: 'preemptions',
      key: 'preemptions',
      format: (value) => formatNumber(value, 7),
      at: (shown, b) => seriesOf(shown).preemptions[b] ?? 0,
    },
  ],
  origin: ({ serve }) => serve.origin,
};

export const tokenSpecs: readonly TimeFigureSpec[] = [
  tokenTimeSpec('ttft', 'TTFT'),
  tokenTimeSpec('tpot', 'TPOT'),
  tokenRateSpec,
  stepsSpec,
  kvSpec,
];
