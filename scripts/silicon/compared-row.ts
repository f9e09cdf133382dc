/** One measurement beside the same work in the model. Times are in seconds. */
export interface ComparedRow {
  readonly name: string;
  readonly measuredSeconds: number;
  readonly ourSeconds: number;
  /** max(MACs / peak, bytes / bandwidth), each byte once. */
  readonly rooflineSeconds: number;
  /** Whether the fitted values of the chip were found on this row. */
  readonly fitted: boolean;
  /** The time with tiles that the model chooses, where `ourSeconds` is for given tiles. */
  readonly ownTilesSeconds?: number;
}

/** All rows of one measured table. */
export interface ComparedTable {
  readonly name: TableName;
  readonly title: string;
  readonly source: string;
  /** How the rows with `fitted` were chosen, and the values that were fitted on them. */
  readonly fit: string;
  readonly rows: readonly ComparedRow[];
}

export type TableName = 'v6e-block' | 'v6e-attention-decode' | 'v6e-attention-prefill' | 'v6e-step' | 'gemmini-firesim';

/** Our time divided by the measured one, minus 1. */
export function errorOf(row: ComparedRow, seconds: number = row.ourSeconds): number {
  return seconds / row.measuredSeconds - 1;
}

export function meanAbsoluteError(rows: readonly ComparedRow[]): number {
  return rows.reduce((sum, row) => sum + Math.abs(errorOf(row)), 0) / rows.length;
}

/** The JSON document of `--format json`. The rows of `v6e-step` are sums of rows of the other tables, so they are not a table of the folder. */
export function summaryOf(all: readonly ComparedTable[]) {
  const lineOf = ({ name, rows }: ComparedTable) => ({
    name,
    rows: rows.length,
    meanAbsoluteError: meanAbsoluteError(rows),
  });
  const isSum = ({ name }: ComparedTable) => name === 'v6e-step';
  return { tables: all.filter((one) => !isSum(one)).map(lineOf), sums: all.filter(isSum).map(lineOf) };
}
