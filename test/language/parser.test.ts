import { describe, expect, it } from 'vitest';
import { parse } from '../../language/index.ts';
import { parserFinds } from './marked.ts';

function check(name: string, marked: string, ...expected: readonly string[]): void {
  it(name, () => parserFinds(marked, ...expected));
}

describe('what is right', () => {
  check(
    'everything at once',
    `import "stimpack/tpuv4i"
let peak = 2 * (1200 rps + 10 rps) / 2
npu A extends TPUv4i { mode base { precision: bf16 }, switch { latency: 1 us } }
model M { input: 224 x 224 x 3, layers { repeat 3 { conv { kernel: 3x3 } relu } fc: dense { outputs: 10 } } }
model N from "n.onnx"
scheduler S { burst: slack { guard: 5 % }, switch at: layer }
scenario R
{
  serve M as Photos { arrivals: trace("a.csv", speedup: 4 x), slo { p99 latency <= 15 ms, accuracy >= 76 % } }
  compare: [
    A,
    A with S,
  ]
}
explore E { vary A.HBM.bandwidth in 400 GB/s .. 1200 GB/s step 100 GB/s
  maximize capacity }
`,
  );
  check('nothing', '');
  check('only a comment', '// nothing');
});

describe('values', () => {
  check('missing after a colon', 'npu A {\n  clock⟦:⟧\n  x: 1\n}', "missing-value: expected a value after ':'");
  check('missing before a comma', 'npu A { clock⟦:⟧, x: 1 }', "missing-value: expected a value after ':'");
  check('missing before the bracket', 'npu A { clock⟦:⟧ }', "missing-value: expected a value after ':'");
  check(
    'something that is none',
    'npu A { clock: ⟦@⟧ 3\n x: 1 }',
    "missing-value: expected a value after ':', found '@'",
  );
  check('missing after an operator', 'let a = 3 ⟦+⟧\nlet b = 1', "missing-value: expected a value after '+'");
  check('missing after a comparison', 'slo { p99 latency ⟦<=⟧ }', "missing-value: expected a value after '<='");
  check('missing after with', 'x { compare: [A ⟦with⟧] }', "missing-value: expected a value after 'with'");
  check('two in a row', 'npu A { clock: 3 GHz ⟦4⟧ }', "missing-separator: expected ',' or a new line before '4'");
  check(
    'properties without a comma',
    'batch { max: 8 ⟦timeout⟧: 1 ms }',
    "missing-separator: expected ',' or a new line before 'timeout'",
  );
});

describe('separators', () => {
  check(
    "'=' for ':'",
    'npu A { clock ⟦=⟧ 1 GHz }',
    "wrong-separator: expected ':' after 'clock'; '=' belongs to 'let'",
  );
  check("':' for '='", 'let a⟦:⟧ 3', "wrong-separator: 'let' takes '=' between name and value");
  check("':' before a block", 'npu A { array⟦:⟧ { rows: 1 } }', "unexpected-colon: a block takes no ':' before '{'");
  check('a comma too many', 'npu A { x: 1,⟦,⟧ y: 2 }', "unexpected-token: expected a property or a block before ','");
  check('a semicolon', 'npu A { x: 1⟦;⟧ y: 2\n z: 3 }', "unexpected-token: a line break or a comma separates, not ';'");
});

describe('brackets', () => {
  check(
    'a block left open',
    'npu A ⟦{⟧\n  clock: 1 GHz\n\nnpu B { }\n',
    "missing-bracket: this block has no closing '}'",
  );
  check(
    'a block left open at the end',
    'npu A ⟦{⟧\n  clock: 1 GHz\n',
    "missing-bracket: this block has no closing '}'",
  );
  check(
    'an inner block left open',
    'npu A {\n  array ⟦{⟧\n    rows: 1\n}\nnpu B { }\n',
    "missing-bracket: this block has no closing '}'",
  );
  check('a list left open', 'x { a: [1, ⟦2⟧\n  b: 3 }', "missing-bracket: expected ']' before 'b'");
  check('parentheses left open', 'x { a: poisson(3 rp⟦s⟧\n  b: 3 }', "missing-bracket: expected ')' before 'b'");
  check('a bracket too many', 'npu A { }\n⟦}⟧\nnpu B { }', "unexpected-token: '}' closes nothing that is open");
  check('a lone block', 'npu A {\n  ⟦{⟧ x: 1 }\n}', "unexpected-token: expected a keyword before '{'");
  check('the wrong one', 'x { a: [1, 2⟦)⟧] }', "unexpected-token: ')' closes nothing that is open");
});

describe('the rest', () => {
  check('text left open', 'import ⟦"stimpack⟧\nlet a = 1', 'unterminated-string: this text has no closing "');
  check('single quotes', "import ⟦'stimpack'⟧", 'wrong-quotes: text stands between double quotes');
  check(
    'an import without quotes',
    'import ⟦stimpack⟧',
    'missing-quotes: the name of what is imported stands between quotes',
  );
  check('a comment left open', 'let a = 1\n⟦/*⟧ b', "unterminated-comment: this comment has no closing '*/'");
  check('a let without a name', '⟦let⟧ = 3', "missing-name: expected a name after 'let'");
  check('a let without a value', 'let ⟦a⟧\nlet b = 1', "missing-value: expected '=' and a value after 'a'");
  check(
    'junk at the top',
    '⟦@⟧@@ junk\nlet a = 1',
    "unexpected-token: expected an import, a let or a block, found '@'",
  );
  check('an astral character', 'npu A { ⟦💥⟧ }', "unexpected-token: expected a property or a block, found '💥'");
  check('a path that ends in a dot', 'let a = b⟦.⟧\n', "missing-name: expected a name after '.'");
});

it('keeps what stands around an error', () => {
  const { root } = parse('npu A {\n  clock: @\n  x: 1\n}\nnpu B { }', 'file:///a.npu');
  expect(root.items.map((item) => item.kind)).toEqual(['statement', 'statement']);
  const [first] = root.items;
  expect(first?.kind === 'statement' && first.body?.items.length).toBe(2);
});
