import type { LoadLine, LoadPoint } from '../../../protocol/index.ts';
import { formatNumber, formatRate, formatSeconds, measures, measureText } from '../../../protocol/index.ts';
import type { TableColumn, TableData } from '../../model/table.ts';
import type { Drawn } from './load-curve-drawing.ts';

/** A row for each load, with the columns of each line. */
export function loadTable(drawn: Drawn | undefined): TableData {
  if (drawn === undefined) return { caption: '', columns: [], rows: [] };
  const optional = (value: number | null) => value ?? Number.NaN;
  const fields: readonly (TableColumn & { readonly of: (point: LoadPoint) => number | string })[] = [
    {
      title: drawn.measure.replace(/ latency$/u, ''),
      key: 'LatencySeconds',
      format: formatSeconds,
      of: (point) => point.latencySeconds,
    },
    {
      title: measures.throughput.short,
      key: 'CompletedRps',
      format: (value) => measureText('throughput', value),
      of: (point) => point.completedRps,
    },
    {
      title: measures.accuracy.short,
      key: 'AccuracyFraction',
      format: (value) => measureText('accuracy', value),
      of: (point) => optional(point.accuracy),
    },
    {
      title: measures.energy.short,
      key: 'EnergyJoulesPerRequest',
      format: (value) => measureText('energy', value),
      of: (point) => optional(point.energyJoulesPerRequest),
    },
    { title: 'verdict', key: 'Verdict', of: (point) => point.verdict },
  ];
  const key = (line: LoadLine) => (line.kind === 'design' ? 'design' : 'baseOnly');
  return {
    caption: `${drawn.lines[0]?.serve ?? ''} at other loads: ${drawn.lines.map(({ label }) => label).join(' and ')}`,
    columns: [
      { title: 'Offered', key: 'offeredRps', format: formatRate },
      { title: 'Load', key: 'loadFactor', format: (value) => `${formatNumber(value)} ×` },
      ...drawn.lines.flatMap((line) =>
        fields.map(({ of: _, ...field }) => ({
          ...field,
          title: `${line.label}: ${field.title}`,
          key: key(line) + field.key,
        })),
      ),
    ],
    rows: (drawn.lines[0]?.points ?? []).map((point, row) => [
      point.offeredRps,
      point.factor,
      ...drawn.lines.flatMap((line) => {
        const each = line.points[row];
        return fields.map(({ of }) => (each === undefined ? '' : of(each)));
      }),
    ]),
  };
}
