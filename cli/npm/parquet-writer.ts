import { parquetWriteBuffer } from 'hyparquet-writer';
import { assertNever } from '../../design/index.ts';

/** A column of a table. All columns of a table have the same length. null: the cell is empty. */
export type TableColumn = { readonly name: string } & (
  | { readonly type: 'count'; readonly cells: readonly number[] }
  | { readonly type: 'number'; readonly cells: readonly (number | null)[] }
  | { readonly type: 'boolean'; readonly cells: readonly boolean[] }
  | { readonly type: 'text'; readonly cells: readonly (string | null)[] }
);

/** Writes a table. `about`: texts that describe it, which readers show as metadata of the file. The same table always gives the same bytes. */
export type ParquetWriter = (
  columns: readonly TableColumn[],
  about: Readonly<Record<string, string>>,
  writtenBy: string,
) => Uint8Array;

/** A Parquet file with Snappy, which pandas, Polars, DuckDB and Spark read. Counts are 64-bit integers, and numbers are doubles. */
export const parquetBytes: ParquetWriter = (columns, about, writtenBy) =>
  new Uint8Array(
    parquetWriteBuffer({
      columnData: columns.map((column) => {
        const { name } = column;
        switch (column.type) {
          case 'count':
            return { name, data: column.cells.map(BigInt), type: 'INT64' as const, nullable: false };
          case 'number':
            return { name, data: [...column.cells], type: 'DOUBLE' as const, nullable: true };
          case 'boolean':
            return { name, data: [...column.cells], type: 'BOOLEAN' as const, nullable: false };
          case 'text':
            return { name, data: [...column.cells], type: 'STRING' as const, nullable: true };
          default:
            return assertNever(column);
        }
      }),
      kvMetadata: Object.entries(about).map(([key, value]) => ({ key, value })),
      createdBy: writtenBy,
    }),
  );
