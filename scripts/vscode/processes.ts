import { spawn, spawnSync } from 'node:child_process';
import { rmSync, statSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** The result of a finished command. `output` has standard output and standard error in the order of their arrival. */
export interface Finished {
  readonly code: number;
  readonly output: string;
}

export interface RunOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
}

/** Runs a command to its end, without a shell and without standard input. Never rejects for a non-zero exit code. */
export function tryRun(command: string, args: readonly string[], options: RunOptions = {}): Promise<Finished> {
  return new Promise((resolve) => {
    let output = '';
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      // npm is a .cmd file on Windows, which only a shell can start.
      shell: process.platform === 'win32' && command.endsWith('.cmd'),
    });
    const collect = (chunk: Buffer): void => {
      output += chunk.toString();
    };
    child.stdout.on('data', collect);
    child.stderr.on('data', collect);
    child.on('error', (error) => resolve({ code: 127, output: `${output}${error.message}\n` }));
    child.on('close', (code) => resolve({ code: code ?? 1, output }));
  });
}

/** Like tryRun, but a non-zero exit code becomes an Error that shows the command and the end of its output. */
export async function run(command: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const { code, output } = await tryRun(command, args, options);
  if (code !== 0) {
    throw new Error(`"${[command, ...args].join(' ')}" ended with code ${code}:\n${lastLines(output, 40)}`);
  }
  return output;
}

export function lastLines(text: string, count: number): string {
  return text.trimEnd().split('\n').slice(-count).join('\n');
}

/** The full path of a program on PATH, or undefined. */
export function findOnPath(...names: readonly string[]): string | undefined {
  const endings = process.platform === 'win32' ? ['.exe', '.cmd', ''] : [''];
  for (const name of names) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      for (const ending of endings) {
        const path = join(folder, name + ending);
        if (folder !== '' && isFile(path)) return path;
      }
    }
  }
  return undefined;
}

export function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

/**
 * An action to undo something when the process ends, in whatever way. A call undoes it earlier; a second call does
 * nothing.
 */
export type Undo = () => void;

const pending = new Set<Undo>();
let listening = false;

/**
 * Registers synchronous clean-up for exit, Ctrl+C, a closed terminal and `kill`. Without a handler, the three signals
 * would end this process and leave the server and its data folder behind.
 */
export function undoAtExit(action: () => void): Undo {
  if (!listening) {
    listening = true;
    process.on('exit', undoAll);
    for (const [signal, number] of [
      ['SIGINT', 2],
      ['SIGTERM', 15],
      ['SIGHUP', 1],
    ] as const) {
      process.on(signal, () => {
        undoAll();
        process.exit(128 + number);
      });
    }
  }
  const undo: Undo = () => {
    if (pending.delete(undo)) action();
  };
  pending.add(undo);
  return undo;
}

function undoAll(): void {
  for (const undo of [...pending].reverse()) undo();
}

/** Ends a process that was started with `detached: true`, and all processes that it started. */
export function killGroup(pid: number): void {
  if (process.platform === 'win32') {
    spawnSync('taskkill', ['/pid', String(pid), '/T', '/F'], { stdio: 'ignore' });
    return;
  }
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // The group has ended already.
  }
}

/** Removes a folder. A dying process may still write to it, so the removal is retried. */
export function removeFolder(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}
