import { parentPort, workerData } from 'node:worker_threads';
import { answer, type Task } from './tasks.ts';

const { root } = workerData as { readonly root: string };
parentPort?.on('message', async (task: Task) => {
  parentPort?.postMessage(await answer(root, task));
});
