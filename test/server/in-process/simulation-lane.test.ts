import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SimulationHost, SimulationOutcome } from '../../../server/simulation-host.ts';
import { stopMilliseconds } from '../../../server/simulation-lane.ts';
import type { FromWorker, ToWorker, WorkerInput, WorkerTask } from '../../../server/worker-messages.ts';

/* How tasks reach worker threads and how they are cancelled. The test controls the threads and the clock. */

interface FakeWorker extends EventEmitter {
  readonly floor: Int32Array | undefined;
  readonly tasks: ToWorker[];
  isTerminated: boolean;
}

const workers: FakeWorker[] = [];

/** Test files share modules, and an earlier one may have loaded these with real threads: they are loaded once more. */
let newHost: (workerPath: string, sharesMemory: boolean) => SimulationHost;

beforeAll(async () => {
  vi.resetModules();
  vi.doMock('node:worker_threads', () => ({
    Worker: class extends EventEmitter {
      readonly floor: Int32Array | undefined;
      readonly tasks: ToWorker[] = [];
      isTerminated = false;
      constructor(_path: string, { workerData }: { readonly workerData: WorkerInput }) {
        super();
        this.floor = workerData.floor === null ? undefined : new Int32Array(workerData.floor);
        workers.push(this);
      }
      postMessage(task: ToWorker): void {
        this.tasks.push(task);
      }
      unref(): void {}
      async terminate(): Promise<number> {
        this.isTerminated = true;
        return 1;
      }
    },
  }));
  const fresh = await import('../../../server/simulation-host.ts');
  const { nodeThreads } = await import('../../../server/node-thread.ts');
  newHost = (workerPath, sharesMemory) => new fresh.SimulationHost(nodeThreads(workerPath), sharesMemory);
});

afterAll(() => {
  vi.doUnmock('node:worker_threads');
  vi.resetModules();
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
  workers.length = 0;
});

const task: WorkerTask = { type: 'run', scenarios: [] };

function worker(index: number): FakeWorker {
  const found = workers[index];
  if (found === undefined) throw new Error(`there are only ${workers.length} workers`);
  return found;
}

/** True if the worker would see that its newest task is cancelled. It compares as `simulation-worker.ts` does. */
function seesCancellation({ floor, tasks }: FakeWorker): boolean {
  const id = tasks.at(-1)?.id;
  if (floor === undefined || id === undefined) throw new Error('no task');
  return Atomics.load(floor, 0) > id;
}

function idOf(index: number): number {
  const id = worker(index).tasks.at(-1)?.id;
  if (id === undefined) throw new Error('no task');
  return id;
}

const say = (index: number, message: FromWorker): void => void worker(index).emit('message', message);

function started(host: SimulationHost) {
  const outcomes: SimulationOutcome[] = [];
  const cancel = host.run(task, { settle: (outcome) => outcomes.push(outcome) });
  return { outcomes, cancel };
}

describe('cancelling a task', () => {
  test('its worker sees the cancellation, and nothing before', () => {
    const { cancel } = started(newHost('worker', true));
    worker(0).emit('online');
    expect(seesCancellation(worker(0))).toBe(false);
    cancel();
    expect(seesCancellation(worker(0))).toBe(true);
  });

  test('a worker that stops in time is kept and takes the next task', () => {
    const host = newHost('worker', true);
    const { outcomes, cancel } = started(host);
    worker(0).emit('online');
    cancel();
    say(0, { type: 'cancelled', id: idOf(0) });
    vi.advanceTimersByTime(stopMilliseconds * 2);
    expect(outcomes).toEqual([{ kind: 'cancelled', wasEnded: false }]);
    started(host);
    expect(workers).toHaveLength(1);
    expect(seesCancellation(worker(0))).toBe(false);
  });

  test('a worker that does not stop in time is ended and replaced', () => {
    const host = newHost('worker', true);
    const { outcomes, cancel } = started(host);
    worker(0).emit('online');
    cancel();
    vi.advanceTimersByTime(stopMilliseconds - 1);
    expect(outcomes).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(outcomes).toEqual([{ kind: 'cancelled', wasEnded: true }]);
    expect(worker(0).isTerminated).toBe(true);
    const next = started(host);
    expect(workers).toHaveLength(2);
    expect(seesCancellation(worker(1))).toBe(false);
    // Messages that the ended worker still sends are ignored.
    say(0, { type: 'failed', id: idOf(1), message: 'late' });
    expect(next.outcomes).toEqual([]);
  });

  test('without shared memory, the worker is ended at once', () => {
    const { outcomes, cancel } = started(newHost('worker', false));
    cancel();
    expect(outcomes).toEqual([{ kind: 'cancelled', wasEnded: false }]);
    expect(worker(0).isTerminated).toBe(true);
  });

  test('a cancelled task that waits for a worker never reaches one', () => {
    const host = newHost('worker', true);
    const [first] = [started(host), started(host)];
    const waiting = started(host);
    waiting.cancel();
    expect(waiting.outcomes).toEqual([{ kind: 'cancelled' }]);
    say(0, { type: 'cancelled', id: idOf(0) });
    expect(first.outcomes).toHaveLength(1);
    expect(workers.map(({ tasks }) => tasks.length)).toEqual([1, 1]);
  });
});

test('every task has a unique id, and a message reaches its task', () => {
  const host = newHost('worker', true);
  const [first, second] = [started(host), started(host)];
  expect(idOf(0)).not.toBe(idOf(1));
  say(1, { type: 'failed', id: idOf(1), message: 'second' });
  expect([first.outcomes, second.outcomes]).toEqual([[], [{ kind: 'failed', message: 'second' }]]);
});

test('a thread that dies fails its task with the reason', () => {
  const { outcomes } = started(newHost('worker', true));
  worker(0).emit('error', new Error('out of memory'));
  worker(0).emit('exit');
  expect(outcomes).toEqual([{ kind: 'failed', message: 'the simulation worker stopped: out of memory' }]);
});

test('an idle task is cancelled by a task that a user waits for', () => {
  const host = newHost('worker', true);
  host.run(task, { settle: () => undefined }, 'idle');
  expect(seesCancellation(worker(0))).toBe(false);
  started(host);
  expect(seesCancellation(worker(0))).toBe(true);
  expect(worker(1).tasks).toHaveLength(1);
});
