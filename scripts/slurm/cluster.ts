import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installDebianPackages } from '../vscode/debian.ts';
import { findOnPath, undoAtExit } from '../vscode/processes.ts';

/*
 * A cluster of real Slurm on this machine: one controller and two nodes, without systemd and without munge. It listens on free ports, and all of its
 * files are in one folder. Slurm starts jobs as other users, so its programs must run as root.
 */

const packages = ['slurmctld', 'slurmd', 'slurm-client'] as const;
const programs = ['slurmctld', 'slurmd', 'sbatch', 'squeue', 'scontrol'] as const;
const nodeNames = ['n1', 'n2'] as const;

export type NodeName = (typeof nodeNames)[number];

/** Installs Slurm where Debian's packages can be had. Returns undefined if it can run here, else the reason as a sentence. */
export async function missingSlurm(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return 'Slurm needs root.';
  const missing = () => programs.filter((program) => findOnPath(program) === undefined);
  if (missing().length === 0) return undefined;
  const problem = await installDebianPackages(packages, 'the test with Slurm');
  return missing().length === 0 ? undefined : `${missing().join(', ')} is missing. ${problem ?? ''}`.trim();
}

export interface Cluster {
  /** The environment in which the commands of Slurm reach this cluster. */
  readonly env: NodeJS.ProcessEnv;
  /** Kills a node and everything that runs on it, as a power failure does. */
  readonly kill: (node: NodeName) => void;
  /** Starts a killed node again. */
  readonly restart: (node: NodeName) => void;
  /** Output of a command of Slurm. */
  readonly ask: (command: string, ...args: readonly string[]) => string;
  readonly stop: () => void;
}

/** Starts a cluster whose files are in `directory`. Throws if its nodes are not idle after half a minute. */
export async function startCluster(directory: string): Promise<Cluster> {
  const [controllerPort, ...nodePorts] = await freePorts(1 + nodeNames.length);
  const path = join(directory, 'slurm.conf');
  for (const name of ['state', ...nodeNames]) mkdirSync(join(directory, name), { recursive: true });
  writeFileSync(path, configuration(directory, controllerPort ?? 0, nodePorts));
  const env = { ...process.env, SLURM_CONF: path };
  const start = (name: string, program: string, args: readonly string[]): ChildProcess => {
    const log = openSync(join(directory, `${name}.out`), 'a');
    return spawn(program, [...args, '-D', '-f', path], { env, stdio: ['ignore', log, log], detached: true });
  };
  const startNode = (name: NodeName): ChildProcess => start(name, 'slurmd', ['-N', name]);
  const controller = start('slurmctld', 'slurmctld', ['-i']);
  const nodes = new Map(nodeNames.map((name) => [name, startNode(name)]));
  const ask: Cluster['ask'] = (command, ...args) => spawnSync(command, args, { env, encoding: 'utf8' }).stdout ?? '';
  const kill = (name: NodeName): void => {
    killQuietly(nodes.get(name)?.pid);
    for (const pid of jobProcesses(path, name)) killQuietly(pid);
  };
  // The daemons outlive this process otherwise.
  const stop = undoAtExit(() => {
    for (const name of nodeNames) kill(name);
    killQuietly(controller.pid);
  });
  for (let attempt = 0; attempt < 120; attempt++) {
    const idle = ask('sinfo', '--noheader', '--Node', '--format=%T').split('\n');
    if (idle.filter((state) => state === 'idle').length === nodeNames.length) {
      return { env, kill, restart: (name) => void nodes.set(name, startNode(name)), ask, stop };
    }
    await sleep(250);
  }
  stop();
  throw new Error(`the nodes of Slurm did not become idle; their logs are in ${directory}`);
}

function configuration(directory: string, controllerPort: number, nodePorts: readonly number[]): string {
  const host = hostname();
  return [
    'ClusterName=test',
    `SlurmctldHost=${host}(127.0.0.1)`,
    `SlurmctldPort=${controllerPort}`,
    'SlurmUser=root',
    'SlurmdUser=root',
    'AuthType=auth/none',
    'CredType=cred/none',
    'ProctrackType=proctrack/pgid',
    'TaskPlugin=task/none',
    'MpiDefault=none',
    'SelectType=select/cons_tres',
    'SelectTypeParameters=CR_CPU',
    // The machine can have more or fewer processors than a node states.
    'SlurmdParameters=config_overrides',
    'MaxArraySize=20',
    'JobRequeue=1',
    'ReturnToService=2',
    // The shortest time after which Slurm marks a node as down.
    'SlurmdTimeout=10',
    'KillWait=5',
    'SchedulerParameters=sched_interval=5,batch_sched_delay=0,bf_interval=1',
    `StateSaveLocation=${join(directory, 'state')}`,
    `SlurmdSpoolDir=${join(directory, '%n')}`,
    `SlurmctldPidFile=${join(directory, 'slurmctld.pid')}`,
    `SlurmdPidFile=${join(directory, '%n.pid')}`,
    ...nodeNames.map(
      (name, at) =>
        `NodeName=${name} NodeHostname=${host} NodeAddr=127.0.0.1 Port=${nodePorts[at]} CPUs=1 State=UNKNOWN`,
    ),
    `PartitionName=short Nodes=${nodeNames.join(',')} Default=YES MaxTime=60 State=UP`,
    '',
  ].join('\n');
}

/** Ports of this machine that no process listens on. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => new Promise((resolve) => server.once('listening', resolve))));
  const ports = servers.map((server) => {
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

/**
 * The processes of the jobs of a node. Slurm's daemon for a step has its own session and belongs to process 1, so the environment of the jobs
 * identifies them, and the daemon is the parent of the first one.
 */
function jobProcesses(configurationPath: string, node: NodeName): readonly number[] {
  const { stdout } = spawnSync('ps', ['-eo', 'pid=,ppid=,comm='], { encoding: 'utf8' });
  const found = new Set<number>();
  for (const line of stdout.split('\n')) {
    const [, pid = '', parent = '', name = ''] = /^\s*(\d+)\s+(\d+)\s+(.*)$/u.exec(line) ?? [];
    const environment = environmentOf(pid);
    if (!environment.includes(`SLURMD_NODENAME=${node}`) || !environment.includes(`SLURM_CONF=${configurationPath}`))
      continue;
    found.add(Number(pid));
    if (name !== 'slurmstepd' && stdout.match(`(^|\n)\\s*${parent}\\s+\\d+\\s+slurmstepd`) !== null)
      found.add(Number(parent));
  }
  // The daemons first, so that they report nothing.
  return [...found].sort((a, b) => a - b);
}

function environmentOf(pid: string): readonly string[] {
  try {
    return pid === '' ? [] : readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    // The process has ended.
    return [];
  }
}

function killQuietly(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended already.
  }
}
