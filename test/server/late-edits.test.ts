import { setImmediate as nextRound } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LateEdits } from '../../server/late-edits.ts';

/** The duration of a check in these tests: long compared with a round of the event loop. */
const checkMilliseconds = 5;

interface Checks {
  count: number;
  readonly edits: LateEdits;
}

function checks(): Checks {
  const counted: Checks = { count: 0, edits: new LateEdits(check, failed) };
  function check(): void {
    counted.count++;
    const end = performance.now() + checkMilliseconds;
    while (performance.now() < end);
  }
  function failed(error: unknown): void {
    throw error;
  }
  return counted;
}

async function rounds(count: number): Promise<void> {
  for (let round = 0; round < count; round++) await nextRound();
}

/** Longer than an edit waits for further messages. */
const pause = 8;

test('each edit of a user who types is checked', async () => {
  const counted = checks();
  for (let edit = 0; edit < 20; edit++) {
    counted.edits.add(['a']);
    await rounds(pause);
  }
  expect(counted.count).toBe(20);
});

test('a burst of edits that arrives as fast as it is read causes few checks, and the last edit is checked', async () => {
  const counted = checks();
  for (let edit = 0; edit < 100; edit++) {
    counted.edits.add(['a']);
    counted.edits.add(['a']);
    await rounds(pause);
  }
  expect(counted.count).toBeLessThan(20);
  const before = counted.count;
  counted.edits.add(['a']);
  await counted.edits.checked();
  expect(counted.count).toBe(before + 1);
});

test('the edits of some documents can be checked at once, and those of the others wait', async () => {
  const checked: string[] = [];
  const edits = new LateEdits(
    (uri) => checked.push(uri),
    () => undefined,
  );
  edits.add(['opened', 'importer']);
  edits.flushOf(['opened', 'unchanged']);
  expect(checked).toEqual(['opened']);
  edits.add(['next', 'importer']);
  edits.flushOf(['next']);
  expect(checked).toEqual(['opened', 'next']);
  await edits.checked();
  expect(checked).toEqual(['opened', 'next', 'importer']);
});
