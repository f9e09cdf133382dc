import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { PreviewLoop } from '../../client/preview-loop.ts';

/*
 * The runs of a document while a number of it is dragged, with a server whose answers the test controls.
 */

const started: string[] = [];
let answer: (() => void)[] = [];

const loop = (): PreviewLoop =>
  new PreviewLoop((action) => {
    started.push(action);
    return new Promise((resolve) => answer.push(resolve));
  });

/** Ends the oldest run in progress, and lets the loop react. */
async function end(): Promise<void> {
  answer.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
}

beforeEach(() => {
  vi.useFakeTimers();
  started.length = 0;
  answer = [];
});

afterEach(() => {
  vi.useRealTimers();
});

test('values that change during a preview are dropped, except for the newest', async () => {
  const moving = loop();
  for (let i = 0; i < 5; i++) moving.moved(true);
  expect(started).toEqual(['preview']);
  await end();
  expect(started).toEqual(['preview', 'preview']);
  await end();
  expect(started).toEqual(['preview', 'preview']);
});

test('the whole run follows when the number has rested', async () => {
  const moving = loop();
  moving.moved(true);
  await end();
  await vi.advanceTimersByTimeAsync(149);
  expect(started).toEqual(['preview']);
  await vi.advanceTimersByTimeAsync(1);
  expect(started).toEqual(['preview', 'run']);
});

test('a slow preview is shown before the whole run begins', async () => {
  const moving = loop();
  moving.moved(true);
  await vi.advanceTimersByTimeAsync(1000);
  expect(started).toEqual(['preview']);
  await end();
  expect(started).toEqual(['preview', 'run']);
});

test('no whole run begins while the next value is being written', async () => {
  const moving = loop();
  moving.moved(true);
  await end();
  moving.moves();
  await vi.advanceTimersByTimeAsync(1000);
  expect(started).toEqual(['preview']);
  // The editor refused it, so the last value is the one that rests.
  moving.moved(false);
  await vi.advanceTimersByTimeAsync(150);
  expect(started).toEqual(['preview', 'run']);
});

test('a number that moves again after it has rested starts no whole run', async () => {
  const moving = loop();
  moving.moved(true);
  await vi.advanceTimersByTimeAsync(200);
  moving.moves();
  await end();
  expect(started).toEqual(['preview']);
});

test('a closed document starts nothing more', async () => {
  const moving = loop();
  moving.moved(true);
  moving.moved(true);
  moving.end();
  await end();
  await vi.advanceTimersByTimeAsync(1000);
  expect(started).toEqual(['preview']);
});

test('a preview that fails ends neither the loop nor the whole run', async () => {
  const moving = new PreviewLoop((action) => {
    started.push(action);
    return Promise.reject(new Error('the server has ended'));
  });
  moving.moved(true);
  await vi.advanceTimersByTimeAsync(150);
  expect(started).toEqual(['preview', 'run']);
  moving.moved(true);
  await vi.advanceTimersByTimeAsync(0);
  expect(started).toEqual(['preview', 'run', 'preview']);
});
