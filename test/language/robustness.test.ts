import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type AnyNode,
  childrenOf,
  compile,
  format,
  parse,
  type SyntaxTree,
  tokenEnd,
  tokenStart,
} from '../../language/index.ts';
import { series } from '../series.ts';
import { fileUri, libraryNames, repository, testHost } from './host.ts';

const sources = ['examples/rush.npu', ...libraryNames.map((name) => `library/${name}.npu`)].map((path) => ({
  uri: fileUri(path),
  text: readFileSync(repository + path, 'utf8'),
}));

/** How many mutated texts; more by `STIMPACK_FUZZ=100000`. */
const runs = Number(process.env.STIMPACK_FUZZ ?? series(300, 3000));

const fragments = [
  ...'{}()[]:,.=<>+-*/"\'%@#;\n\r\t\\',
  '..',
  '<=',
  '//',
  '/*',
  '*/',
  '///',
  '"',
  'x',
  ' 3 x ',
  '\r\n',
  '\u00a0',
  '\ufeff',
  '\u{1f4a5}',
  '\ud800',
  'µs',
  '1e999',
  '0',
  'let',
  'npu',
  'model',
  'repeat 9999999',
  'extends',
  'import "./rush.npu"',
  'residual {',
  'parallel { branch {',
  'Stage(64, 2)',
  'p99.9 latency <= ',
  '15 ms',
  'GB/s',
  'inputs: [input]',
  'with',
  '-1',
  'none',
  'poisson(',
  'slack {',
];

function checkTree(tree: SyntaxTree): void {
  let end = 0;
  let joined = '';
  for (let i = 0; i < tree.tokens.count; i++) {
    if (tokenStart(tree.tokens, i) !== end)
      throw new Error(`token ${i} starts at ${tokenStart(tree.tokens, i)}, not ${end}`);
    end = tokenEnd(tree.tokens, i);
    joined += tree.text.slice(tokenStart(tree.tokens, i), end);
  }
  expect(joined).toBe(tree.text);
  checkNesting(tree.root);
}

function checkNesting(node: AnyNode): void {
  let from = node.start;
  for (const child of childrenOf(node)) {
    if (child.start < from || child.end > node.end || child.end < child.start) {
      throw new Error(
        `${child.kind} ${child.start}..${child.end} is not inside ${node.kind} ${node.start}..${node.end}`,
      );
    }
    from = child.kind === 'missing' ? from : child.end;
    checkNesting(child);
  }
}

function checkProgram(uri: string, text: string): void {
  checkTree(parse(text, uri));
  const program = compile(uri, testHost({ [uri]: text }));
  for (const { origin, code, message, fixes } of program.diagnostics) {
    const length = program.files.get(origin.uri)?.text.length ?? 0;
    // Plain comparisons: a text has up to 50,000 diagnostics, and `expect` takes longer than the check itself.
    if (!/^[a-z]+(-[a-z]+)*$/u.test(code)) throw new Error(`'${code}' is no code`);
    if (/undefined|NaN|\[object/u.test(message))
      throw new Error(`a message contains a value of the program: ${message}`);
    if (!(origin.start >= 0 && origin.start <= origin.end && origin.end <= length))
      throw new Error(`${code} is at ${origin.start}..${origin.end} of ${length}`);
    if (fixes?.some((fix) => fix.edits.length === 0)) throw new Error(`a fix of ${code} has no edits`);
  }
}

describe('any text', () => {
  it('is kept by the tree, character by character', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => checkTree(parse(text, 'file:///a.npu'))),
      { numRuns: series(200, 500) },
    );
  });

  it('from pieces of the language never throws', () => {
    const text = fc.array(fc.constantFrom(...fragments), { maxLength: 60 }).map((pieces) => pieces.join(' '));
    fc.assert(
      fc.property(text, (written) => checkProgram('file:///a.npu', written)),
      { numRuns: Math.min(runs, 2000) },
    );
  });
});

describe('broken versions of real files', () => {
  it('cut at any place', () => {
    for (const { uri, text } of sources) {
      const step = Math.max(1, Math.floor(text.length / series(30, 250)));
      for (let end = 0; end <= text.length; end += step) checkProgram(uri, text.slice(0, end));
    }
  });

  it('with pieces deleted, doubled, moved and inserted', () => {
    const edit = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      remove: fc.integer({ min: 0, max: 40 }),
      insert: fc.oneof(fc.constant(''), fc.constantFrom(...fragments), fc.double({ min: 0, max: 1, noNaN: true })),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...sources),
        fc.array(edit, { minLength: 1, maxLength: 5 }),
        ({ uri, text }, edits) => {
          let written = text;
          for (const { at, remove, insert } of edits) {
            const start = Math.floor(at * written.length);
            const from = typeof insert === 'number' ? Math.floor(insert * text.length) : 0;
            const added = typeof insert === 'number' ? text.slice(from, from + 60) : insert;
            written = written.slice(0, start) + added + written.slice(start + remove);
          }
          checkProgram(uri, written);
        },
      ),
      { numRuns: runs },
    );
  });
});

describe('hostile texts', () => {
  const deep = 50_000;
  const many = series(2000, 5000);
  const hostile: readonly (readonly [string, string])[] = [
    ['deep blocks', 'npu A {'.repeat(deep)],
    ['deep lists', `let a = ${'['.repeat(deep)}`],
    ['deep groups', `let a = ${'('.repeat(deep)}1${')'.repeat(deep)}`],
    ['deep signs', `let a = ${'-'.repeat(deep)}1`],
    ['a long sum', `let a = 1${' + 1'.repeat(deep)}`],
    ['a long product of dimensions', `let a = 1${' x 1'.repeat(deep)}`],
    ['a long chain of lets', Array.from({ length: 5000 }, (_, i) => `let a${i} = a${i + 1}`).join('\n')],
    ['a long chain of npus', Array.from({ length: 5000 }, (_, i) => `npu A${i} extends A${i + 1} {}`).join('\n')],
    ['closers only', '}])'.repeat(deep)],
    ['one long line', 'x '.repeat(deep)],
    // Each of these took more than ten seconds when the time grew with the square of the length.
    ['blocks on one line', `model M { input: 64, layers { parallel { ${'branch { relu } '.repeat(deep)} } }`],
    ['brackets on one line', `let a = [${'[1], (2), '.repeat(deep)}0]`],
    ['many chips without their blocks', Array.from({ length: deep }, (_, i) => `npu A${i} { }`).join('\n')],
    [
      'library names that are not imported, after a long comment',
      `/// ${' '.repeat(deep)}x\n/* */ let a = 1\n${Array.from({ length: many }, (_, i) => `scenario S${i} { npu: TPUv4i }`).join('\n')}`,
    ],
    ['one long name', 'x'.repeat(deep)],
    ['many unknown names', Array.from({ length: many }, (_, i) => `let b${i} = unknown${i}`).join('\n')],
    [
      'repeats in repeats',
      `model M { input: 8 x 8 x 8 layers { ${'repeat 1000 { '.repeat(8)} relu ${'}'.repeat(8)} } }`,
    ],
    ['empty repeats', 'model M { input: 8 x 8 x 8 layers { repeat 1000000000 { repeat 1000000000 { } } } }'],
    [
      'blocks that double their layers',
      `${Array.from({ length: 60 }, (_, i) => `block B${i}() { B${i + 1} B${i + 1} }`).join('\n')}\nblock B60() { }\nmodel M { input: 8 layers { B0 } }`,
    ],
    ['a block that uses itself', 'block B() { B }\nmodel M { input: 8 layers { B } }'],
    [
      'a very large shape',
      'model M { input: 99999999 x 99999999 x 99999999 layers { conv { kernel: 1, filters: 99999999 } } }',
    ],
  ];
  for (const [name, text] of hostile) {
    it(name, () => checkProgram('file:///a.npu', text));
  }

  it('a file of 10 MB is refused with a reason', () => {
    const text = 'let a = 1\n'.repeat(1_000_000);
    const [first] = compile('file:///a.npu', testHost({ 'file:///a.npu': text })).diagnostics;
    expect(first?.code).toBe('file-too-large');
  });
});

describe('more items than a call can have arguments', () => {
  const many = 150_000;
  const numbers = (separator: string): string => Array.from({ length: many }, (_, index) => index).join(separator);
  it.each([
    ['a list', `let l = [${numbers(', ')}]\n`],
    ['a file', `let a = ${numbers('\nlet a = ')}\n`],
  ])('%s is formatted', (_, text) => {
    expect(format(parse(text, 'file:///many.npu')) === text).toBe(true);
  });
});
