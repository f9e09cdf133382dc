import { type Timer, unattended } from './timers.ts';
import type { FromWorker, ToWorker } from './worker-messages.ts';
import type { SimulationThread, StartThread } from './worker-thread.ts';

/** A worker that has not stopped this long after its cancellation is ended and replaced. Our assumption. */
export const stopMilliseconds = 500;

export interface LaneParts {
  readonly startThread: StartThread;
  /** Receives every message of the worker. The death of its thread arrives as the failure of its task. */
  readonly receive: (message: FromWorker) => void;
  /** False if threads share no memory. A busy loop then cannot see its cancellation, so its thread is ended immediately. */
  readonly sharesMemory: boolean;
  /** How long the thread is kept without a task; undefined keeps it forever. */
  readonly restMilliseconds?: number;
}

/** One worker thread and its task. If the thread dies or is ended, the next task starts another thread. */
export class SimulationLane {
  private worker: SimulationThread | undefined;
  private running: number | undefined;
  /**
   * A thread that has not started yet cannot stop. Its time limit counts from its start. Otherwise, rapid saves on a
   * busy machine would never let a thread start.
   */
  private isOnline = false;
  /** In milliseconds of a monotonic clock: when the task started or its worker last sent a message. */
  private heardAt = 0;
  private stopping: Timer | undefined;
  private resting: Timer | undefined;
  /** The thread cancels a busy task whose id is below this number. */
  private readonly floor: Int32Array | undefined;
  private readonly parts: LaneParts;

  constructor(parts: LaneParts) {
    this.parts = parts;
    this.floor = parts.sharesMemory ? new Int32Array(new SharedArrayBuffer(4)) : undefined;
  }

  get isIdle(): boolean {
    return this.running === undefined;
  }

  /** The id of the task that runs; undefined if none runs. */
  get task(): number | undefined {
    return this.running;
  }

  /** Milliseconds since the task started or its worker last sent a message. */
  get silentMilliseconds(): number {
    return this.isIdle ? 0 : performance.now() - this.heardAt;
  }

  /** Starts the thread before its first task needs it. */
  warmUp(): void {
    this.worker ??= this.start();
  }

  run(task: ToWorker): void {
    clearTimeout(this.resting);
    this.running = task.id;
    this.heardAt = performance.now();
    // A task can be older than one that was cancelled here, because it waited in the queue.
    if (this.floor !== undefined) Atomics.store(this.floor, 0, 0);
    this.worker ??= this.start();
    this.worker.postMessage(task);
  }

  /**
   * Cancels the task with this id; returns false if another or no task runs. A worker that does not stop in time is
   * ended.
   */
  cancel(id: number): boolean {
    if (this.running !== id) return false;
    if (this.floor === undefined) {
      this.end({ type: 'cancelled', id, wasEnded: false });
      return true;
    }
    Atomics.store(this.floor, 0, id + 1);
    if (this.isOnline) this.endUnlessItStops(id);
    return true;
  }

  private endUnlessItStops(id: number): void {
    this.stopping ??= setTimeout(() => this.end({ type: 'cancelled', id, wasEnded: true }), stopMilliseconds);
  }

  /** Ends the thread in every case. `message` is the outcome of its task. */
  end(message: Extract<FromWorker, { readonly type: 'cancelled' | 'failed' }>): void {
    if (this.running !== message.id) return;
    const { worker } = this;
    this.worker = undefined;
    this.settled();
    void worker?.terminate();
    this.parts.receive(message);
  }

  async dispose(): Promise<void> {
    const { worker } = this;
    this.worker = undefined;
    clearTimeout(this.resting);
    this.settled();
    await worker?.terminate();
  }

  private settled(): void {
    this.running = undefined;
    clearTimeout(this.stopping);
    this.stopping = undefined;
  }

  /** Ends the thread unless a task arrives in time. */
  private rest(): void {
    const { restMilliseconds } = this.parts;
    if (restMilliseconds === undefined) return;
    this.resting = unattended(setTimeout(() => void this.dispose(), restMilliseconds));
  }

  private start(): SimulationThread {
    this.isOnline = false;
    const floor = (this.floor?.buffer as SharedArrayBuffer | undefined) ?? null;
    const worker = this.parts.startThread(
      { floor },
      {
        online: () => {
          if (this.worker !== worker) return;
          this.isOnline = true;
          const id = this.running;
          if (id !== undefined && this.floor !== undefined && Atomics.load(this.floor, 0) > id)
            this.endUnlessItStops(id);
        },
        message: (message) => {
          // Ignores messages that an ended thread sent before its end.
          if (this.worker !== worker) return;
          this.heardAt = performance.now();
          if (message.type !== 'progress' && message.type !== 'main') {
            this.settled();
            this.rest();
          }
          this.parts.receive(message);
        },
        ended: (reason) => {
          if (this.worker !== worker) return;
          this.worker = undefined;
          const id = this.running;
          this.settled();
          if (id !== undefined) {
            this.parts.receive({ type: 'failed', id, message: `the simulation worker stopped: ${reason}` });
          }
        },
      },
    );
    return worker;
  }
}
