import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  compile,
  completionsAt,
  definitionAt,
  fileLinks,
  folds,
  format,
  formatEdits,
  hoverAt,
  type LanguageHost,
  outline,
  type Program,
  parse,
  pathAt,
  referencesAt,
  renameConflict,
  type SyntaxTree,
  selectionsAt,
  semanticTokens,
  shapeHints,
  signatureAt,
  targetAt,
} from '../../language/index.ts';
import { series } from '../series.ts';
import { repository, testHost } from './host.ts';

/*
 * Compiles thousands of broken texts and runs a query at one place of each. Nothing throws or hangs, and every answer is
 * inside the text. The texts are the same each time. STIMPACK_FUZZ=1000000 tries more, STIMPACK_FUZZ_SEED tries others.
 * `npm run fuzz` tries new ones for any length of time.
 */

const runs = Number(process.env.STIMPACK_FUZZ ?? series(2000, 20_000));
const firstSeed = Number(process.env.STIMPACK_FUZZ_SEED ?? 1);
const batches = 10;

const corpus = `${repository}test/language/corpus/`;
const sources = [
  ...readdirSync(corpus)
    .filter((name) => name.endsWith('.npu'))
    .map((name) => readFileSync(corpus + name, 'utf8').split(/^(?=\/\/!)/mu)[0] ?? ''),
  'let peak = 2400 rps\r\nlet window = 10 ms * 3 + 1 s\r\nblock B(f, g: 2) {\r\n\tdense { outputs: f * g }\r\n}\r\n',
  '/* 💥 */ model M { input: 8 x 8 x 3, layers { a: conv(3, 4), s: repeat 2 { B(4) }, add { inputs: [s.a, input] } } }\n',
  'scheduler Q { order: edf, burst: slack { guard: 5 %, hold: 2 ms }, switch at: layer }\nexplore E { scenario: S, vary C.HBM.bandwidth in 1 GB/s .. 4 GB/s step 1 GB/s, maximize capacity }\n',
  'scenario S { npu: C, serve M as A { arrivals: bursty(1 rps, high: 2 rps), batch { max: 8 }, slo { p99.9 latency <= 15 ms } } compare: [C with Q, queue(4)] }\n',
  'npu C { clock: 1 GHz\n array { rows: 8, columns: 8 } vector { rate: 8 operations/cycle }\n VMEM { capacity: 1 MiB, bandwidth: 1 TB/s } HBM { capacity: 1 GB, bandwidth: 1 GB/s }\n mode burst: none }\n',
];

const pieces = [
  ...'{}()[]:,.=<>+-*/"\'%@#;\n\r\t\\ x0',
  '..',
  '<=',
  '//',
  '/*',
  '*/',
  '///',
  '\r\n',
  '\u00a0',
  '\ufeff',
  '\u{1f4a5}',
  '\ud800',
  'µs',
  '1e999',
  'let a = ',
  'npu C ',
  'model M ',
  'repeat 99999 {',
  'extends C',
  'residual {',
  'parallel { branch {',
  'B(4)',
  'p99 latency <= ',
  '15 ms',
  ' GB/s',
  'inputs: [a]',
  ' with ',
  ': none',
  'poisson(',
];

/** A stream of whole numbers, the same on every machine (mulberry32, Tommy Ettinger, public domain). */
function stream(seed: number): (below: number) => number {
  let state = seed >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

function mutate(next: (below: number) => number): string {
  const pick = (): string => sources[next(sources.length)] ?? '';
  let text = next(3) === 0 ? pick() + pick() : pick();
  for (let edits = 1 + next(4); edits > 0; edits--) {
    const at = next(text.length + 1);
    const removed = next(4) === 0 ? next(40) : next(4);
    const other = pick();
    const from = next(other.length + 1);
    const added = [pieces[next(pieces.length)] ?? '', '', other.slice(from, from + next(60))][next(3)] ?? '';
    text = text.slice(0, at) + added + text.slice(at + removed);
  }
  return text;
}

const uri = 'file:///fuzz.npu';
let text = '';
const host: LanguageHost = {
  ...testHost(),
  readText: (asked) => (asked === uri ? text : { kind: 'not-found' }),
  libraryUri: () => undefined,
};

interface Stretch {
  readonly start: number;
  readonly end: number;
}

function inside({ start, end }: Stretch, what: string): void {
  if (!(start >= 0 && start <= end && end <= text.length))
    throw new Error(`${what} ${start}..${end} of ${text.length}`);
}

/** Every query in turn, at places all over the texts. */
const queries: readonly ((program: Program, offset: number) => void)[] = [
  (program, offset) => {
    for (const one of completionsAt(program, uri, offset, host)) inside(one, one.label);
  },
  (program, offset) => {
    const hover = hoverAt(program, uri, offset);
    if (hover !== undefined) inside(hover, 'hover');
  },
  (program, offset) => void signatureAt(program, uri, offset),
  (program, offset) => void definitionAt(program, uri, offset),
  (program, offset) => {
    const target = targetAt(program, uri, offset);
    if (target === undefined) return;
    const places = referencesAt([], program, uri, offset);
    for (const one of places) if (one.uri === uri) inside(one, 'reference');
    renameConflict([program], target, 'other', places);
  },
  (program, offset) => {
    const file = program.files.get(uri);
    if (file === undefined) return;
    pathAt(file.tree, offset);
    let inner: Stretch = { start: offset, end: offset };
    for (const one of selectionsAt(file.tree, offset)) {
      if (one.start > inner.start || one.end < inner.end) throw new Error('a selection does not grow');
      inner = one;
    }
  },
  (program) => {
    const file = program.files.get(uri);
    if (file === undefined) return;
    let end = 0;
    for (const token of semanticTokens(file)) {
      if (token.start < end) throw new Error('tokens overlap');
      end = token.end;
    }
    for (const fold of folds(file.tree)) inside(fold, 'fold');
    for (const link of fileLinks(file)) inside(link, 'link');
    for (const entry of outline(file.tree)) inside({ start: entry.nameStart, end: entry.nameEnd }, entry.name);
    for (const hint of shapeHints(program, uri)) inside({ start: hint.offset, end: hint.offset }, 'hint');
  },
  (program) => {
    const file = program.files.get(uri);
    if (file === undefined) return;
    const edited = applyChanges(text, formatEdits(file.tree));
    if (errorsOf(file.tree).length === 0) {
      if (edited !== format(file.tree)) throw new Error('the edits are not the formatted text');
      return;
    }
    // Formats the statements of a broken text that parse. No word changes, and neither do its diagnostics.
    const words = (all: string): string => all.replace(/[\s,]/gu, '');
    if (words(edited) !== words(text)) throw new Error('formatting changed a word of a broken text');
    const before = errorsOf(file.tree).join();
    const after = errorsOf(parse(edited, uri)).join();
    if (after !== before) throw new Error(`formatting made other errors of a broken text: ${before}, ${after}`);
  },
];

function errorsOf({ diagnostics }: SyntaxTree): readonly string[] {
  return diagnostics.flatMap(({ severity, code }) => (severity === 'error' ? [code] : []));
}

const told = (program: Program): readonly string[] =>
  program.diagnostics.map(({ code, origin, message }) => `${origin.start}..${origin.end} ${code}: ${message}`);

describe('mutated texts', () => {
  it.each(Array.from({ length: batches }, (_, batch) => batch))('batch %i', (batch) => {
    const next = stream(firstSeed * 1000 + batch);
    let previous: Program | undefined;
    for (let run = 0; run < runs / batches; run++) {
      text = mutate(next);
      try {
        const program = compile(uri, host, previous);
        for (const { origin } of program.diagnostics) if (origin.uri === uri) inside(origin, 'diagnostic');
        queries[run % queries.length]?.(program, next(text.length + 1));
        // Reusing parts of an earlier check does not change the diagnostics.
        if (run % 50 === 0) expect(told(program)).toEqual(told(compile(uri, host)));
        previous = program;
      } catch (error) {
        throw new Error(`batch ${batch}, run ${run}: ${JSON.stringify(text)}`, { cause: error });
      }
    }
  });
});
