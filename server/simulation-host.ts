import type { Evidence } from '../engine/index.ts';
import type { Packed } from '../protocol/index.ts';
import { defaultSettings } from './settings.ts';
import { SimulationLane } from './simulation-lane.ts';
import { type Timer, unattended } from './timers.ts';
import type { FromWorker, ToWorker, WorkerTask } from './worker-messages.ts';
import type { StartThread } from './worker-thread.ts';

export type SimulationOutcome =
  | { readonly kind: 'done'; readonly results: Packed }
  /** `wasEnded`: the run did not stop in time, and its worker was ended. */
  | { readonly kind: 'cancelled'; readonly wasEnded?: boolean }
  | { readonly kind: 'failed'; readonly message: string };

export interface TaskListener {
  /** Called when a worker starts the task. */
  readonly started?: () => void;
  readonly progress?: (fraction: number) => void;
  /** Called when the main run of a scenario has ended, and its `compare` runs or other scenarios continue. */
  readonly main?: (evidence: Evidence) => void;
  /** Called exactly once, in every case. */
  readonly settle: (outcome: SimulationOutcome) => void;
}

/**
 * So many lanes can be added for tasks that wait while all others are busy. Each uses about 30 MB while it runs. Our
 * assumption.
 */
const mostAddedLanes = 2;

/** How long a worker other than the first is kept without a task. Our assumption: a burst of saves is over by then. */
const restMilliseconds = 10_000;

/** How long a task waits for a busy lane before a lane is added. Our assumption: short runs end by then. */
const patienceMilliseconds = 300;

/**
 * While tasks wait and no lane can be added, a worker that has sent nothing for this long is ended. Long runs report
 * progress many times a second, so only an endless or far too large computation is silent. Our assumption.
 */
const mostSilentMilliseconds = 5000;

/** `idle`: no user waits for the task. It runs only while nothing else runs, and every `asked` task cancels it. */
export type Urgency = 'asked' | 'idle';

/** The part of a `SimulationHost` that the rest of the server uses. Tests replace it by an object without threads. */
export type TaskRunner = Pick<SimulationHost, 'run' | 'warmUp' | 'dispose' | 'resize'>;

/** Gives tasks to worker threads in the order of their arrival, idle ones last. */
export class SimulationHost {
  private readonly listeners = new Map<number, TaskListener>();
  private readonly queue: ToWorker[] = [];
  private readonly idleQueue: ToWorker[] = [];
  /** The idle task that runs. */
  private idleId: number | undefined;
  private readonly lanes: SimulationLane[];
  /** How many lanes are kept. */
  private laneCount = defaultSettings.workers;
  private lastId = 0;
  /** Set while a task waits for a lane. */
  private watch: Timer | undefined;
  private readonly newLane: () => SimulationLane;

  constructor(startThread: StartThread, sharesMemory = typeof SharedArrayBuffer !== 'undefined') {
    const receive = (message: FromWorker): void => this.receive(message);
    const parts = { startThread, receive, sharesMemory };
    this.newLane = () => new SimulationLane({ ...parts, restMilliseconds });
    // The first worker is kept, so that the next save does not wait for a thread to start.
    this.lanes = [new SimulationLane(parts), ...Array.from({ length: this.laneCount - 1 }, this.newLane)];
  }

  /** Runs a task; the returned function cancels it. */
  run(task: WorkerTask, listener: TaskListener, urgency: Urgency = 'asked'): () => void {
    const id = ++this.lastId;
    this.listeners.set(id, listener);
    if (urgency === 'idle') this.idleQueue.push({ ...task, id });
    else {
      // Even if a lane is free, because threads share the processor.
      if (this.idleId !== undefined) this.cancel(this.idleId);
      this.queue.push({ ...task, id });
    }
    this.pump();
    return () => this.cancel(id);
  }

  /** Sets how many tasks run at the same time, at least 1. Tasks in progress continue. */
  resize(count: number): void {
    this.laneCount = count;
    while (this.lanes.length < count) this.lanes.push(this.newLane());
    this.pump();
  }

  /** Starts a worker before the first run needs it. */
  warmUp(): void {
    this.lanes[0]?.warmUp();
  }

  async dispose(): Promise<void> {
    this.queue.length = 0;
    this.idleQueue.length = 0;
    clearTimeout(this.watch);
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
      this.take(next, lane);
    }
    this.watchQueue();
    this.dropLanes();
    const first = this.lanes[0];
    if (first === undefined || !this.lanes.every((lane) => lane.isIdle)) return;
    const idle = this.idleQueue.shift();
    if (idle === undefined) return;
    this.idleId = idle.id;
    this.take(idle, first);
  }

  private take(task: ToWorker, lane: SimulationLane): void {
    this.listeners.get(task.id)?.started?.();
    lane.run(task);
  }

  /** Ensures that endless runs, however many, do not delay a waiting task forever. */
  private watchQueue(): void {
    if (this.queue.length === 0) {
      clearTimeout(this.watch);
      this.watch = undefined;
      return;
    }
    this.watch ??= unattended(
      setTimeout(() => {
        this.watch = undefined;
        this.makeRoom();
        this.pump();
      }, patienceMilliseconds),
    );
  }

  private makeRoom(): void {
    if (this.queue.length === 0 || this.lanes.some((lane) => lane.isIdle)) return;
    if (this.lanes.length < this.laneCount + mostAddedLanes) {
      this.lanes.push(this.newLane());
      return;
    }
    const silent = this.lanes.reduce((a, b) => (b.silentMilliseconds > a.silentMilliseconds ? b : a));
    if (silent.task === undefined || silent.silentMilliseconds < mostSilentMilliseconds) return;
    const seconds = Math.round(silent.silentMilliseconds / 1000);
    const message = `the simulation made no progress for ${seconds} s while other documents waited, so it was stopped; make it smaller, or run it alone`;
    silent.end({ type: 'failed', id: silent.task, message });
  }

  /** Removes the added lanes when they have no task. */
  private dropLanes(): void {
    for (let i = this.lanes.length - 1; i >= this.laneCount; i--) {
      const lane = this.lanes[i];
      if (lane?.isIdle !== true) continue;
      this.lanes.splice(i, 1);
      void lane.dispose();
    }
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
        this.settle(message.id, { kind: 'cancelled', wasEnded: message.wasEnded === true });
        break;
      case 'failed':
        this.settle(message.id, { kind: 'failed', message: message.message });
        break;
    }
    this.pump();
  }
}
