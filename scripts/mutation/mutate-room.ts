import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { artifact, repositoryFolder } from '../vscode/artifacts.ts';
import { filesOf, groupsOf, linesOf, type Room } from './rooms.ts';
import { sampledParts } from './sample.ts';

/** The part of StrykerJS's report that we use (mutation-testing-report-schema). */
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[]; readonly source: string }>>;
}

interface Mutant {
  readonly status: string;
  readonly mutatorName: string;
  readonly replacement?: string;
  readonly location: { readonly start: { readonly line: number; readonly column: number } };
}

export interface FileScore {
  readonly file: string;
  readonly caught: number;
  /**
   * The number of mutants that were caught, survived, or were not reached by a test. Mutants that do not load are not
   * counted.
   */
  readonly counted: number;
  /** For example `line 12: StringLiteral -> ""`. */
  readonly survivors: readonly string[];
}

/** The part of a room that is mutated. */
export interface Choice {
  /** Only files whose path contains one of these words; all files if there are none. */
  readonly words: readonly string[];
  /** The percentage of the lines that are drawn; 100 for all of them. */
  readonly percentage: number;
}

/**
 * Mutates a room, group by group. Reuses results from the file of an earlier run of the same sample for mutants with unchanged code and
 * tests. Returns undefined if StrykerJS failed; StrykerJS has printed the reason.
 */
export async function mutateRoom(room: Room, { words, percentage }: Choice): Promise<readonly FileScore[] | undefined> {
  const known = artifact('mutation', `${room.name}${percentage < 100 ? `-${percentage}` : ''}.json`);
  const isMeant = (file: string): boolean => words.length === 0 || words.some((word) => file.includes(word));
  const files = filesOf(room).filter(isMeant);
  const groups = groupsOf(files.map((file) => sampledParts(file, linesOf(file), percentage)));
  for (const [index, parts] of groups.entries()) {
    const places = parts.map(({ file, first, last }) => `${file}:${first}-${last}`);
    console.log(`${room.name}: group ${index + 1} of ${groups.length}: ${places.join(', ')}`);
    const config = artifact('mutation', `${room.name}.config.json`);
    const mutate = percentage < 100 ? places : [...new Set(parts.map(({ file }) => file))];
    writeFileSync(config, JSON.stringify(configuration(mutate, known), null, 2));
    if (!(await stryker(config, room.tests))) return undefined;
  }
  return scoresOf(room, known);
}

function configuration(mutate: readonly string[], incrementalFile: string): Readonly<Record<string, unknown>> {
  return {
    testRunner: 'vitest',
    plugins: ['@stryker-mutator/vitest-runner'],
    vitest: { configFile: 'scripts/mutation/vitest.config.ts', related: false },
    mutate,
    coverageAnalysis: 'perTest',
    concurrency: 1,
    // A shared machine may be slow. Only an endless loop takes a minute longer than its test.
    timeoutMS: 60_000,
    dryRunTimeoutMinutes: 60,
    incremental: true,
    incrementalFile,
    tempDirName: artifact('stryker'),
    ignorePatterns: ['dist', 'docs/images', '*.vsix', 'test/fuzz-corpus'],
    // The tests strip our types and do not check them, so no check needs to be disabled.
    disableTypeChecks: false,
    // A table that is read once when its module loads would run every test again for each of its cells.
    ignoreStatic: true,
    reporters: ['progress-append-only'],
    allowConsoleColors: false,
  };
}

function stryker(config: string, tests: readonly string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn('npx', ['stryker', 'run', config], {
      cwd: repositoryFolder,
      stdio: 'inherit',
      env: { ...process.env, STIMPACK_MUTATION_TESTS: tests.join(' ') },
    });
    child.on('error', () => done(false));
    child.on('exit', (code) => done(code === 0));
  });
}

/** The scores of the files that the room has now. */
export function scoresOf(room: Room, known: string): readonly FileScore[] {
  if (!existsSync(known)) return [];
  const report = JSON.parse(readFileSync(known, 'utf8')) as Report;
  const files = new Set(filesOf(room));
  return Object.entries(report.files)
    .map(([file, { mutants }]) => ({ file: path.normalize(file), mutants }))
    .filter(({ file }) => files.has(file))
    .map(({ file, mutants }) => {
      const caught = mutants.filter(({ status }) => status === 'Killed' || status === 'Timeout');
      const missed = mutants.filter(({ status }) => status === 'Survived' || status === 'NoCoverage');
      return {
        file,
        caught: caught.length,
        counted: caught.length + missed.length,
        survivors: missed.map(
          ({ status, mutatorName, replacement = '', location: { start } }) =>
            `line ${start.line}: ${mutatorName} -> ${replacement.slice(0, 60)}${status === 'NoCoverage' ? ' (no test gets there)' : ''}`,
        ),
      };
    })
    .sort((a, b) => (a.file < b.file ? -1 : 1));
}
