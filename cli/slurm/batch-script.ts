import { shellWord } from '../shell-word.ts';

/** One array job: each element runs one shard. */
export interface BatchJob {
  readonly exploration: string;
  readonly shards: number;
  /** The program and its first arguments: `node`, `cli.cjs`. */
  readonly program: readonly string[];
  readonly workingDirectory: string;
  /** The arguments of every element: `explore FILE --name E --out DIR`. */
  readonly args: readonly string[];
  /** The folder for results and logs. */
  readonly out: string;
  readonly partition: string | undefined;
  /** As Slurm reads it: minutes, `hours:minutes:seconds` or `days-hours`. */
  readonly time: string | undefined;
}

/**
 * The batch script of an array job. The number of shards is a constant in it: a retry of some elements is a smaller array, so a count from the
 * environment would change which designs an element tries.
 */
export function batchScript(job: BatchJob): string {
  const { exploration, shards, program, workingDirectory, args, out, partition, time } = job;
  const command = [...program, ...args, '--shard', `auto/${shards}`, '--jobs', '1'].map(shellWord).join(' ');
  const directives = [
    `--job-name=${`stimpack-${exploration}`.replace(/[^\w-]/gu, '-')}`,
    `--array=1-${shards}`,
    '--cpus-per-task=1',
    `--output="${out.replaceAll('"', '\\"')}/slurm-%A_%a.log"`,
    ...(partition === undefined ? [] : [`--partition=${partition}`]),
    ...(time === undefined ? [] : [`--time=${time}`]),
  ];
  return [
    '#!/bin/bash',
    ...directives.map((directive) => `#SBATCH ${directive}`),
    '',
    `# Element I of the array runs shard I of ${shards}. An element that runs again continues where it stopped.`,
    `cd ${shellWord(workingDirectory)} || exit 1`,
    `exec ${command}`,
    '',
  ].join('\n');
}
