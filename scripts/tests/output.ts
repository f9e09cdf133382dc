import { type ChildProcess, spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';
import { repositoryFolder } from '../vscode/artifacts.ts';

/** The output of a step so far, and the function that runs its commands. */
export class Output {
  private readonly chunks: string[] = [];
  private readonly running = new Set<ChildProcess>();
  private readonly isBackground: boolean;

  /** `isBackground`: the commands get the processor time that other programs do not need. */
  constructor(isBackground: boolean) {
    this.isBackground = isBackground;
  }

  /** Ends the running commands and the processes that they started. */
  kill(): void {
    for (const { pid } of this.running) if (pid !== undefined) endGroup(pid);
  }

  add(text: string | Buffer): void {
    this.chunks.push(String(text));
  }

  /** Runs a command in the repository. Returns true if it ends with exit code 0. */
  async command(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<boolean> {
    return (await this.exitCode(name, args, env)) === 0;
  }

  /** Runs a command in the repository. Returns its exit code, or null if it did not start or a signal ended it. */
  exitCode(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<number | null> {
    return new Promise((done) => {
      const child: ChildProcess = spawn(name, args, {
        stdio: ['ignore', 'pipe', 'pipe'],
        cwd: repositoryFolder,
        env: { ...process.env, ...env },
        // The head of a process group, so that `kill` reaches all of its processes.
        detached: process.platform !== 'win32',
      });
      if (this.isBackground && child.pid !== undefined) lowerPriority(child.pid);
      this.running.add(child);
      child.stdout?.on('data', (text: Buffer) => this.add(text));
      child.stderr?.on('data', (text: Buffer) => this.add(text));
      child.on('error', (error) => {
        this.add(`${error.message}\n`);
        done(null);
      });
      child.on('close', (code) => {
        this.running.delete(child);
        done(code);
      });
    });
  }

  get text(): string {
    return this.chunks.join('');
  }
}

/** Ends a process and its group. Both may have ended already. */
function endGroup(pid: number): void {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGTERM');
  } catch {
    // Then there is nothing to end.
  }
}

/** Also for the processes that it starts later. */
function lowerPriority(pid: number): void {
  try {
    setPriority(pid, constants.priority.PRIORITY_BELOW_NORMAL);
  } catch {
    // It has ended already.
  }
}
