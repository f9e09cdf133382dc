import { describe, expect, it } from 'vitest';
import {
  compile,
  type LanguageHost,
  outline,
  type Program,
  parse,
  referencesAt,
  semanticTokens,
  shapeHints,
  withText,
} from '../../language/index.ts';
import { expectSame } from '../same.ts';
import { series } from '../series.ts';
import { testHost } from './host.ts';

/*
 * Reusing parts of an earlier check does not change the result. The test edits a file step by step and compares each
 * step with a check from scratch.
 */

const uri = 'file:///incremental.npu';
const lib = 'file:///lib.npu';

const start = `import "./lib.npu"
let width = 8
let wide = width * 2
/// Two layers.
block Pair(f, g: 2) {
  a: dense { outputs: f * g }
  relu
}
model One { input: 8, layers { Pair(width), dense { outputs: wide } } }
model Two {
  input: 8 x 8 x 3
  layers {
    first: conv { kernel: 3 x 3, filters: 4, padding: same }
    s: repeat 2 { b: conv { kernel: 1, filters: 4 } }
    add { inputs: [first, s.b] }
    Far(4)
  }
}
npu Chip {
  clock: 1 GHz
  array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }
  VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }
  HBM { capacity: 1 GB, bandwidth: 1 GB/s }
}
model Three { input: 4, layers { dense { outputs: width }, Pair(2, 3) } }
scenario Rush {
  npu: Chip
  serve One { arrivals: poisson(10 rps), slo { p99 latency <= 15 ms } }
  serve Three { arrivals: poisson(10 rps) }
}
`;

/** [replaced text, new text]: the first occurrence is replaced. */
const edits: readonly (readonly [string, string])[] = [
  ['let width = 8', 'let width = 16'],
  ['let width = 16', 'let width = 1'],
  ['/// Two layers.', '/// Two layers, 💥.\r\n// more\n'],
  ['relu\n}', 'relu\n  relu\n}'],
  ['filters: 4, padding', 'filters: 6, padding'],
  ['filters: 6, padding', 'filters: 4, padding'],
  ['Pair(2, 3)', 'Pair(2, 3'],
  ['Pair(2, 3', 'Pair(2, 3)'],
  ['npu Chip {', 'npu Chip {{'],
  ['npu Chip {{', 'npu Chip {'],
  ['model Two {', 'model Two /* {'],
  ['model Two /* {', 'model Two {'],
  ['let wide = width * 2', 'let wide = wid * 2'],
  ['let wide = wid * 2', 'let wid = 3\nlet wide = wid * 2'],
  ['let wid = 3\n', ''],
  ['wid * 2', 'width * 2'],
  ['block Pair(f, g: 2)', 'block Pair(f, g: 3)'],
  ['outputs: f * g', 'outputs: f * h'],
  ['outputs: f * h', 'outputs: f * g'],
  ['model One', 'model Uno'],
  ['serve One', 'serve Uno'],
  ['import "./lib.npu"\n', ''],
  ['let width', 'import "./lib.npu"\nlet width'],
  ['model Three', 'block Far(n) { dense { outputs: n } }\nmodel Three'],
  ['block Far(n) { dense { outputs: n } }\n', ''],
  ['model Two', '  model Two'],
  ['scenario Rush', '}\nscenario Rush'],
  ['}\nscenario Rush', 'scenario Rush'],
];

let text = start;
let library = 'block Far(n) { conv { kernel: 1, filters: n } }\n';
const host = (): LanguageHost => ({
  ...testHost(),
  readText: (asked) => (asked === uri ? text : asked === lib ? library : { kind: 'not-found' }),
});

/** The answers of a program to every query, without the objects behind them. */
function said(program: Program): object {
  const file = program.files.get(uri);
  return {
    diagnostics: program.diagnostics,
    design: program.design,
    outline: file && outline(file.tree),
    tokens: file && semanticTokens(file),
    hints: shapeHints(program, uri),
    references: [...text.matchAll(/\b(?:width|Pair|Chip|first|Three|Far)\b/gu)].map((match) =>
      referencesAt([], program, uri, match.index),
    ),
  };
}

describe('a file that is edited', () => {
  it('gives the same result as a check from scratch', () => {
    text = start;
    let program = compile(uri, host());
    for (const [what, by] of edits) {
      expect(text, 'the edit applies').toContain(what);
      text = text.replace(what, by);
      const before = program.files.get(uri)?.tree;
      expectSame(parse(text, uri, before), parse(text, uri), `${what} -> ${by}`);
      program = compile(uri, host(), program);
      expectSame(said(program), said(compile(uri, host())), `${what} -> ${by}`);
    }
  });

  it('reports the missing part of a statement, even if the parser finds it far after the statement', () => {
    const heads = [
      'let a =',
      'let',
      'npu',
      'npu C',
      'npu C extends',
      'scenario S',
      'p',
      'p:',
      'p <',
      'import',
      'a: repeat',
      'x: 3 *',
    ];
    const tails = ['{}', '}', ')', 'let b = 2', ':', '= 3', '"x"', ', q: 1', '!', ''];
    const gaps = [' ', '   ', '\n', ' /* far */ ', '  // far\n', '\r\n\r\n\t'];
    for (const head of heads) {
      for (const gap of gaps) {
        for (const tail of tails) {
          const body = `let q = 1\n${head}${gap}${tail}\nlet z = 1\nlet y = 2\n`;
          for (const [older, newer] of [
            [`${body}// w`, body],
            [body, `let first = 0\n${body}`],
          ] as const) {
            expectSame(parse(newer, uri, parse(older, uri)), parse(newer, uri), JSON.stringify(newer));
          }
        }
      }
    }
  });

  it('is the same if its text was parsed before it is checked', () => {
    text = start;
    let program = compile(uri, host());
    for (const [what, by] of edits) {
      const older = text;
      text = text.replace(what, by);
      // Two texts later: the one between was never checked.
      const glanced = withText(withText(program, uri, `${older}\n// between`), uri, text);
      expect(glanced.files.get(uri)?.tree).toEqual(parse(text, uri));
      expect(glanced.declarations(uri)).toEqual(program.declarations(uri));
      program = compile(uri, host(), glanced);
      expectSame(said(program), said(compile(uri, host())), `${what} -> ${by}`);
    }
  });

  it('whose import changes', () => {
    text = start;
    let program = compile(uri, host());
    for (const other of ['block Far(n) { dense { outputs: n } }\n', 'let far = 3\n', library]) {
      library = other;
      program = compile(uri, host(), program);
      expect(said(program)).toEqual(said(compile(uri, host())));
    }
  });

  it('one letter at a time, anywhere', () => {
    text = start;
    let program = compile(uri, host());
    for (let i = 0; i < series(400, 1500); i++) {
      // Places spread over the text. A letter is removed and inserted, and now and then a bracket or a line.
      const at = (i * 7919) % text.length;
      const added = ['', 'x', '\n', '{', '}', ' ', ',', '3', ')'][(i * 31) % 9] ?? '';
      const kept = text;
      text = text.slice(0, at) + added + text.slice(at + (i % 3 === 0 ? 1 : 0));
      const before = program.files.get(uri)?.tree;
      expectSame(parse(text, uri, before), parse(text, uri), JSON.stringify(text));
      program = compile(uri, host(), program);
      expectSame(said(program), said(compile(uri, host())), JSON.stringify(text));
      // A text with errors everywhere reuses nothing, so most edits are undone.
      if (i % 4 !== 0 || i % 100 === 0) text = i % 100 === 0 ? start : kept;
    }
  });
});
