import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** What a process has used so far. */
export interface Use {
  /** Processor time, of all threads. */
  readonly seconds: number;
  /** The largest memory so far. */
  readonly megabytes: number;
}

const ticksPerSecond = 100;

/** Read from /proc, so only on Linux. Undefined if the process has ended. */
export function useOf(pid: number | undefined): Use | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /su, '')
      .split(' ');
    const peak = /VmHWM:\s+(\d+)/u.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    if (peak === undefined) return undefined;
    return { seconds: (Number(fields[11]) + Number(fields[12])) / ticksPerSecond, megabytes: Number(peak) / 1000 };
  } catch {
    return undefined;
  }
}

export interface Ended extends Use {
  /** null: stopped because it used too much processor time. */
  readonly code: number | null;
}

/** Runs the built command line. Its use is read every 20 ms, so the last 20 ms are missing. */
export function useOfCommand(args: readonly string[], mostSeconds: number): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['dist/cli.cjs', ...args], { stdio: 'ignore' });
    let last: Use = { seconds: 0, megabytes: 0 };
    const timer = setInterval(() => {
      last = useOf(child.pid) ?? last;
      if (last.seconds > mostSeconds) child.kill('SIGKILL');
    }, 20);
    child.on('exit', (code) => {
      clearInterval(timer);
      resolve({ ...last, code });
    });
  });
}
