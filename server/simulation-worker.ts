import { parentPort, workerData } from 'node:worker_threads';
import { simulationThread } from './simulation-thread.ts';
import type { ToWorker, WorkerInput } from './worker-messages.ts';

/** The simulation thread in Node. */
const port = parentPort;
if (port === null) throw new Error('the simulation worker runs as a worker thread only');

const { floor } = workerData as WorkerInput;
const answer = simulationThread(
  (message, transfer = []) => port.postMessage(message, transfer),
  floor === null ? undefined : new Int32Array(floor),
);
port.on('message', (message: ToWorker) => answer(message));
