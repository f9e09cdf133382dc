import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ThreadPool } from '../../cli/simulation-threads.ts';
import type { Scenario } from '../../design/index.ts';

const worker = path.join(import.meta.dirname, 'echo-worker.cjs');
const never = new AbortController().signal;

/** The number of the thread that did a task. The worker of this test reads the scenario as a word. */
function threadOf(pool: ThreadPool, word = 'answer', stop = never): Promise<unknown> {
  return pool.run({ type: 'run', scenario: word as unknown as Scenario }, () => undefined, stop);
}

test('tasks that follow one another share a thread', async () => {
  const pool = new ThreadPool(worker);
  const first = await threadOf(pool);
  expect(first).toBeGreaterThan(0);
  for (let task = 0; task < 5; task++) expect(await threadOf(pool)).toBe(first);
});

test('tasks at the same time have a thread each, which later tasks use', async () => {
  const pool = new ThreadPool(worker);
  const both = await Promise.all([threadOf(pool), threadOf(pool)]);
  expect(new Set(both).size).toBe(2);
  const later = await Promise.all([threadOf(pool), threadOf(pool)]);
  expect([...later].sort()).toEqual([...both].sort());
});

test('the thread of a task that was stopped or failed does no other task', async () => {
  const pool = new ThreadPool(worker);
  const first = await threadOf(pool);
  const stop = new AbortController();
  const stopped = threadOf(pool, 'hang', stop.signal);
  stop.abort();
  expect(await stopped).toBeUndefined();
  const second = await threadOf(pool);
  expect(second).not.toBe(first);
  await expect(threadOf(pool, 'fail')).rejects.toThrow('failed as asked');
  expect(await threadOf(pool)).not.toBe(second);
});

test('threads that were ended while they were idle do no other task', async () => {
  const pool = new ThreadPool(worker);
  const first = await threadOf(pool);
  pool.endIdle();
  expect(await threadOf(pool)).not.toBe(first);
});

test('a thread that ended while it was idle does no other task', async () => {
  const pool = new ThreadPool(worker);
  const first = await threadOf(pool, 'answer and end');
  await pause(200);
  expect(await threadOf(pool)).not.toBe(first);
});
