import type { SimulationOutcome, TaskListener, TaskRunner, Urgency } from '../../../server/simulation-host.ts';
import type { WorkerTask } from '../../../server/worker-messages.ts';

export interface RecordedTask {
  readonly task: WorkerTask;
  readonly urgency: Urgency;
  readonly listener: TaskListener;
  isCancelled: boolean;
}

/** A `TaskRunner` without threads. It records tasks, and a test decides how each one ends. */
export class RecordedTasks implements TaskRunner {
  readonly all: RecordedTask[] = [];
  /** The number that was set last. */
  workers: number | undefined;

  run(task: WorkerTask, listener: TaskListener, urgency: Urgency = 'asked'): () => void {
    const recorded: RecordedTask = { task, urgency, listener, isCancelled: false };
    this.all.push(recorded);
    return () => {
      recorded.isCancelled = true;
    };
  }

  warmUp(): void {}

  resize(count: number): void {
    this.workers = count;
  }

  async dispose(): Promise<void> {}

  /** Each task as its type, and whether it was cancelled: `run`, `window cancelled`. */
  get summary(): readonly string[] {
    return this.all.map(({ task, isCancelled }) => (isCancelled ? `${task.type} cancelled` : task.type));
  }

  at(index: number): RecordedTask {
    const task = this.all[index];
    if (task === undefined) throw new Error(`there are only ${this.all.length} tasks`);
    return task;
  }

  settle(index: number, outcome: SimulationOutcome): void {
    this.at(index).listener.settle(outcome);
  }
}
