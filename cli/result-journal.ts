import { randomBytes } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { ResultPart } from '../design/index.ts';
import { readLimits } from '../engine/index.ts';
import {
  contradictions,
  type JournalOwner,
  journalExtension,
  journalHead,
  journalLine,
  readJournal,
  readResults,
  resultsExtension,
} from '../formats/index.ts';
import { createGrowingFile, type GrowingFile, readPath } from '../host/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';
import { partOf } from './result-parts.ts';

/** The rows of earlier runs of the same designs, and the files that contain them. */
export interface EarlierRows {
  readonly parts: readonly ResultPart[];
  /** Paths of results files: the complete one, or those of a stopped run. */
  readonly results: readonly string[];
  /** Paths of the journals of killed runs. A run that still works may have one as well, and loses nothing without it. */
  readonly journals: readonly string[];
}

/**
 * Reads what earlier runs left beside a results file. Damaged files and files of other designs, shards or versions are ignored, and so are
 * files that contradict each other. Their designs run again.
 */
export async function earlierRows(target: string, owner: JournalOwner): Promise<EarlierRows> {
  const found: { readonly path: string; readonly part: ResultPart }[] = [];
  for (const path of besides(target)) {
    const read = await readPath(path, readLimits.part);
    if (read.kind !== 'read') continue;
    const text = new TextDecoder().decode(read.value);
    if (path.endsWith(journalExtension)) {
      const part = readJournal(text, owner);
      if (part.rows.length > 0) found.push({ path, part });
      continue;
    }
    const results = readResults(text);
    if (results.kind === 'part' && isOf(results.part, owner)) found.push({ path, part: results.part });
  }
  const unsure = new Set(contradictions(found.map(({ part }) => part)).map(({ part }) => part));
  const sure = found.filter((_, index) => !unsure.has(index));
  const paths = sure.map(({ path }) => path);
  return {
    parts: sure.map(({ part }) => part),
    results: paths.filter((path) => !path.endsWith(journalExtension)),
    journals: paths.filter((path) => path.endsWith(journalExtension)),
  };
}

/** The results files and journals whose names begin with that of `target`, sorted. */
function besides(target: string): readonly string[] {
  const start = basename(target).slice(0, -resultsExtension.length);
  const names = [`${start}${resultsExtension}`, `${start}-stopped${resultsExtension}`];
  try {
    return readdirSync(dirname(target))
      .filter((name) => names.includes(name) || (name.startsWith(`${start}.`) && name.endsWith(journalExtension)))
      .sort()
      .map((name) => join(dirname(target), name));
  } catch {
    return [];
  }
}

function isOf({ plan, shard, toolVersion }: ResultPart, owner: JournalOwner): boolean {
  return (
    plan.hash === owner.plan.hash &&
    plan.exploration === owner.plan.exploration &&
    toolVersion === owner.toolVersion &&
    shard?.index === owner.shard?.index &&
    shard?.count === owner.shard?.count
  );
}

/** Keeps the finished designs of a run on the disk while it works. Each process has its own file, so two of them do not hurt each other. */
export class ResultJournal {
  private readonly owner: JournalOwner;
  private readonly file: GrowingFile;

  /** `target`: the path of the results file. Throws Node's error if the journal cannot be created. */
  constructor(target: string, owner: JournalOwner) {
    this.owner = owner;
    const start = resolve(target).slice(0, -resultsExtension.length);
    this.file = createGrowingFile(`${start}.${randomBytes(6).toString('hex')}${journalExtension}`);
    this.file.add(journalHead(owner));
  }

  /** Adds finished designs. A full disk is no reason to end the run: its results file may still fit elsewhere, and reports the problem. */
  add(explored: ExploredDesigns): void {
    const { plan } = this.owner;
    const { rows, caveats, statedInputs } = partOf(explored, this.owner);
    try {
      for (const row of rows) this.file.add(journalLine(plan, { row, caveats, statedInputs }));
    } catch {
      return;
    }
  }

  /** The rows are in a results file now, or there are none. */
  remove(): void {
    this.file.remove();
  }
}

/** Removes files whose rows are all in a results file. One that cannot be removed does no harm. */
export function removeAbsorbed(paths: readonly string[]): void {
  for (const path of paths) {
    try {
      rmSync(path, { force: true });
    } catch {}
  }
}
