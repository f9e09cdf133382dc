import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandContext } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import { longWork } from '../long-work.ts';
import { rangesOf } from '../missing-shards.ts';
import { writeOutput } from '../output-file.ts';
import { reportOf } from '../render/safe-lines.ts';
import { resultPath } from '../result-file-name.ts';
import { type BatchJob, batchScript } from './batch-script.ts';
import { isActive, submit } from './scheduler.ts';

/** Elements that fail are submitted once more. Our assumption: a node that died is not there the second time, and a bug is. */
const mostSubmissions = 2;
const pollMilliseconds = 1000;

/** The plan of the job, for the names of its results files. */
export interface SlurmPlan {
  readonly job: BatchJob;
  readonly hash: string;
}

/**
 * Submits an array job and waits until each shard has its results file. Elements without one when the job has ended are submitted again. Returns
 * `done`, `stopped` if the user stopped waiting (the job goes on), or the reason why the job could not run.
 */
export async function exploreOnSlurm(
  { job, hash }: SlurmPlan,
  context: CommandContext,
): Promise<'done' | 'stopped' | Complaint> {
  const { terminal } = context;
  const path = join(job.out, `${job.exploration.replace(/[^\w-]/gu, '-')}.slurm`);
  const trouble = writeOutput(path, terminal.directory, batchScript(job), context.engine.filesRead());
  if (trouble !== undefined) return trouble;
  const missing = (): readonly number[] =>
    Array.from({ length: job.shards }, (_, at) => at + 1).filter(
      (index) =>
        !existsSync(
          resolve(terminal.directory, resultPath(job.out, job.exploration, hash, { index, count: job.shards })),
        ),
    );
  for (let submission = 1; submission <= mostSubmissions; submission++) {
    const left = missing();
    if (left.length === 0) return 'done';
    const elements = rangesOf(left).join(',');
    const submitted = await submit(resolve(terminal.directory, path), elements);
    if ('why' in submitted) return { code: 'no-scheduler', message: submitted.why, hint: `The script is ${path}.` };
    terminal.err(
      reportOf([`Slurm job ${submitted.job} runs shards ${elements} of ${job.shards}. Its script is ${path}.`]),
    );
    const isStopped = await longWork(
      context,
      (done) => ({ name: `${job.exploration}  shard ${done} of ${job.shards}`, fraction: done / job.shards }),
      (onProgress, stop) => watch(submitted.job, () => onProgress(job.shards - missing().length), stop),
    );
    if (isStopped) {
      const later = `scancel ${submitted.job} ends it. The same command continues, and stimpack merge ${job.out} joins what is finished.`;
      terminal.err(reportOf([`Slurm job ${submitted.job} continues without this command. ${later}`]));
      return 'stopped';
    }
  }
  const failed = missing();
  if (failed.length === 0) return 'done';
  return {
    code: 'failed-shards',
    message: `shards ${rangesOf(failed).join(', ')} of ${job.shards} failed twice`,
    hint: `Read their logs: ${job.out}/slurm-*.log.`,
  };
}

/** Waits for the end of a job. Returns true if the user stopped waiting. */
async function watch(job: string, report: () => void, stop: AbortSignal): Promise<boolean> {
  while (!stop.aborted && (await isActive(job))) {
    report();
    await sleep(pollMilliseconds, undefined, { signal: stop }).catch(() => undefined);
  }
  return stop.aborted;
}
