import type { OptionSpec } from '../command.ts';
import type { Complaint } from '../complaint.ts';

export const jobsOption = (help: string): OptionSpec => ({ name: 'jobs', short: 'j', value: 'N', help });

/** More threads than this cost memory and bring nothing on usual machines. Our assumption. */
const mostJobs = 1024;

/** The number after `--jobs`: Infinity if the option is not given. Returns the reason if it is not a count. */
export function readJobs(written: string | undefined): number | Complaint {
  if (written === undefined) return Number.POSITIVE_INFINITY;
  const jobs = Number(written);
  if (Number.isInteger(jobs) && jobs >= 1 && jobs <= mostJobs) return jobs;
  return { code: 'usage', message: `'--jobs' is a whole number from 1 to ${mostJobs}, not '${written}'` };
}

/**
 * Starts tasks ahead of the one that is awaited, at most `jobs` at a time. Returns a function that awaits the result of a task. Call it for
 * each task in order.
 */
export function aheadOf<T>(
  count: number,
  jobs: number,
  start: (index: number) => Promise<T>,
): (index: number) => Promise<T> {
  const running = new Map<number, Promise<T>>();
  return (index) => {
    for (let next = index; next < Math.min(count, index + jobs); next++) {
      if (running.has(next)) continue;
      const task = start(next);
      // A failure is reported when its turn comes.
      task.catch(() => undefined);
      running.set(next, task);
    }
    const task = running.get(index);
    if (task === undefined) throw new Error(`task ${index} of ${count} does not exist`);
    return task;
  };
}
