import type { ExplorationResult } from '../design/index.ts';
import type { CommandContext } from './command.ts';
import type { Complaint } from './complaint.ts';
import type { ExploredFile } from './json/exploration.ts';
import { writeOutput } from './output-file.ts';
import { resultTable } from './result-table.ts';
import { version } from './version.ts';

/** The reason why a format and the file of --out do not fit together. Undefined if they do. */
export function outProblem(format: string, out: string | undefined): Complaint | undefined {
  const hint = 'stimpack merge DIR --format parquet --out designs.parquet';
  if (format === 'parquet' && out === undefined)
    return { code: 'usage', message: '--format parquet needs a file: Parquet is not text for a terminal', hint };
  if (format !== 'parquet' && out !== undefined)
    return {
      code: 'usage',
      message: `--out needs --format parquet; the format is ${format}, which goes to standard output`,
      hint,
    };
  return undefined;
}

/** Writes the designs of an exploration as a Parquet file. Returns the reason if it failed. `inputs`: see `writeOutput`. */
export function writeTable(
  result: ExplorationResult,
  explored: ExploredFile,
  { out, inputs }: { readonly out: string; readonly inputs: readonly string[] },
  { terminal, loadParquetWriter }: CommandContext,
): Complaint | undefined {
  const write = loadParquetWriter?.();
  if (write === undefined) {
    const message = 'this installation does not contain the Parquet writer';
    return { code: 'usage', message, hint: 'Install Stimpack with npm, or use --format csv' };
  }
  const { name, scenario } = result.exploration;
  const about = {
    'stimpack.file': explored.file,
    'stimpack.exploration': name,
    'stimpack.scenario': scenario,
    'stimpack.npu': explored.npu,
  };
  const table = write(resultTable(result, explored), about, `stimpack ${version}`);
  return writeOutput(out, terminal.directory, table, inputs);
}
