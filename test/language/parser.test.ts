import { describe, expect, it } from 'vitest';
import { parse } from '../../language/index.ts';
import { parserFinds } from './marked.ts';

function check(name: string, marked: string, ...expected: readonly string[]): void {
  it(name, () => parserFinds(marked, ...expected));
}

describe('a text without errors', () => {
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
  check('missing after a colon', 'npu A {\n  clock⟦:⟧\n  x: 1\n}', "missing-value: Expected a value after ':'.");
  check('missing before a comma', 'npu A { clock⟦:⟧, x: 1 }', "missing-value: Expected a value after ':'.");
  check('missing before the bracket', 'npu A { clock⟦:⟧ }', "missing-value: Expected a value after ':'.");
  check(
    'a character that starts no value',
    'npu A { clock: ⟦@⟧ 3\n x: 1 }',
    "missing-value: Expected a value after ':', found '@'.",
  );
  check('missing after an operator', 'let a = 3 ⟦+⟧\nlet b = 1', "missing-value: Expected a value after '+'.");
  check('missing after a comparison', 'slo { p99 latency ⟦<=⟧ }', "missing-value: Expected a value after '<='.");
  check('missing after with', 'x { compare: [A ⟦with⟧] }', "missing-value: Expected a value after 'with'.");
  check('two in a row', 'npu A { clock: 3 GHz ⟦4⟧ }', "missing-separator: Expected ',' or a new line before '4'.");
  check(
    'properties without a comma',
    'batch { max: 8 ⟦timeout⟧: 1 ms }',
    "missing-separator: Expected ',' or a new line before 'timeout'.",
  );
});

describe('separators', () => {
  check(
    "'=' for ':'",
    'npu A { clock ⟦=⟧ 1 GHz }',
    "wrong-separator: Expected ':' after 'clock'. Only 'let' uses '='.",
  );
  check("':' for '='", 'let a⟦:⟧ 3', "wrong-separator: 'let' needs '=' between the name and the value, not ':'.");
  check(
    "':' before a block",
    'npu A { array⟦:⟧ { rows: 1 } }',
    "unexpected-colon: A block has no ':' before '{'. Remove it.",
  );
  check('an extra comma', 'npu A { x: 1,⟦,⟧ y: 2 }', "unexpected-token: Expected a property or a block before ','.");
  check(
    'a semicolon',
    'npu A { x: 1⟦;⟧ y: 2\n z: 3 }',
    "unexpected-token: Separate with a new line or ',', not with ';'.",
  );
});

describe('brackets', () => {
  check(
    'a block left open',
    'npu A ⟦{⟧\n  clock: 1 GHz\n\nnpu B { }\n',
    "missing-bracket: This block has no closing '}'.",
  );
  check(
    'a block left open at the end',
    'npu A ⟦{⟧\n  clock: 1 GHz\n',
    "missing-bracket: This block has no closing '}'.",
  );
  check(
    'an inner block left open',
    'npu A {\n  array ⟦{⟧\n    rows: 1\n}\nnpu B { }\n',
    "missing-bracket: This block has no closing '}'.",
  );
  check('several blocks that one line closes', 'x {\n  y {\n    z { a: 1\n} } }\nb {\n  c {\n} }\n');
  check(
    'a line that closes too few blocks',
    'x {\n  y {\n    z ⟦{⟧ a: 1\n} }\n',
    "missing-bracket: This block has no closing '}'.",
  );
  check('a list left open', 'x { a: [1, ⟦2⟧\n  b: 3 }', "missing-bracket: Expected ']' before 'b'.");
  check('parentheses left open', 'x { a: poisson(3 rp⟦s⟧\n  b: 3 }', "missing-bracket: Expected ')' before 'b'.");
  check(
    'an extra bracket',
    'npu A { }\n⟦}⟧\nnpu B { }',
    "unexpected-token: '}' has no matching opening bracket. Remove it.",
  );
  check('a lone block', 'npu A {\n  ⟦{⟧ x: 1 }\n}', "unexpected-token: Expected a keyword before '{'.");
  check('the wrong bracket', 'x { a: [1, 2⟦)⟧] }', "unexpected-token: ')' has no matching opening bracket. Remove it.");
});

describe('the rest', () => {
  check('text left open', 'import ⟦"stimpack⟧\nlet a = 1', 'unterminated-string: This text has no closing ".');
  check('single quotes', "import ⟦'stimpack'⟧", 'wrong-quotes: Text needs double quotes, not single quotes.');
  check('an import without quotes', 'import ⟦stimpack⟧', 'missing-quotes: The name of an import needs double quotes.');
  check('a comment left open', 'let a = 1\n⟦/*⟧ b', "unterminated-comment: This comment has no closing '*/'.");
  check('a let without a name', '⟦let⟧ = 3', "missing-name: Expected a name after 'let'.");
  check('a let without a value', 'let ⟦a⟧\nlet b = 1', "missing-value: Expected '=' and a value after 'a'.");
  check(
    'an unknown character outside of blocks',
    '⟦@⟧@@ junk\nlet a = 1',
    "unexpected-token: Expected an import, a let or a block, found '@'.",
  );
  check('an astral character', 'npu A { ⟦💥⟧ }', "unexpected-token: Expected a property or a block, found '💥'.");
  check('a path that ends in a dot', 'let a = b⟦.⟧\n', "missing-name: Expected a name after '.'.");
});

it('keeps the items around an error', () => {
  const { root } = parse('npu A {\n  clock: @\n  x: 1\n}\nnpu B { }', 'file:///a.npu');
  expect(root.items.map((item) => item.kind)).toEqual(['statement', 'statement']);
  const [first] = root.items;
  expect(first?.kind === 'statement' && first.body?.items.length).toBe(2);
});
