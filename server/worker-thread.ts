import type { FromWorker, ToWorker, WorkerInput } from './worker-messages.ts';

/** What a thread reports to the lane that started it. */
export interface ThreadEvents {
  /** The thread runs, so it can see a cancellation from now on. */
  readonly online: () => void;
  readonly message: (message: FromWorker) => void;
  /** The thread ended, and not because of `terminate`. */
  readonly ended: (reason: string) => void;
}

/** A thread that simulates: a worker thread of Node, or a web worker. */
export interface SimulationThread {
  postMessage(task: ToWorker): void;
  /** Ends it immediately. No event follows. */
  terminate(): Promise<void>;
}

export type StartThread = (input: WorkerInput, events: ThreadEvents) => SimulationThread;
