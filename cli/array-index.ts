import type { Shard } from '../design/index.ts';

/**
 * The number of an element in an array job, as schedulers give it to a process. `from`: the number of the first element. Sources: the manuals of
 * Slurm (sbatch), HyperQueue (task arrays), Kubernetes (indexed jobs), PBS Professional and OpenPBS (qsub -J), LSF (bsub), Grid Engine
 * (qsub -t) and GNU parallel.
 *
 * The number of elements is never taken from the environment: a retry of one element can be an array of one.
 */
const variables = [
  { name: 'SLURM_ARRAY_TASK_ID', from: 1 },
  { name: 'HQ_TASK_ID', from: 1 },
  { name: 'JOB_COMPLETION_INDEX', from: 0 },
  { name: 'PBS_ARRAY_INDEX', from: 1 },
  { name: 'LSB_JOBINDEX', from: 1 },
  { name: 'SGE_TASK_ID', from: 1 },
  { name: 'PARALLEL_SEQ', from: 1 },
] as const;

/** The number of this element, from 1, and the variable that gave it. A text: the reason why there is none. */
function arrayIndex(
  environment: Readonly<Record<string, string | undefined>>,
): { readonly index: number; readonly variable: string } | string {
  // Grid Engine and LSF set their variable outside of array jobs as well, to `undefined` and 0.
  const set = variables.flatMap(({ name, from }) => {
    const text = environment[name];
    if (text === undefined || text === '' || text === 'undefined' || (name === 'LSB_JOBINDEX' && text === '0'))
      return [];
    return [{ name, text, index: /^\d{1,9}$/u.test(text) ? Number(text) - from + 1 : Number.NaN }];
  });
  const [first] = set;
  if (first === undefined)
    return `needs the number of an element in one of ${variables.map(({ name }) => name).join(', ')}, and none of them is set`;
  const wrong = set.find(({ index }) => !(index >= 1));
  if (wrong !== undefined) return `cannot use ${wrong.name}=${wrong.text}: it is not the number of an element`;
  const other = set.find(({ index }) => index !== first.index);
  if (other !== undefined) {
    return (
      `cannot decide between ${first.name}=${first.text} and ${other.name}=${other.text}. ` +
      'Write the variable of your scheduler instead, such as --shard $HQ_TASK_ID/64'
    );
  }
  return { index: first.index, variable: first.name };
}

/** The shard that `--shard` names: `3/64`, or `auto/64` with the number from the environment. null: all designs. A text: the reason why it is wrong. */
export function readShard(
  written: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Shard | null | string {
  if (written === undefined) return null;
  const [, index = '', size = ''] = /^(auto|[1-9]\d{0,5})\/([1-9]\d{0,5})$/u.exec(written) ?? [];
  const count = Number(size);
  if (size !== '' && index !== 'auto' && Number(index) <= count) return { index: Number(index), count };
  if (index !== 'auto') return `'--shard' must be I/N with I from 1 to N, or auto/N, not '${written}'`;
  const found = arrayIndex(environment);
  if (typeof found === 'string') return `'--shard auto/${count}' ${found}`;
  if (found.index <= count) return { index: found.index, count };
  return `'--shard auto/${count}' has ${count} parts, but ${found.variable} is the number ${found.index}. Start elements 1 to ${count} only`;
}
