import { relative, resolve } from 'node:path';
import type { Plan, Shard } from '../design/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';
import type { CommandContext } from './command.ts';
import type { Complaint } from './complaint.ts';
import type { FinishedDesigns } from './finished-designs.ts';
import { writeTrouble } from './output-file.ts';
import { freePath } from './result-file-name.ts';
import { earlierRows, ResultJournal, removeAbsorbed } from './result-journal.ts';
import { exploredDesigns } from './result-parts.ts';
import { version } from './version.ts';

/** The rows of an exploration on the disk: those of earlier runs, and those that this run adds. */
export interface KeptRows {
  /** Adds finished designs, so that they survive the end of the process. */
  readonly add: (part: ExploredDesigns) => void;
  /** The path for the results file. `isPart`: designs are missing, so the file must not replace one of other designs. */
  readonly targetOf: (isPart: boolean) => string;
  /** The results file at this path now has all rows: removes the journal and what earlier runs left. */
  readonly end: (written: string) => void;
}

/** Opens the rows of a results file, and adds those of earlier runs to `found`. `path` is as in messages: relative to the working directory. A complaint if no row could be kept. */
export async function keepRows(
  path: string,
  { plan, shard }: { readonly plan: Plan; readonly shard: Shard | null },
  found: FinishedDesigns,
  { terminal }: CommandContext,
): Promise<KeptRows | Complaint> {
  const target = resolve(terminal.directory, path);
  const owner = { plan, shard, toolVersion: version };
  const { parts, results, journals } = await earlierRows(target, owner);
  let journal: ResultJournal;
  try {
    journal = new ResultJournal(target, owner);
  } catch (error) {
    return writeTrouble(path, target, error);
  }
  for (const part of parts) found.add(exploredDesigns(plan, part));
  return {
    add: (part) => journal.add(part),
    // A file whose rows are all part of this result can be replaced.
    targetOf: (isPart) => (isPart && !results.includes(target) ? freePath(path, terminal.directory) : path),
    end: (written) => {
      journal.remove();
      const kept = resolve(terminal.directory, written);
      removeAbsorbed([...results, ...journals].filter((each) => relative(each, kept) !== ''));
    },
  };
}
