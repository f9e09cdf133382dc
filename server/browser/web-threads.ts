import type { FromWorker } from '../worker-messages.ts';
import type { StartThread } from '../worker-thread.ts';

/** The first message to a web worker of ours. */
export interface WebWorkerStart {
  readonly type: 'start';
  readonly floor: SharedArrayBuffer | null;
}

/** The first message from it: it listens. */
export interface WebWorkerOnline {
  readonly type: 'online';
}

/** The name of a worker that simulates. All workers load the same bundle, which a browser fetches once. */
export const simulationName = 'stimpack-simulation';

/** Starts web workers with the bundle at this address. */
export function webThreads(address: string): StartThread {
  return (input, { online, message, ended }) => {
    const worker = new Worker(startable(address), { name: simulationName });
    worker.onmessage = ({ data }: MessageEvent<FromWorker | WebWorkerOnline>) => {
      if (data.type === 'online') online();
      else message(data);
    };
    worker.onerror = (event) => {
      // A bug in a task is reported by the thread itself. This one did not start, or ran out of memory.
      worker.terminate();
      ended(event.message || 'it gave no reason');
    };
    worker.postMessage({ type: 'start', floor: input.floor } satisfies WebWorkerStart);
    return {
      postMessage: (task) => worker.postMessage(task),
      terminate: () => {
        worker.terminate();
        return Promise.resolve();
      },
    };
  };
}

/** A worker may only start from its own origin. A script of another one, as an editor serves extensions, is imported instead. */
function startable(address: string): string {
  if (new URL(address).origin === self.location.origin) return address;
  return URL.createObjectURL(new Blob([`importScripts(${JSON.stringify(address)})`], { type: 'text/javascript' }));
}
