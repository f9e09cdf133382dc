import { spawn } from 'node:child_process';

/** The answer of a command of Slurm. `why`: a sentence without its end, for a message. */
type Answer = { readonly kind: 'done'; readonly text: string } | { readonly kind: 'failed'; readonly why: string };

/** Runs a command of Slurm. It never throws: a command that is not installed is an answer as well. */
function ask(command: string, args: readonly string[]): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args], { stdio: ['ignore', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      resolve({ kind: 'failed', why: error.code === 'ENOENT' ? `${command} is not installed here` : error.message }),
    );
    child.on('close', (code) => {
      if (code === 0) resolve({ kind: 'done', text: out });
      else resolve({ kind: 'failed', why: `${command} failed: ${err.trim() || `exit code ${code}`}` });
    });
  });
}

/** Slurm's default of MaxArraySize (slurm.conf(5)). The largest number of an element is one less. */
const usualMaxArraySize = 1001;

/** The largest number of elements of one array job. Without an answer of the cluster, Slurm's default. */
export async function mostElements(): Promise<number> {
  const answer = await ask('scontrol', ['show', 'config']);
  const [, size] = answer.kind === 'done' ? (/^MaxArraySize\s*=\s*(\d+)/mu.exec(answer.text) ?? []) : [];
  return (size === undefined ? usualMaxArraySize : Number(size)) - 1;
}

/** Submits a batch script. `elements`: only these, as `3,17-19`. The number of the job, or the reason why there is none. */
export async function submit(
  script: string,
  elements?: string,
): Promise<{ readonly job: string } | { readonly why: string }> {
  const answer = await ask('sbatch', [
    '--parsable',
    ...(elements === undefined ? [] : [`--array=${elements}`]),
    script,
  ]);
  if (answer.kind === 'failed') return { why: answer.why };
  // With several clusters, the name of the cluster follows: `123;cluster`.
  const [job = ''] = answer.text.trim().split(';');
  return /^\d+$/u.test(job)
    ? { job }
    : { why: `sbatch answered '${answer.text.trim()}' instead of the number of a job` };
}

/** Whether elements of a job wait or run. Slurm removes ended jobs after some minutes, and squeue then fails. */
export async function isActive(job: string): Promise<boolean> {
  const answer = await ask('squeue', ['--noheader', `--jobs=${job}`, '--format=%i']);
  return answer.kind === 'done' && answer.text.trim() !== '';
}
