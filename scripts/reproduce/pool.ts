import { availableParallelism } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Answer, Task } from './tasks.ts';

/**
 * Answers in the order of the tasks. There are as many threads as cores, and each takes the next task when it becomes
 * free.
 */
export async function answerAll(
  startWorker: () => Worker,
  tasks: readonly Task[],
  onAnswer: () => void = () => undefined,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  let next = 0;
  const work = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = startWorker();
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
