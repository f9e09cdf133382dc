import { mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { runBundle } from '../../../server/run-bundle.ts';

let folder: string;
let bundle: string;
let kept: string;
const ran: string[] = [];

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout'] });
  folder = mkdtempSync(path.join(tmpdir(), 'stimpack-compiled-'));
  bundle = path.join(folder, 'some.cjs');
  kept = path.join(folder, 'compiled', 'some.cjs.bin');
  ran.length = 0;
  Object.assign(globalThis, { heard: (what: string) => ran.push(what) });
});

afterEach(() => {
  vi.useRealTimers();
  rmSync(folder, { recursive: true, force: true });
});

/**
 * Words of one length give equal sizes and times of change, so the stored code must be identified by more than these.
 */
function writeBundle(says: string): void {
  const functions = Array.from({ length: 200 }, (_, i) => `function f${i}(a) { return a + ${i}; }`);
  writeFileSync(bundle, `${functions.join('\n')}\nheard(f0('${says}') + require('node:path').sep + __filename);\n`);
}

const run = (): boolean => runBundle(bundle, path.dirname(kept));

function runAndKeep(): void {
  expect(run()).toBe(false);
  vi.runAllTimers();
}

test('a bundle runs as required, and again with its stored code', () => {
  writeBundle('one');
  runAndKeep();
  expect(run()).toBe(true);
  expect(ran).toEqual(Array.from({ length: 2 }, () => `one0${path.sep}${bundle}`));
});

test('a bundle that is required by its path is run once, and has stored code too', () => {
  writeFileSync(path.join(folder, 'other.cjs'), "heard('other'); exports.name = 'other';\n");
  writeFileSync(bundle, "heard(require('./other.cjs').name + require('./other.cjs').name);\n");
  runAndKeep();
  expect(ran).toEqual(['other', 'otherother']);
  expect(readFileSync(path.join(path.dirname(kept), 'other.cjs.bin')).byteLength).toBeGreaterThan(64);
  expect(run()).toBe(true);
  expect(ran).toEqual(['other', 'otherother', 'other', 'otherother']);
});

test('nothing is stored without a directory', () => {
  writeBundle('one');
  expect(runBundle(bundle, undefined)).toBe(false);
  vi.runAllTimers();
  expect(ran.length).toBe(1);
  expect(() => readFileSync(kept)).toThrow('ENOENT');
});

test('the stored code of another bundle is replaced and not used', () => {
  writeBundle('one');
  runAndKeep();
  writeBundle('two');
  utimesSync(bundle, new Date(0), new Date(0));
  runAndKeep();
  expect(ran.at(-1)).toContain('two');
  expect(run()).toBe(true);
});

test.each<[string, (data: Buffer) => Buffer]>([
  ['cut short', (data) => data.subarray(0, data.length >> 1)],
  ['of a block of zeros', (data) => Buffer.concat([data.subarray(0, 512), Buffer.alloc(512), data.subarray(1024)])],
  [
    'with one wrong bit',
    (data) => Buffer.concat([data.subarray(0, 777), Buffer.of((data[777] ?? 0) ^ 1), data.subarray(778)]),
  ],
  ['of one wrong bit at its end', (data) => Buffer.concat([data.subarray(0, -1), Buffer.of((data.at(-1) ?? 0) ^ 128)])],
  ['empty', () => Buffer.alloc(0)],
  ['without its end', (data) => data.subarray(0, data.length - 1)],
])('a file %s is replaced and not used', (_, spoil) => {
  writeBundle('one');
  runAndKeep();
  writeFileSync(kept, spoil(readFileSync(kept)));
  runAndKeep();
  expect(run()).toBe(true);
});

test('a folder that cannot be written only costs time', () => {
  writeBundle('one');
  writeFileSync(path.dirname(kept), 'a file where the folder should be');
  runAndKeep();
  expect(run()).toBe(false);
  expect(ran.length).toBe(2);
});

test('an error has its place in the bundle', () => {
  writeFileSync(bundle, "  throw new Error('at line 1, column 9');\n");
  let stack: string | undefined;
  try {
    run();
  } catch (error) {
    stack = (error as Error).stack;
  }
  expect(stack).toContain(`${bundle}:1:9`);
});
