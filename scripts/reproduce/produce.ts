import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { allTasks, findingsOf, measure } from './findings.ts';
import { page } from './page.ts';
import { allPlots } from './plots.ts';
import { readmeWith } from './readme.ts';
import { type ExperimentRecord, recordOf } from './record.ts';
import { loadSubjects } from './subjects.ts';
import type { Answer, Task } from './tasks.ts';
import type { Effort } from './traffic.ts';

/** The text of each written file, by its path in the repository. */
export type Files = ReadonlyMap<string, string>;

export interface Production {
  readonly effort: Effort;
  /** The networks and mixes to run. The answers of the others are those of `record`, so that one task can be repeated alone. Absent: all of them. */
  readonly only?: { readonly subjects: readonly string[]; readonly record: ExperimentRecord };
  readonly startWorker: () => Worker;
  /** Called at the beginning and after each task. */
  readonly onProgress?: (done: number, all: number) => void;
}

const recordPath = 'docs/reproduction.json';

/** Runs the experiment and writes its record and its page. */
export async function produce(root: string, { effort, only, startWorker, onProgress }: Production): Promise<Files> {
  const subjects = await loadSubjects(root);
  const all = allTasks(subjects, effort);
  const recorded = (task: Task) => (only === undefined ? undefined : recordedAnswer(only, task));
  const missing = all.filter((task) => recorded(task) === undefined);
  const measured = await measure(missing, startWorker, onProgress);
  // Each task that has no recorded answer was measured, so the cast is safe.
  const answers = all.map((task) => recorded(task) ?? (measured[missing.indexOf(task)] as Answer));
  const record = recordOf(subjects, answers, effort);
  return new Map([[recordPath, `${JSON.stringify(record, null, 1)}\n`], ...(await written(root, record))]);
}

/** The answer of a task that need not run. Tasks do not depend on each other, so it is equal to that of a new run. */
function recordedAnswer({ subjects, record }: NonNullable<Production['only']>, task: Task): Answer | undefined {
  if (subjects.includes(task.subject) || record.effort !== task.effort) return undefined;
  return record.answers.find(({ serving }) => serving.subject === task.subject && serving.traffic === task.traffic);
}

/** The content of the record of the last whole experiment. */
export function committedRecord(root: string): ExperimentRecord {
  return JSON.parse(readFileSync(join(root, recordPath), 'utf8')) as ExperimentRecord;
}

/** The page, its plots and the table of README.md, from a record. */
export async function written(root: string, { answers, effort }: ExperimentRecord): Promise<Files> {
  const findings = await findingsOf(root, answers);
  const files = new Map([['docs/reproduction.md', page(findings, effort)]]);
  for (const [name, svg] of allPlots(findings)) files.set(`docs/images/${name}`, svg);
  files.set('README.md', readmeWith(readFileSync(join(root, 'README.md'), 'utf8'), findings));
  return files;
}

/** One sentence for each file that differs from the text that would be written, with its first different line. */
export function differences(files: Files, read: (path: string) => string | undefined): readonly string[] {
  return [...files].flatMap(([path, text]) => {
    const there = read(path);
    if (there === text) return [];
    if (there === undefined) return [`${path} is missing: npm run reproduce writes it`];
    const [own, other] = [text.split('\n'), there.split('\n')];
    const line = own.findIndex((one, index) => one !== other[index]);
    const at = line < 0 ? own.length : line;
    return [`${path}:${at + 1} disagrees with the code (npm run reproduce rewrites it): ${own[at] ?? 'nothing more'}`];
  });
}
