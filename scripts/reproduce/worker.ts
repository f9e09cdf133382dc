import { parentPort, workerData } from 'node:worker_threads';
import { answer, type Task } from './tasks.ts';

const { root } = workerData as { readonly root: string };
parentPort?.on('message', (task: Task) => {
  parentPort?.postMessage(answer(root, task));
});
