import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryFolder } from '../vscode/artifacts.ts';
import type { Part } from './sample.ts';

export interface Room {
  /** The name in `npm run mutation -- NAME`. */
  readonly name: string;
  /** The folder whose files are mutated. */
  readonly folder: string;
  /** Patterns of the test files to run. They must be fast, because each mutant runs the tests that reach it. */
  readonly tests: readonly string[];
  /** The lowest allowed score in percent. */
  readonly floor?: number;
}

/** Left out: tests that start other engines, and those that simulate for minutes. */
const servingTests = ['test/simulator/serving/!(arrivals|coverage|engines|invariants|prediction).test.ts'];

export const rooms: readonly Room[] = [
  { name: 'design', folder: 'design', tests: ['test/design/**/*.test.ts'] },
  { name: 'engine', folder: 'engine', tests: ['test/engine/**/*.test.ts'], floor: 80 },
  {
    name: 'judge',
    folder: 'simulator/serving/judge',
    tests: [
      'test/simulator/serving/{backlog,burst-overload,ceilings,loadgen,lowest-cell,near-the-limit,observations}.test.ts',
      'test/simulator/serving/{peak-overload,recording,repeated-checks,short-runs,warmup}.test.ts',
    ],
    floor: 80,
  },
  { name: 'record', folder: 'simulator/serving/record', tests: servingTests },
  { name: 'policy', folder: 'simulator/serving/policy', tests: servingTests },
  { name: 'loop', folder: 'simulator/serving/loop', tests: servingTests },
  { name: 'hardware', folder: 'simulator/hardware', tests: ['test/simulator/hardware/**/*.test.ts'] },
  { name: 'sequences', folder: 'simulator/sequences', tests: ['test/simulator/sequences/!(twin-long).test.ts'] },
  { name: 'explore', folder: 'simulator/explore', tests: ['test/simulator/explore/**/*.test.ts'] },
  { name: 'syntax', folder: 'language/syntax', tests: ['test/language/{lexer,parser,reparse,corpus}.test.ts'] },
  { name: 'units', folder: 'language/units', tests: ['test/language/{units,checker,corpus}.test.ts'] },
  { name: 'check', folder: 'language/check', tests: ['test/language/{checker,corpus,design,messages}.test.ts'] },
  { name: 'formats', folder: 'formats', tests: ['test/formats/!(onnx-fuzz).test.ts'] },
  { name: 'trace', folder: 'formats/trace', tests: ['test/formats/trace*.test.ts'] },
  { name: 'protocol', folder: 'protocol', tests: ['test/protocol/**/*.test.ts'] },
  { name: 'host', folder: 'host', tests: ['test/host/disk-reader.test.ts'] },
  { name: 'server', folder: 'server', tests: ['test/server/in-process/**/*.test.ts'] },
  {
    name: 'cli',
    folder: 'cli',
    // Tests that start processes or threads are left out.
    tests: [
      'test/cli/{arguments,did-you-mean,energy,result-file-name,search-designs,terminal}.test.ts',
      'test/cli/commands/{capacity,check,fmt,import,layers,run,usage}.test.ts',
      'test/cli/{input,render,report}/*.test.ts',
    ],
  },
];

/**
 * Lines of code that are mutated in one group. If a later group is interrupted, the results of this one are kept. Our
 * assumption.
 */
const linesAtOnce = 600;

/** The files of a room. */
export function filesOf({ folder }: Room): readonly string[] {
  return readdirSync(path.join(repositoryFolder, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts') && path.basename(name) !== 'index.ts')
    .map((name) => `${folder}/${name}`)
    .sort();
}

export function linesOf(file: string): number {
  return readFileSync(path.join(repositoryFolder, file), 'utf8').split('\n').length;
}

/** Parts of files in groups that are mutated in order. A file is not divided between groups. */
export function groupsOf(files: readonly (readonly Part[])[]): readonly (readonly Part[])[] {
  const groups: Part[][] = [];
  let lines = 0;
  for (const parts of files) {
    const length = parts.reduce((sum, { first, last }) => sum + last - first + 1, 0);
    const group = groups.at(-1);
    if (group === undefined || lines + length > linesAtOnce) {
      groups.push([...parts]);
      lines = length;
    } else {
      group.push(...parts);
      lines += length;
    }
  }
  return groups;
}
