import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { build } from 'esbuild';
import type { Answer, Task } from './tasks.ts';

/** Answers in the order of the tasks, from as many threads as there are cores. The worker is bundled first: Node runs no TypeScript. */
export async function answerAll(
  root: string,
  tasks: readonly Task[],
  onAnswer: () => void = () => undefined,
): Promise<readonly Answer[]> {
  const { outputFiles } = await build({
    entryPoints: [join(root, 'scripts', 'reproduce', 'worker.ts')],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'warning',
  });
  const code = outputFiles[0]?.text ?? '';
  const answers: Answer[] = [];
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = new Worker(code, { eval: true, workerData: { root } });
      let index = 0;
      const give = (): void => {
        const task = tasks[next];
        if (task === undefined) {
          worker.terminate().then(() => resolve(), reject);
          return;
        }
        index = next++;
        worker.postMessage(task);
      };
      worker.on('message', (value: Answer) => {
        answers[index] = value;
        onAnswer();
        give();
      });
      worker.on('error', reject);
      give();
    });
  await Promise.all(Array.from({ length: Math.min(tasks.length, Math.max(1, availableParallelism())) }, work));
  return answers;
}
