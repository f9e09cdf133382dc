import {
  formatPercent,
  formatPercentileSeconds,
  formatQuantity,
  formatRate,
  type ScenarioResult,
} from '../../../design/index.ts';
import { verdictOf } from '../../verdict.ts';
import type { TableColumn } from '../table.ts';
import { type Style, tableLines, verdictHeader, verdictText } from './style.ts';

/** The scenario beside its variants, one row a run and served model. */
export function comparison(result: ScenarioResult, style: Style): string[] {
  const runs = [result.main, ...result.variants];
  const several = result.main.serves.length > 1;
  const columns: TableColumn[] = [
    { header: 'compare', align: 'left', shrinkTo: 14 },
    ...(several ? [{ header: 'serve', align: 'left', shrinkTo: 10 } as const] : []),
    { header: verdictHeader(style), align: 'left' },
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
      index === 0 ? verdictText(verdictOf(run), style) : '',
      formatPercentileSeconds(serve.latency.p50),
      formatPercentileSeconds(serve.latency.p99),
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
