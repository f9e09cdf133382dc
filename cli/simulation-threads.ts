import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';
import type { ExploredDesigns } from '../simulator/index.ts';
import type { FromWorker, WorkerAnswers, WorkerTask } from './worker-messages.ts';

/** The name of an exploration and its file. */
export interface ExplorationName {
  readonly uri: string;
  readonly exploration: string;
  /** Texts that replace those on the disk, by URI. */
  readonly given: readonly (readonly [uri: string, text: string])[];
}

type TaskOf<Type extends WorkerTask['type']> = Extract<WorkerTask, { readonly type: Type }>;

/** A thread that does one task after another. */
class SimulationThread {
  private readonly worker: Worker;
  /** Whether the thread has ended, by itself or because it was stopped. */
  hasEnded = false;

  constructor(workerPath: string) {
    // Node 20 crashes if a thread ends while V8 still compiles for it in the background (NodePlatform::ForIsolate).
    setFlagsFromString('--no-concurrent-recompilation');
    this.worker = new Worker(workerPath);
    // An idle or stopped thread may still fail: ignore it. `ask` reports the error of a task.
    this.worker.on('error', () => undefined);
    this.worker.once('exit', () => {
      this.hasEnded = true;
    });
  }

  /** Whether the thread keeps the process alive. */
  keepProcess(isKept: boolean): void {
    if (isKept) this.worker.ref();
    else this.worker.unref();
  }

  /** Undefined once the thread was stopped, also for later tasks. Throws the error that ended the thread, which is a bug. */
  ask<Type extends WorkerTask['type']>(
    task: TaskOf<Type>,
    onProgress: (done: number) => void,
    stop: AbortSignal,
  ): Promise<WorkerAnswers[Type] | undefined> {
    const { worker } = this;
    return new Promise((resolve, reject) => {
      const settle = (act: () => void): void => {
        worker.off('message', onMessage).off('error', onError).off('exit', onExit);
        stop.removeEventListener('abort', onStop);
        act();
      };
      const onMessage = (message: FromWorker): void => {
        if (message.type === 'progress') onProgress(message.done);
        else settle(() => resolve(message.value as WorkerAnswers[Type]));
      };
      const onError = (error: Error): void => settle(() => reject(error));
      const onExit = (code: number): void =>
        settle(() => reject(new Error(`a thread that simulates ended early, with code ${code}`)));
      const onStop = (): void => settle(() => resolve(undefined));
      if (stop.aborted) {
        resolve(undefined);
        return;
      }
      stop.addEventListener('abort', onStop);
      worker.on('message', onMessage).on('error', onError).on('exit', onExit);
      worker.postMessage(task);
    });
  }

  /** Ends the thread during any work. The result is not awaited: a process that awaits only this may exit before it, without a message. */
  end(): void {
    void this.worker.terminate();
  }
}

/**
 * Threads for single tasks. A thread that has finished one does the next: to start another one takes longer than many simulations, and its
 * memory. There are as many as tasks at the same time.
 */
export class ThreadPool {
  private readonly idle: SimulationThread[] = [];
  private readonly workerPath: string;

  constructor(workerPath: string) {
    this.workerPath = workerPath;
  }

  /** Ends the threads without a task, which may have read files that changed since. */
  endIdle(): void {
    for (const thread of this.idle.splice(0)) thread.end();
  }

  /** Does one task in a thread. Undefined if it was stopped, which takes milliseconds during any work. */
  async run<Type extends WorkerTask['type']>(
    task: TaskOf<Type>,
    onProgress: (done: number) => void,
    stop: AbortSignal,
  ): Promise<WorkerAnswers[Type] | undefined> {
    let thread = this.idle.pop();
    while (thread?.hasEnded === true) thread = this.idle.pop();
    thread ??= new SimulationThread(this.workerPath);
    thread.keepProcess(true);
    let answer: WorkerAnswers[Type] | undefined;
    try {
      answer = await thread.ask(task, onProgress, stop);
      return answer;
    } finally {
      if (answer === undefined) thread.end();
      else {
        thread.keepProcess(false);
        this.idle.push(thread);
      }
    }
  }
}

/** How to try designs, and the callbacks while they are tried. */
export interface ExploringInThreads {
  /** The largest number of threads. */
  readonly threads: number;
  /** Called with the number of designs that were tried. */
  readonly onProgress: (tried: number) => void;
  /** Called with each finished design. */
  readonly onPart: (part: ExploredDesigns) => void;
}

/**
 * Tries designs one by one, on as many threads as there are cores, or on fewer. If it is stopped, `onPart` has got the finished designs. The threads stay
 * in the pool: the next round of a search finds the checked file and the tables there.
 */
export async function exploreInThreads(
  pool: ThreadPool,
  name: ExplorationName,
  designs: readonly number[],
  { threads: most, onProgress, onPart }: ExploringInThreads,
  stop: AbortSignal,
): Promise<void> {
  let finished = 0;
  /** For each thread: the finished fraction of its current design. */
  const begun: number[] = [];
  let next = 0;
  const report = (): void => onProgress(finished + begun.reduce((sum, share) => sum + share, 0));
  const work = async (index: number): Promise<void> => {
    while (next < designs.length) {
      const turn = designs.slice(next, next + 1);
      next += 1;
      const onShare = (share: number): void => {
        begun[index] = share;
        report();
      };
      const part = await pool.run({ type: 'explore', ...name, designs: turn }, onShare, stop);
      if (part === undefined) return;
      begun[index] = 0;
      finished += 1;
      onPart(part);
      report();
    }
  };
  const count = Math.min(availableParallelism(), designs.length, most);
  await Promise.all(Array.from({ length: count }, (_, index) => work(index)));
}
