import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  compile,
  format,
  formatEdits,
  isTrivia,
  parse,
  type SyntaxTree,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../../language/index.ts';
import { series } from '../series.ts';
import { fileUri, libraryNames, repository, testHost } from './host.ts';

const uri = 'file:///a.npu';

function check(name: string, text: string, expected: string): void {
  it(name, () => {
    expect(format(parse(text, uri))).toBe(expected);
    expect(format(parse(expected, uri))).toBe(expected);
  });
}

describe('formatting', () => {
  check('spaces', 'let a=3+-(4-2)*1ms\nlet b = 3x3', 'let a = 3 + -(4 - 2) * 1 ms\nlet b = 3 x 3\n');
  check('blocks on one line', 'npu A{array{rows:3,columns : 4 , }}', 'npu A { array { rows: 3, columns: 4 } }\n');
  check(
    'blocks on several',
    'npu A\n{\narray { rows:3\n columns: 4 },\n\n\n clock: 1 GHz }',
    'npu A {\n  array {\n    rows: 3\n    columns: 4\n  }\n\n  clock: 1 GHz\n}\n',
  );
  check('commas at the start of lines', 'x {\n a: 1\n , b: 2\n}', 'x {\n  a: 1\n  b: 2\n}\n');
  check('lists', 'x { a: [ 1,2 , ], b: f( 1,c:2 ) }', 'x { a: [1, 2], b: f(1, c: 2) }\n');
  check('lists on several lines', 'x {\n a: [1,\n 2, 3\n]}', 'x {\n  a: [\n    1,\n    2, 3\n  ]\n}\n');
  check('empty blocks', 'npu A {\n}', 'npu A {}\n');
  check(
    'trailing comments in columns',
    'x {\n a: 1 // one\n bcd: 2 // two\n\n e: 3 // three\n}',
    'x {\n  a: 1   // one\n  bcd: 2 // two\n\n  e: 3 // three\n}\n',
  );
  check(
    'comments on separate lines',
    '\n\n// a\n\n\n/// b\nnpu A {\n\n    // c\n\n  // d\n\n}\n// e',
    '// a\n\n/// b\nnpu A {\n  // c\n\n  // d\n}\n// e\n',
  );
  check('comments inside', 'x { a: /* one */ 1, /* two */ b: 2 }', 'x { a: /* one */ 1, /* two */ b: 2 }\n');
  check('a comment behind a bracket', 'x { // one\n a: 1 }', 'x { // one\n  a: 1\n}\n');
  check('a comment before a comma', 'x {\n a: [1 // one\n , 2]\n}', 'x {\n  a: [\n    1, // one\n    2\n  ]\n}\n');
  check('Windows line ends', 'let a=1\r\n\r\n\r\nlet b=2', 'let a = 1\r\n\r\nlet b = 2\r\n');
  check('a byte order mark', '\ufefflet a=1', '\ufefflet a = 1\n');
  check(
    'paths and ranges',
    'explore E { vary A . B . c in 1 GHz..2 GHz step 1GHz }',
    'explore E { vary A.B.c in 1 GHz .. 2 GHz step 1 GHz }\n',
  );
  check('nothing', '', '');

  it('leaves a broken text unchanged if indentation decides the place of a missing bracket', () => {
    const text =
      'model Net {\n  input: 32 x 32 x 3\n  layimize speed }parallel { branch { layers {\n    residual{ convu\n  }\n}\n';
    const tree = parse(text, uri);
    const changed = parse(applyChanges(text, formatEdits(tree)), uri);
    expect(changed.diagnostics.map(({ code }) => code)).toEqual(tree.diagnostics.map(({ code }) => code));
  });

  it('formats the statements that parse in a broken text', () => {
    const text = 'let a=1\nnpu A {\n  clock:\n}\nscenario S{\r\n npu:A // its chip\n}\n// end\nlet b  =  2';
    const changed = applyChanges(text, formatEdits(parse(text, uri)));
    expect(changed).toBe(
      'let a = 1\nnpu A {\n  clock:\n}\nscenario S {\r\n  npu: A // its chip\r\n}\n// end\nlet b = 2',
    );
    expect(formatEdits(parse(changed, uri))).toEqual([]);
  });
  it('leaves a broken text alone', () => expect(format(parse('npu A {\n x:', uri))).toBe('npu A {\n x:'));
});

const sources = ['examples/rush.npu', ...libraryNames.map((name) => `library/${name}.npu`)].map((path) => ({
  path,
  uri: fileUri(path),
  text: readFileSync(repository + path, 'utf8'),
}));

describe('the library and the examples', () => {
  for (const { path, text } of sources) it(`${path} is formatted`, () => expect(format(parse(text, uri))).toBe(text));
});

/** Comments and tokens without commas, because formatting adds and removes commas at line ends. */
function content(tree: SyntaxTree): readonly string[] {
  const all: string[] = [];
  for (let i = 0; i < tree.tokens.count; i++) {
    const kind = tokenKind(tree.tokens, i);
    const isComment = kind === 'comment' || kind === 'doc-comment' || kind === 'block-comment';
    if ((isTrivia(tree.tokens, i) && !isComment) || kind === ',') continue;
    all.push(tree.text.slice(tokenStart(tree.tokens, i), tokenEnd(tree.tokens, i)).trimEnd());
  }
  return all;
}

/** The design without its origins, which formatting must not change. */
function meaning(fileUri: string, text: string): string {
  const { design } = compile(fileUri, testHost({ [fileUri]: text }));
  return JSON.stringify(design, (key, value: unknown) => (key === 'origin' ? undefined : value));
}

/** A file with other spaces, line breaks and comments between its tokens. */
const disturbed = fc
  .tuple(
    fc.constantFrom(...sources),
    fc.array(
      fc.tuple(
        fc.nat(),
        fc.constantFrom(
          ' ',
          '\n',
          '\n\n\n',
          '\t',
          '\r\n',
          ' // c\n',
          '\n// d\n',
          ' /* e */ ',
          '\n\n/* f\n g */',
          ',\n',
          '\n/// h\n',
        ),
      ),
      { minLength: 1, maxLength: 12 },
    ),
  )
  .map(([source, insertions]) => {
    const { tokens } = parse(source.text, uri);
    const byToken = new Map(insertions.map(([at, trivia]) => [at % tokens.count, trivia]));
    let text = '';
    for (let i = 0; i < tokens.count; i++) {
      text += byToken.get(i) ?? '';
      text += source.text.slice(tokenStart(tokens, i), tokenEnd(tokens, i));
    }
    return { uri: source.uri, text };
  });

describe('formatting any valid text', () => {
  it('is idempotent, keeps every token and comment, and does not change the design', () => {
    let valid = 0;
    fc.assert(
      fc.property(disturbed, ({ uri, text }) => {
        const tree = parse(text, uri);
        if (tree.diagnostics.length > 0) return;
        valid++;
        const formatted = format(tree);
        const again = parse(formatted, uri);
        expect(again.diagnostics).toEqual([]);
        expect(content(again)).toEqual(content(tree));
        expect(format(again)).toBe(formatted);
        // Compares booleans: a difference would print two designs of a hundred layers.
        expect(meaning(uri, formatted) === meaning(uri, text)).toBe(true);
      }),
      { numRuns: series(250, 600), seed: 45 },
    );
    expect(valid).toBeGreaterThan(series(50, 100));
  });
});
