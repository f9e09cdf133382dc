import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import {
  compile,
  format,
  isTrivia,
  parse,
  type SyntaxTree,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../../../language/index.ts';
import { repository, testHost } from '../host.ts';

/*
 * Any text that parses keeps its meaning after formatting: no new diagnostic, the same design, the same words, and
 * nothing left to format. The test changes valid files between their tokens (line breaks, commas and comments are
 * added, removed and moved) and inserts pieces of one file into another. It formats those that still parse.
 * STIMPACK_FUZZ=1000000 tries more, STIMPACK_FUZZ_SEED tries others.
 */

const runs = Number(process.env.STIMPACK_FUZZ ?? 100_000) / 10;
const seed = Number(process.env.STIMPACK_FUZZ_SEED ?? 1);

const uri = 'file:///valid.npu';
const corpus = `${repository}test/language/corpus/`;
const sources = [
  ...readdirSync(corpus)
    .filter((name) => name.endsWith('.npu'))
    .map((name) => readFileSync(corpus + name, 'utf8').split(/^(?=\/\/!)/mu)[0] ?? ''),
  'let peak = 2400 rps\r\nlet window = 10 ms * 3 + 1 s - -(2 ms)\r\nblock B(f, g: 2) {\r\n\tdense { outputs: f * g }\r\n}\r\n',
  'model M { input: 8 x 8 x 3, layers { a: conv(3, 4), s: repeat 2 { B(4) }, add { inputs: [s.a, input] }\n relu } }\n',
  'model N { input: 8 x 8 x 3, layers { parallel { branch { conv(3, 4) } branch { relu } }\n residual { relu } concat { axis: 2 } } }\n',
  'scheduler Q { order: edf, burst: slack { guard: 5 %, hold: 2 ms }, switch at: layer }\nexplore E { scenario: S, vary C.HBM.bandwidth in 1 GB/s .. 4 GB/s step 1 GB/s, maximize capacity }\n',
  'scenario S { npu: C, serve M as A { arrivals: bursty(1 rps, high: 2 rps), batch { max: 8 }, slo { p99.9 latency <= 15 ms } } compare: [C with Q, queue(4)] }\n',
  'npu C { clock: 1 GHz\n array { rows: 8, columns: 8 } vector { rate: 8 operations/cycle }\n VMEM { capacity: 1 MiB, bandwidth: 1 TB/s } HBM { capacity: 1 GB, bandwidth: 1 GB/s }\n mode burst: none }\n',
];

const trees = sources.map((text) => parse(text, uri));

/** A stream of whole numbers, the same on every machine (mulberry32, Tommy Ettinger, public domain). */
function stream(from: number): (below: number) => number {
  let state = from >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, below);
  };
}

const gaps = [
  '',
  ' ',
  '\n',
  '\n\n\n',
  ',',
  ',\n',
  '\n,',
  ' // c\n',
  ', // c\n',
  '\n// d\n',
  ' /* e */ ',
  '/* f\n g */\n',
  '\r\n',
  '\n/// h\n',
  '\t',
];

/** The tokens and gaps of a text. */
function pieces(tree: SyntaxTree): string[] {
  return Array.from({ length: tree.tokens.count }, (_, i) =>
    tree.text.slice(tokenStart(tree.tokens, i), tokenEnd(tree.tokens, i)),
  );
}

const pieceLists = trees.map(pieces);

function mutated(next: (below: number) => number): string {
  const list = [...(pieceLists[next(pieceLists.length)] ?? [])];
  for (let edits = 1 + next(5); edits > 0; edits--) {
    const at = next(list.length);
    const kind = next(4);
    // Inserts or replaces a gap between two tokens, inserts a piece of another file, or repeats or deletes a piece.
    if (kind <= 1) list.splice(at, next(3) === 0 ? 1 : 0, gaps[next(gaps.length)] ?? '');
    else if (kind === 2) {
      const other = pieceLists[next(pieceLists.length)] ?? [];
      const from = next(other.length);
      list.splice(at, next(2), ...other.slice(from, from + 1 + next(12)));
    } else list.splice(at, 1 + next(2));
  }
  return list.join('');
}

function hasErrors({ diagnostics }: SyntaxTree): boolean {
  return diagnostics.some(({ severity }) => severity === 'error');
}

/** Comments and tokens without commas, because formatting adds and removes commas at line ends. */
function words(tree: SyntaxTree): string {
  const all: string[] = [];
  for (let i = 0; i < tree.tokens.count; i++) {
    const kind = tokenKind(tree.tokens, i);
    const isComment = kind === 'comment' || kind === 'doc-comment' || kind === 'block-comment';
    if ((isTrivia(tree.tokens, i) && !isComment) || kind === ',') continue;
    all.push(tree.text.slice(tokenStart(tree.tokens, i), tokenEnd(tree.tokens, i)).trimEnd());
  }
  return all.join('\u0000');
}

/** The meaning of a text: its design and its diagnostics without their places. */
function meaning(text: string): string {
  const host = testHost({ [uri]: text });
  const { design, diagnostics } = compile(uri, host);
  const said = diagnostics.map(({ code, message, severity }) => [code, message, severity]);
  return JSON.stringify([design, said.map((one) => JSON.stringify(one)).sort()], (key, value: unknown) =>
    key === 'origin' || key === 'acceptOrigins' ? undefined : value,
  );
}

/** What formatting wrongly changed in a text; undefined if nothing. */
function wrong(text: string): string | undefined {
  const tree = parse(text, uri);
  if (hasErrors(tree)) return undefined;
  valid++;
  const formatted = format(tree);
  const again = parse(formatted, uri);
  if (hasErrors(again)) return `an error: ${again.diagnostics.map(({ message }) => message).join('; ')}`;
  if (words(again) !== words(tree)) return 'other words';
  if (format(again) !== formatted) return 'not settled';
  if (valid % 3 === 0 && meaning(formatted) !== meaning(text)) return 'another meaning';
  return undefined;
}

let valid = 0;

it('formatting a text that parses changes only its layout', () => {
  const next = stream(seed);
  const found: string[] = [];
  for (let run = 0; run < runs; run++) {
    const text = mutated(next);
    const said = wrong(text);
    if (said !== undefined) found.push(`${said}\n${JSON.stringify(text)}\n${JSON.stringify(format(parse(text, uri)))}`);
  }
  expect(
    found
      .sort((a, b) => a.length - b.length)
      .slice(0, 5)
      .join('\n\n'),
  ).toBe('');
  expect(valid).toBeGreaterThan(runs / 10);
});

it('a statement that parses only because of its line breaks keeps them, and the others are formatted', () => {
  const text = 'let a=1\nnpu\nMine 8 GB \n {\n  array {  weight-stationery }\n}\nlet b=2\n';
  expect(hasErrors(parse(text, uri))).toBe(false);
  expect(format(parse(text, uri))).toBe(text.replace('a=1', 'a = 1').replace('b=2', 'b = 2'));
});
