import type { Packed } from '../protocol/index.ts';
import { SimulationLane } from './simulation-lane.ts';
import type { FromWorker, ToWorker, WorkerTask } from './worker-messages.ts';

export type SimulationOutcome =
  | { readonly kind: 'done'; readonly results: Packed }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

export interface TaskListener {
  readonly progress?: (fraction: number) => void;
  /** A scenario's own run has ended, those beside it have not. */
  readonly main?: (result: Packed) => void;
  /** Exactly once, whatever happens. */
  readonly settle: (outcome: SimulationOutcome) => void;
}

/** Two: a long run in one document does not keep a save in another waiting, nor a look into a window a run. */
const laneCount = 2;

/** Hands tasks to worker threads, in the order in which they came. */
export class SimulationHost {
  private readonly listeners = new Map<number, TaskListener>();
  private readonly queue: ToWorker[] = [];
  private readonly lanes: readonly SimulationLane[];
  private lastId = 0;

  constructor(workerPath: string) {
    const receive = (message: FromWorker): void => this.receive(message);
    this.lanes = Array.from({ length: laneCount }, () => new SimulationLane(workerPath, receive));
  }

  /** Runs a task; the returned function cancels it. */
  run(task: WorkerTask, listener: TaskListener): () => void {
    const id = ++this.lastId;
    this.listeners.set(id, listener);
    this.queue.push({ ...task, id });
    this.pump();
    return () => this.cancel(id);
  }

  /** Starts a worker before the first run needs it. */
  warmUp(): void {
    this.lanes[0]?.warmUp();
  }

  async dispose(): Promise<void> {
    this.queue.length = 0;
    for (const id of [...this.listeners.keys()]) this.settle(id, { kind: 'cancelled' });
    await Promise.all(this.lanes.map((lane) => lane.dispose()));
  }

  private cancel(id: number): void {
    if (this.lanes.some((lane) => lane.cancel(id))) return;
    const waiting = this.queue.findIndex((task) => task.id === id);
    if (waiting < 0) return;
    this.queue.splice(waiting, 1);
    this.settle(id, { kind: 'cancelled' });
  }

  private pump(): void {
    for (const lane of this.lanes) {
      if (!lane.isIdle) continue;
      const next = this.queue.shift();
      if (next === undefined) return;
      lane.run(next);
    }
  }

  private settle(id: number, outcome: SimulationOutcome): void {
    const listener = this.listeners.get(id);
    this.listeners.delete(id);
    listener?.settle(outcome);
  }

  private receive(message: FromWorker): void {
    switch (message.type) {
      case 'progress':
        this.listeners.get(message.id)?.progress?.(message.fraction);
        return;
      case 'main':
        this.listeners.get(message.id)?.main?.(message.result);
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
