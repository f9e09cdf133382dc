import { simulationThread } from '../simulation-thread.ts';
import type { ToWorker } from '../worker-messages.ts';
import type { WebWorkerOnline, WebWorkerStart } from './web-threads.ts';

/** Makes this web worker a simulation thread. */
export function startSimulation(): void {
  let answer: ((message: ToWorker) => void) | undefined;
  self.onmessage = ({ data }: MessageEvent<ToWorker | WebWorkerStart>) => {
    if (data.type !== 'start') {
      answer?.(data);
      return;
    }
    answer = simulationThread(
      (message, transfer = []) => self.postMessage(message, { transfer }),
      data.floor === null ? undefined : new Int32Array(data.floor),
    );
    self.postMessage({ type: 'online' } satisfies WebWorkerOnline);
  };
}
