import { describe, expect, test } from 'vitest';
import { readShard } from '../../cli/array-index.ts';
import { rangesOf } from '../../cli/missing-shards.ts';
import { batchScript } from '../../cli/slurm/batch-script.ts';
import { probesOf, shardCount } from '../../cli/slurm/shard-count.ts';

describe('the shard of an element of an array job', () => {
  test.each<[string, Record<string, string>, number]>([
    ['Slurm', { SLURM_ARRAY_TASK_ID: '3' }, 3],
    ['a retry of one element, whose count says nothing', { SLURM_ARRAY_TASK_ID: '7', SLURM_ARRAY_TASK_COUNT: '1' }, 7],
    ['HyperQueue', { HQ_TASK_ID: '64' }, 64],
    ['Kubernetes, which counts from 0', { JOB_COMPLETION_INDEX: '0' }, 1],
    ['Kubernetes, the last one', { JOB_COMPLETION_INDEX: '63' }, 64],
    ['PBS', { PBS_ARRAY_INDEX: '12' }, 12],
    ['LSF', { LSB_JOBINDEX: '5' }, 5],
    ['Grid Engine', { SGE_TASK_ID: '5' }, 5],
    ['GNU parallel', { PARALLEL_SEQ: '9' }, 9],
    ['two variables that agree', { PARALLEL_SEQ: '9', SLURM_ARRAY_TASK_ID: '9' }, 9],
    ['Grid Engine and LSF outside of an array', { SGE_TASK_ID: 'undefined', LSB_JOBINDEX: '0', HQ_TASK_ID: '2' }, 2],
  ])('%s', (_, environment, index) => {
    expect(readShard('auto/64', environment)).toEqual({ index, count: 64 });
  });

  test.each<[string, string, Record<string, string>, string]>([
    ['no variable', 'auto/64', {}, 'none of them is set'],
    ['two numbers', 'auto/64', { SLURM_ARRAY_TASK_ID: '1', HQ_TASK_ID: '3' }, 'SLURM_ARRAY_TASK_ID=1 and HQ_TASK_ID=3'],
    ['a number above the count', 'auto/4', { HQ_TASK_ID: '5' }, 'HQ_TASK_ID is the number 5'],
    ['Slurm from 0', 'auto/4', { SLURM_ARRAY_TASK_ID: '0' }, 'SLURM_ARRAY_TASK_ID=0'],
    ['not a number', 'auto/4', { PBS_ARRAY_INDEX: '1-4' }, 'PBS_ARRAY_INDEX=1-4'],
    ['Kubernetes, one too many', 'auto/4', { JOB_COMPLETION_INDEX: '4' }, 'JOB_COMPLETION_INDEX is the number 5'],
    ['I above N', '5/4', {}, "not '5/4'"],
    ['no count', 'auto', { HQ_TASK_ID: '5' }, "not 'auto'"],
  ])('%s is refused', (_, written, environment, message) => {
    expect(readShard(written, environment)).toContain(message);
  });

  test('a written number does not depend on the environment', () => {
    expect(readShard('2/4', { SLURM_ARRAY_TASK_ID: '3' })).toEqual({ index: 2, count: 4 });
    expect(readShard(undefined, { SLURM_ARRAY_TASK_ID: '3' })).toBeNull();
  });
});

test.each([
  [[], ''],
  [[3], '3'],
  [[3, 17, 18, 19], '3,17-19'],
  [[1, 2, 4, 5, 7], '1-2,4-5,7'],
])('numbers %j are the ranges %s', (numbers, ranges) => {
  expect(rangesOf(numbers).join(',')).toBe(ranges);
});

test.each([
  ['ten-minute shards', 10_000, 3, 1000, 50],
  ['less than ten minutes', 100, 0.01, 1000, 1],
  ['no more than the cluster allows', 1e6, 3, 1000, 1000],
  ['no more than designs', 4, 1e5, 1000, 4],
])('%s', (_, designs, seconds, most, shards) => {
  expect(shardCount(designs, seconds, most)).toBe(shards);
});

test('the measured designs are spread over the plan', () => {
  expect([probesOf(1), probesOf(2), probesOf(300)]).toEqual([[0], [0, 1], [50, 150, 250]]);
});

test('the batch script quotes the texts of the user and keeps the number of shards', () => {
  const job = {
    exploration: 'Größe 1',
    shards: 64,
    program: ['/usr/bin/node', '/opt/my tools/cli.cjs'],
    workingDirectory: "/home/o'neil/chips",
    args: ['explore', 'sizing.npu', '--name', 'Größe 1', '--out', 'parts', '--set', 'peak=5 rps'],
    out: 'parts',
    partition: 'short',
    time: '30',
  };
  expect(batchScript(job)).toBe(
    [
      '#!/bin/bash',
      '#SBATCH --job-name=stimpack-Gr--e-1',
      '#SBATCH --array=1-64',
      '#SBATCH --cpus-per-task=1',
      '#SBATCH --output="parts/slurm-%A_%a.log"',
      '#SBATCH --partition=short',
      '#SBATCH --time=30',
      '',
      '# Element I of the array runs shard I of 64. An element that runs again continues where it stopped.',
      "cd '/home/o'\\''neil/chips' || exit 1",
      "exec /usr/bin/node '/opt/my tools/cli.cjs' explore sizing.npu --name 'Größe 1' --out parts --set 'peak=5 rps' --shard auto/64 --jobs 1",
      '',
    ].join('\n'),
  );
});
