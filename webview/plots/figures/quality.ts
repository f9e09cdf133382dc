import type { ServeResult, SloOutcome, SlotColumn } from '../../../protocol/index.ts';
import { measureText } from '../../../protocol/index.ts';
import type { Buckets } from '../../model/buckets.ts';
import { meanIn, rangeIn } from '../../model/time-span.ts';
import { accuracyFinding, powerFinding } from '../../text/findings.ts';
import { withAlpha } from '../theme.ts';
import type { TimeFigureSpec } from './time-figure.ts';

/* What burst mode costs and saves over time: accuracy and power. Only for networks and chips with such figures. */

function grain(column: SlotColumn | undefined): Buckets | undefined {
  return column === undefined ? undefined : { buckets: column.values.length, bucketSeconds: column.slotSeconds };
}

function accuracyOutcomes(serve: ServeResult): readonly SloOutcome[] {
  return serve.slos.filter(({ slo }) => slo.metric === 'accuracy');
}

/** Accuracies differ by tenths of a per cent. The scale contains the measured values, the limits and some margin. */
function accuracyScale(
  values: Float64Array,
  limits: readonly number[],
): { readonly low: number; readonly high: number } {
  const all = [...values, ...limits].filter((value) => Number.isFinite(value));
  const low = Math.min(...all);
  const high = Math.max(...all);
  const room = Math.max((high - low) * 0.15, 2e-4);
  return { low: Math.max(0, low - room), high: Math.min(1, high + room) };
}

export const accuracySpec: TimeFigureSpec = {
  id: 'accuracy',
  title: 'Accuracy',
  buckets: ({ serve }) => grain(serve.accuracy === null ? undefined : serve.accuracyOverTime),
  plot: ({ serve }, palette) => {
    const values = serve.accuracyOverTime?.values ?? new Float64Array(0);
    const limits = accuracyOutcomes(serve).map(({ limit }) => limit);
    const [limit] = limits;
    return {
      title: 'accuracy',
      lines: [
        {
          values,
          color: palette.text,
          width: 1.5,
          ...(limit === undefined ? {} : { fill: { color: withAlpha(palette.limit, 0.3), below: limit } }),
        },
      ],
      format: (value) => measureText('accuracy', value),
      between: accuracyScale(values, limits),
      limits: limits.map((value) => ({ axis: 'y', value })),
    };
  },
  legend: ({ serve }, span) => {
    // Slots have different numbers of requests, so the mean of several is unknown, but not their range.
    const whole = serve.accuracy ?? Number.NaN;
    const { low, high } =
      span === null ? { low: whole, high: whole } : rangeIn(serve.accuracyOverTime?.values ?? [], span);
    const text = measureText('accuracy', high);
    const least = measureText('accuracy', low);
    return [
      {
        key: 'served',
        label: serve.accuracyMetric ?? 'accuracy',
        swatch: 'line' as const,
        value: high,
        text: least === text ? text : `${least} to ${text}`,
      },
      ...accuracyOutcomes(serve).map((outcome, i) => {
        return { key: `limit-${i}`, label: '', swatch: 'limit' as const, value: outcome.limit, text: outcome.slo.text };
      }),
    ];
  },
  finding: ({ serve }, span) => {
    if (span === null) return accuracyFinding(serve);
    const lowest = rangeIn(serve.accuracyOverTime?.values ?? [], span).low;
    if (Number.isNaN(lowest)) return 'No request finished in this time.';
    return `The lowest accuracy of this time is ${measureText('accuracy', lowest)}.`;
  },
  columns: [
    {
      title: 'accuracy',
      key: 'accuracyFraction',
      format: (value) => measureText('accuracy', value),
      at: ({ serve }, slot) => serve.accuracyOverTime?.values[slot] ?? Number.NaN,
    },
  ],
  origin: ({ serve }) => accuracyOutcomes(serve)[0]?.slo.origin ?? serve.origin,
};

export const powerSpec: TimeFigureSpec = {
  id: 'power',
  title: 'Power',
  buckets: ({ run }) => grain(run.wattsOverTime),
  plot: ({ run }, palette) => ({
    title: 'power',
    lines: [
      {
        values: run.wattsOverTime?.values ?? new Float64Array(0),
        color: palette.text,
        width: 1.5,
        fill: { color: withAlpha(palette.text, 0.12) },
      },
    ],
    format: (value) => measureText('power', value),
    limits: [],
  }),
  legend: ({ run, serve }, span) => {
    const watts = span === null ? (run.averageWatts ?? Number.NaN) : meanIn(run.wattsOverTime?.values ?? [], span);
    const joules = serve.energyJoulesPerRequest;
    return [
      {
        key: 'watts',
        label: span === null || span.first < span.last ? 'mean' : 'power',
        swatch: 'line' as const,
        value: watts,
        text: measureText('power', watts),
      },
      ...(span !== null || joules === null
        ? []
        : [
            {
              key: 'energy',
              label: 'per request',
              swatch: 'none' as const,
              value: joules,
              text: measureText('energy', joules),
            },
          ]),
    ];
  },
  finding: ({ run, serve }, span) => {
    if (span === null) return powerFinding(run, serve);
    const values = run.wattsOverTime?.values ?? [];
    const [mean, most] = [meanIn(values, span), rangeIn(values, span).high].map((watts) => measureText('power', watts));
    return `The average power of this time is ${mean}, and the highest ${most}.`;
  },
  columns: [
    {
      title: 'power',
      key: 'powerWatts',
      format: (value) => measureText('power', value),
      at: ({ run }, slot) => run.wattsOverTime?.values[slot] ?? Number.NaN,
    },
  ],
  origin: ({ scenario }) => scenario.origin,
};
