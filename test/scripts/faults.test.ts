import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { faults } from '../../scripts/mutation/faults.ts';

/* Checks that the faults of `npm run mutation -- faults` still fit the code. */

const root = path.join(import.meta.dirname, '..', '..');

test.each(faults)('$name: its text occurs once in $file, and its tests exist', ({ file, right, wrong, tests }) => {
  expect(readFileSync(path.join(root, file), 'utf8').split(right)).toHaveLength(2);
  expect(wrong).not.toBe(right);
  expect(tests.filter((each) => !existsSync(path.join(root, each)))).toEqual([]);
  expect(tests.length).toBeGreaterThan(0);
});

test('no fault is listed twice', () => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
});
