import type { Evidence } from '../engine/index.ts';
import type { Packed } from '../protocol/index.ts';
import { SimulationLane } from './simulation-lane.ts';
import type { FromWorker, ToWorker, WorkerTask } from './worker-messages.ts';

export type SimulationOutcome =
  | { readonly kind: 'done'; readonly results: Packed }
  | { readonly kind: 'cancelled' }
  | { readonly kind: 'failed'; readonly message: string };

export interface TaskListener {
  /** A worker has taken the task up. */
  readonly started?: () => void;
  readonly progress?: (fraction: number) => void;
  /** A scenario's own run has ended, those beside it have not. */
  readonly main?: (evidence: Evidence) => void;
  /** Exactly once, whatever happens. */
  readonly settle: (outcome: SimulationOutcome) => void;
}

/** Two: a long run in one document does not keep a save in another waiting, nor a look into a window a run. */
const laneCount = 2;

/** `idle`: nobody waits for it; it runs while all else rests, and is cancelled by whatever a person waits for. */
export type Urgency = 'asked' | 'idle';

/** Hands tasks to worker threads, in the order in which they came, idle ones last. */
export class SimulationHost {
  private readonly listeners = new Map<number, TaskListener>();
  private readonly queue: ToWorker[] = [];
  private readonly idleQueue: ToWorker[] = [];
  /** The idle task in hand. */
  private idleId: number | undefined;
  private readonly lanes: readonly SimulationLane[];
  private lastId = 0;

  constructor(workerPath: string) {
    const receive = (message: FromWorker): void => this.receive(message);
    this.lanes = Array.from({ length: laneCount }, () => new SimulationLane(workerPath, receive));
  }

  /** Runs a task; the returned function cancels it. */
  run(task: WorkerTask, listener: TaskListener, urgency: Urgency = 'asked'): () => void {
    const id = ++this.lastId;
    this.listeners.set(id, listener);
    if (urgency === 'idle') this.idleQueue.push({ ...task, id });
    else {
      // Even where a lane is free: threads share the machine.
      if (this.idleId !== undefined) this.cancel(this.idleId);
      this.queue.push({ ...task, id });
    }
    this.pump();
    return () => this.cancel(id);
  }

  /** Starts a worker before the first run needs it. */
  warmUp(): void {
    this.lanes[0]?.warmUp();
  }

  async dispose(): Promise<void> {
    this.queue.length = 0;
    this.idleQueue.length = 0;
    for (const id of [...this.listeners.keys()]) this.settle(id, { kind: 'cancelled' });
    await Promise.all(this.lanes.map((lane) => lane.dispose()));
  }

  private cancel(id: number): void {
    if (this.lanes.some((lane) => lane.cancel(id))) return;
    for (const queue of [this.queue, this.idleQueue]) {
      const waiting = queue.findIndex((task) => task.id === id);
      if (waiting < 0) continue;
      queue.splice(waiting, 1);
      this.settle(id, { kind: 'cancelled' });
    }
  }

  private pump(): void {
    for (const lane of this.lanes) {
      if (!lane.isIdle) continue;
      const next = this.queue.shift();
      if (next === undefined) break;
      this.listeners.get(next.id)?.started?.();
      lane.run(next);
    }
    const first = this.lanes[0];
    if (first === undefined || !this.lanes.every((lane) => lane.isIdle)) return;
    const idle = this.idleQueue.shift();
    if (idle === undefined) return;
    this.idleId = idle.id;
    this.listeners.get(idle.id)?.started?.();
    first.run(idle);
  }

  private settle(id: number, outcome: SimulationOutcome): void {
    if (id === this.idleId) this.idleId = undefined;
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
        this.listeners.get(message.id)?.main?.(message.evidence);
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
