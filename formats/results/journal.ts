import type { Caveat, Plan, ResultPart, ResultRow, Shard } from '../../design/index.ts';
import { caveatFields, readCaveat } from './caveat-fields.ts';
import { journalName, resultsSchemaVersion } from './layout.ts';
import { fieldsOf, listOf, parsed, rowOf, textsOf } from './read-results.ts';
import { rowFields } from './write-results.ts';

/*
 * The journal of a run in progress, in JSON lines: a first line that names the plan, then one line for each finished design. A process that is
 * killed leaves it behind, perhaps with a part of a last line, and the next run of the same designs continues from it.
 */

export const journalExtension = '.rows';

/** What identifies the designs of a journal: rows of another plan, shard or version are of no use. */
export interface JournalOwner {
  readonly plan: Plan;
  readonly shard: Shard | null;
  readonly toolVersion: string;
}

/** One finished design, with the caveats and stated inputs of its runs. */
interface JournalRow {
  readonly row: ResultRow;
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

/** The first line. */
export function journalHead(owner: JournalOwner): string {
  return `${JSON.stringify(headOf(owner))}\n`;
}

/** The line of a design. Its row has the codes of its caveats, and `runCaveats` their texts. */
export function journalLine(plan: Plan, { row, caveats, statedInputs }: JournalRow): string {
  return `${JSON.stringify({ ...rowFields(plan, row), runCaveats: caveats.map(caveatFields), statedInputs })}\n`;
}

/**
 * The finished designs of a journal, each once. Empty if the journal belongs to other designs. It ends at the first line that is cut off or does
 * not fit the plan, and never throws.
 */
export function readJournal(text: string, owner: JournalOwner): ResultPart {
  const { plan, shard, toolVersion } = owner;
  const lines = text.split('\n');
  // The text after the last line feed is a line that was cut off.
  lines.pop();
  const rows = new Map<number, ResultRow>();
  const caveats: Caveat[] = [];
  const statedInputs: string[] = [];
  const isOurs = lines[0] === journalHead(owner).trimEnd();
  for (const line of isOurs ? lines.slice(1) : []) {
    const read = journalRow(plan, shard, line);
    if (read === undefined) break;
    rows.set(read.row.design, read.row);
    caveats.push(...read.caveats);
    statedInputs.push(...read.statedInputs);
  }
  return { plan, shard, toolVersion, caveats, statedInputs, rows: [...rows.values()] };
}

function headOf({ plan, shard, toolVersion }: JournalOwner): { readonly [key: string]: unknown } {
  return {
    format: journalName,
    schemaVersion: resultsSchemaVersion,
    toolVersion,
    planHash: plan.hash,
    exploration: plan.exploration,
    shard: shard === null ? null : { index: shard.index, count: shard.count },
  };
}

function journalRow(plan: Plan, shard: Shard | null, line: string): JournalRow | undefined {
  const fields = parsed(line);
  const row = rowOf(plan, shard, fields);
  const caveats = listOf(fields?.runCaveats, (each) => readCaveat(fieldsOf(each)));
  const statedInputs = textsOf(fields?.statedInputs);
  if (typeof row === 'string' || caveats === undefined || statedInputs === undefined) return undefined;
  return { row, caveats, statedInputs };
}
