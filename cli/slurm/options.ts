import { resolve } from 'node:path';
import type { CommandContext, Invocation, OptionSpec } from '../command.ts';
import type { Complaint } from '../complaint.ts';
import { longWork } from '../long-work.ts';
import { batchScript } from './batch-script.ts';
import { exploreOnSlurm } from './explore-on-slurm.ts';
import { mostElements } from './scheduler.ts';
import { probesOf, shardCount } from './shard-count.ts';

export const slurmOptions: readonly OptionSpec[] = [
  {
    name: 'slurm',
    help: 'run the shards as an array job of Slurm, wait for it, and merge the results in the --out directory',
  },
  { name: 'partition', value: 'P', help: 'with --slurm: the partition' },
  {
    name: 'array',
    value: 'N',
    help: 'with --slurm: the number of shards; by default they take about ten minutes each, from a measured rate',
  },
  { name: 'time', value: 'T', help: 'with --slurm: the time limit of each shard, as sbatch reads it' },
  { name: 'dry-run', help: 'with --slurm: print the batch script and submit nothing' },
];

export interface SlurmRequest {
  readonly partition: string | undefined;
  readonly time: string | undefined;
  /** undefined: from a measured rate. */
  readonly shards: number | undefined;
  readonly isDryRun: boolean;
}

/** The options for Slurm. undefined without `--slurm`. */
export function readSlurm(options: Invocation['options']): SlurmRequest | Complaint | undefined {
  const usage = (message: string): Complaint => ({ code: 'usage', message });
  const own = ['partition', 'array', 'time', 'dry-run'].find((name) => options.has(name));
  if (!options.has('slurm')) return own === undefined ? undefined : usage(`'--${own}' needs '--slurm'`);
  const other = ['shard', 'html'].find((name) => options.has(name));
  if (other !== undefined) return usage(`'--slurm' runs all shards and cannot be combined with '--${other}'`);
  if (!options.has('out'))
    return usage("'--slurm' needs '--out DIR': a directory that all nodes can reach, for the results");
  const array = options.get('array');
  if (array !== undefined && !/^[1-9]\d{0,5}$/u.test(array))
    return usage(`'--array' must be the number of shards, from 1 to 999999, not '${array}'`);
  const [partition, time] = [options.get('partition'), options.get('time')];
  // A line of the script has one directive, and its words have no spaces.
  for (const [name, value] of [
    ['partition', partition],
    ['time', time],
  ] as const)
    if (value !== undefined && !/^[\w.,:+-]+$/u.test(value)) return usage(`'--${name}' cannot be '${value}'`);
  const isDryRun = options.has('dry-run');
  return { partition, time, shards: array === undefined ? undefined : Number(array), isDryRun };
}

/** The exploration that runs on the cluster. `uri` and `file`: its file, as the engine and as messages name it. */
export interface SlurmExploration {
  readonly uri: string;
  readonly file: string;
  readonly exploration: string;
  /** The number of designs. */
  readonly count: number;
  readonly hash: string;
  readonly out: string;
}

/** Runs an exploration on Slurm, or prints its script. `done`: the results of all shards are in the directory. */
export async function runOnSlurm(
  request: SlurmRequest,
  { uri, file, exploration, count, hash, out }: SlurmExploration,
  { lists }: Invocation,
  context: CommandContext,
): Promise<'done' | 'printed' | 'stopped' | Complaint> {
  const { terminal } = context;
  const most = await mostElements();
  if (request.shards !== undefined && request.shards > most) {
    const message = `'--array' is ${request.shards}, but this cluster allows ${most} elements in one array (MaxArraySize)`;
    return { code: 'usage', message };
  }
  const shards = Math.min(count, request.shards ?? (await measuredShards(uri, exploration, count, most, context)));
  const settings = (lists.get('set') ?? []).flatMap((each) => ['--set', each]);
  const [script = ''] = process.argv.slice(1);
  const job = {
    exploration,
    shards,
    program: [process.execPath, resolve(script)],
    workingDirectory: terminal.directory,
    args: ['explore', file, '--name', exploration, '--out', out, ...settings],
    out,
    partition: request.partition,
    time: request.time,
  };
  if (request.isDryRun) {
    terminal.out(batchScript(job));
    return 'printed';
  }
  return exploreOnSlurm({ job, hash }, context);
}

/** Runs a few designs on one core here, and sizes the shards from their time. */
async function measuredShards(
  uri: string,
  exploration: string,
  count: number,
  most: number,
  context: CommandContext,
): Promise<number> {
  const { engine } = context;
  const probes = probesOf(count);
  engine.limitThreads(1);
  const begun = performance.now();
  let tried = 0;
  await longWork(
    context,
    (done) => ({ name: `${exploration}  measuring the time of a design`, fraction: done / probes.length }),
    (onProgress, stop) => engine.explore(uri, exploration, probes, { onProgress, onPart: () => tried++ }, stop),
  );
  const seconds = (performance.now() - begun) / 1000;
  return shardCount(count, seconds / Math.max(1, tried), most);
}
