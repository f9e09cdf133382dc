import { measures, measureText, runVerdict, type ScenarioResult } from '../../../design/index.ts';
import type { TableColumn } from '../table.ts';
import { type Style, tableLines, verdictHeader, verdictText } from './style.ts';

/** The scenario and its variants, one row for each run and served model. */
export function comparison(result: ScenarioResult, style: Style): string[] {
  const runs = [result.main, ...result.variants];
  const several = result.main.serves.length > 1;
  const columns: TableColumn[] = [
    { header: 'compare', align: 'left', shrinkTo: 14 },
    ...(several ? [{ header: 'serve', align: 'left', shrinkTo: 10 } as const] : []),
    { header: verdictHeader(style), align: 'left' },
    { header: measures.p50Latency.short, align: 'right', importance: 3 },
    { header: measures.p99Latency.short, align: 'right' },
    { header: measures.goodput.short, align: 'right', importance: 5 },
    { header: measures.accuracy.short, align: 'right', importance: 4 },
    { header: measures.burstShare.short, align: 'right', importance: 2 },
    { header: measures.energy.short, align: 'right', importance: 1 },
  ];
  const rows = runs.flatMap((run) =>
    run.serves.map((serve, index) => [
      index === 0 ? run.label : '',
      ...(several ? [serve.name] : []),
      index === 0 ? verdictText(runVerdict(run), style) : '',
      measureText('p50Latency', serve.latency.p50),
      measureText('p99Latency', serve.latency.p99),
      measureText('goodput', serve.goodputRps),
      serve.accuracy === null ? '' : measureText('accuracy', serve.accuracy),
      measureText('burstShare', serve.burstShare),
      serve.energyJoulesPerRequest === null ? '' : measureText('energy', serve.energyJoulesPerRequest),
    ]),
  );
  // A column without any value is left out, for example if no model states an accuracy or no chip has energy figures.
  const kept = columns.map((_, index) => rows.some((row) => row[index] !== ''));
  const shown = <T>(cells: readonly T[]): T[] => cells.filter((_, index) => kept[index] === true);
  return tableLines(shown(columns), rows.map(shown), style);
}
