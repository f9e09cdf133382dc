import { Worker } from 'node:worker_threads';
import type { FromWorker } from './worker-messages.ts';
import type { StartThread } from './worker-thread.ts';

/**
 * Megabytes of the young generation of a worker's heap. A simulation keeps little of what it allocates. Without a
 * limit, each worker would grow to the 96 MB of the main thread (`serverNodeOptions`) and keep them while it is idle.
 * Our assumption.
 */
const youngMegabytes = 24;

/** Starts worker threads of Node from the file of their bundle. */
export function nodeThreads(workerPath: string): StartThread {
  return (input, { online, message, ended }) => {
    const worker = new Worker(workerPath, {
      workerData: input,
      resourceLimits: { maxYoungGenerationSizeMb: youngMegabytes },
    });
    let isTerminated = false;
    let reason = 'it gave no reason';
    worker.on('online', online);
    // A run must not keep the server alive after its client is gone.
    worker.unref();
    worker.on('message', (value: FromWorker) => message(value));
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      if (!isTerminated) ended(reason);
    });
    return {
      postMessage: (task) => worker.postMessage(task),
      terminate: async () => {
        isTerminated = true;
        await worker.terminate();
      },
    };
  };
}
