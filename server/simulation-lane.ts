import { Worker } from 'node:worker_threads';
import type { FromWorker, ToWorker, WorkerInput } from './worker-messages.ts';

/** One worker thread and the task it has in hand. A thread that dies says so, and the next task starts another. */
export class SimulationLane {
  private worker: Worker | undefined;
  private running: number | undefined;
  /** Raised above a task's id to cancel it while its loop is busy. */
  private readonly floor = new Int32Array(new SharedArrayBuffer(4));
  private readonly workerPath: string;
  private readonly receive: (message: FromWorker) => void;

  /** `receive` hears every message; the death of a thread as the failure of its task. */
  constructor(workerPath: string, receive: (message: FromWorker) => void) {
    this.workerPath = workerPath;
    this.receive = receive;
  }

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /** Starts the thread before its first task needs it. */
  warmUp(): void {
    this.worker ??= this.start();
  }

  run(task: ToWorker): void {
    this.running = task.id;
    this.worker ??= this.start();
    this.worker.postMessage(task);
  }

  /** Cancels the task in hand, if it is this one; false where it is not. */
  cancel(id: number): boolean {
    if (this.running !== id) return false;
    Atomics.store(this.floor, 0, id + 1);
    return true;
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    this.running = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    const workerData: WorkerInput = { floor: this.floor.buffer as SharedArrayBuffer };
    const worker = new Worker(this.workerPath, { workerData });
    // A run must not keep a server alive whose client has gone.
    worker.unref();
    worker.on('message', (message: FromWorker) => {
      if (message.type !== 'progress' && message.type !== 'main') this.running = undefined;
      this.receive(message);
    });
    let reason = 'it ended without a word';
    worker.on('error', (error: Error) => {
      reason = error.message;
    });
    worker.on('exit', () => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      const id = this.running;
      this.running = undefined;
      if (id !== undefined) {
        this.receive({ type: 'failed', id, message: `the simulation worker stopped: ${reason}` });
      }
    });
    return worker;
  }
}
