import { Worker } from 'node:worker_threads';
import type { Packed } from '../protocol/index.ts';
import type { FromWorker, ToWorker, WorkerInput, WorkerTask } from './worker-messages.ts';

export type SimulationOutcome =
  | { readonly kind: 'done'; readonly results: Packed }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

interface Job {
  readonly id: number;
  readonly onProgress: (fraction: number) => void;
  readonly settle: (outcome: SimulationOutcome) => void;
}

/**
 * One worker thread, and the runs that it owes. A document's newer run cancels its older one; a worker that dies takes its
 * runs with it, says so, and the next run starts another.
 */
export class SimulationHost {
  private worker: Worker | undefined;
  private readonly jobs = new Map<number, Job>();
  private readonly queue: ToWorker[] = [];
  private running: number | undefined;
  private lastId = 0;
  /** Raised above a run's id to cancel it while its loop is busy; one run is in the worker at a time. */
  private readonly floor = new Int32Array(new SharedArrayBuffer(4));
  private readonly workerPath: string;

  constructor(workerPath: string) {
    this.workerPath = workerPath;
  }

  /** Runs a task; the returned function cancels it. Every task settles exactly once. */
  run(
    task: WorkerTask,
    onProgress: (fraction: number) => void,
    settle: (outcome: SimulationOutcome) => void,
  ): () => void {
    const id = ++this.lastId;
    this.jobs.set(id, { id, onProgress, settle });
    this.queue.push({ ...task, id });
    this.pump();
    return () => this.cancel(id);
  }

  /** Starts the worker before the first run needs it. */
  warmUp(): void {
    this.worker ??= this.start();
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    for (const id of [...this.jobs.keys()]) this.settle(id, { kind: 'cancelled' });
    await worker?.terminate();
  }

  private cancel(id: number): void {
    if (id === this.running) {
      Atomics.store(this.floor, 0, id + 1);
      return;
    }
    const waiting = this.queue.findIndex((entry) => entry.id === id);
    if (waiting < 0) return;
    this.queue.splice(waiting, 1);
    this.settle(id, { kind: 'cancelled' });
  }

  private pump(): void {
    if (this.running !== undefined) return;
    const next = this.queue.shift();
    if (next === undefined) return;
    this.running = next.id;
    this.worker ??= this.start();
    this.worker.postMessage(next);
  }

  private settle(id: number, outcome: SimulationOutcome): void {
    const job = this.jobs.get(id);
    this.jobs.delete(id);
    if (this.running === id) this.running = undefined;
    job?.settle(outcome);
  }

  private start(): Worker {
    const workerData: WorkerInput = { floor: this.floor.buffer as SharedArrayBuffer };
    const worker = new Worker(this.workerPath, { workerData });
    // A run must not keep a server alive whose client has gone.
    worker.unref();
    worker.on('message', (message: FromWorker) => this.receive(message));
    let reason = 'it ended without a word';
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      if (this.running !== undefined) {
        this.settle(this.running, { kind: 'failed', message: `the simulation worker stopped: ${reason}` });
      }
      this.pump();
    });
    return worker;
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'progress':
        this.jobs.get(message.id)?.onProgress(message.fraction);
        return;
      case 'done':
        this.settle(message.id, { kind: 'done', results: message.results });
        break;
      case 'cancelled':
        this.settle(message.id, { kind: 'cancelled' });
        break;
      case 'failed':
        this.settle(message.id, { kind: 'failed', message: message.message });
        break;
    }
    this.pump();
  }
}
