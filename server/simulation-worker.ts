import { parentPort, workerData } from 'node:worker_threads';
import type { ScenarioResult } from '../design/index.ts';
import { pack } from '../protocol/index.ts';
import { simulateScenario } from '../simulator/index.ts';
import type { FromWorker, ToWorker, WorkerInput } from './worker-messages.ts';

const port = parentPort;
if (port === null) throw new Error('the simulation worker runs as a worker thread only');

const floor = new Int32Array((workerData as WorkerInput).floor);

function post(message: FromWorker, transfer: ArrayBuffer[] = []): void {
  port?.postMessage(message, transfer);
}

function run({ id, scenarios }: ToWorker): FromWorker {
  const isCancelled = (): boolean => Atomics.load(floor, 0) > id;
  const results: ScenarioResult[] = [];
  for (const [index, scenario] of scenarios.entries()) {
    const onProgress = (fraction: number): void =>
      post({ type: 'progress', id, fraction: (index + fraction) / scenarios.length });
    const result = simulateScenario(scenario, { isCancelled, onProgress });
    if (result === undefined) return { type: 'cancelled', id };
    results.push(result);
  }
  return { type: 'done', id, results: pack(results) };
}

port.on('message', (message: ToWorker) => {
  try {
    const answer = run(message);
    post(answer, answer.type === 'done' ? [answer.results.buffer] : []);
  } catch (error) {
    post({
      type: 'failed',
      id: message.id,
      message: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
  }
});
