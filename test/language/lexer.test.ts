import { describe, expect, it } from 'vitest';
import { isTrivia, parse, tokenEnd, tokenKind, tokenStart } from '../../language/index.ts';

/** Significant tokens as `kind:text`, without the end of the file. */
function tokens(text: string): string {
  const { tokens } = parse(text, 'file:///a.npu');
  const shown: string[] = [];
  for (let i = 0; i < tokens.count - 1; i++) {
    if (isTrivia(tokens, i)) continue;
    const written = text.slice(tokenStart(tokens, i), tokenEnd(tokens, i));
    const kind = tokenKind(tokens, i);
    shown.push(kind === written ? kind : `${kind}:${written}`);
  }
  return shown.join(' ');
}

function check(name: string, text: string, expected: string): void {
  it(name, () => expect(tokens(text)).toBe(expected));
}

describe('numbers and units', () => {
  check('a bandwidth', '614 GB/s', 'number:614 unit:GB/s');
  check('without a space', '15ms', 'number:15 unit:ms');
  check('elements per cycle', '128 elements/cycle', 'number:128 unit:elements/cycle');
  check('per cent', '76.47 %', 'number:76.47 unit:%');
  check('micro, both signs', '1 µs 2 μs', 'number:1 unit:µs number:2 unit:μs');
  check('a shape', '224 x 224 x 3', 'number:224 name:x number:224 name:x number:3');
  check('a shape without spaces', '3x3', 'number:3 name:x number:3');
  check('a shape of a parameter', '3 x k', 'number:3 name:x name:k');
  check('times', 'speedup: 4 x, b', 'name:speedup : number:4 unit:x , name:b');
  check('times at the end', '4 x', 'number:4 unit:x');
  check(
    'a range',
    '400 GB/s .. 1200 GB/s step 100 GB/s',
    'number:400 unit:GB/s .. number:1200 unit:GB/s name:step number:100 unit:GB/s',
  );
  check('a range without spaces', '1..8 step 2', 'number:1 .. number:8 name:step number:2');
  check(
    'underscores and exponents',
    '1_000_000 1e-9 1.5E+3 .5',
    'number:1_000_000 number:1e-9 number:1.5E+3 number:.5',
  );
  check('the next property is no unit', '8 timeout: 1', 'number:8 name:timeout : number:1');
  check('the next block is no unit', '3 { }', 'number:3 { }');
  check('a line break ends a quantity', '8\nms', 'number:8 name:ms');
  check('a comment after a unit', '8 ms// eight', 'number:8 unit:ms');
  check('a division by a number', '8 ms/2', 'number:8 unit:ms / number:2');
});

describe('names', () => {
  check('hyphens', 'on-chip always-burst', 'name:on-chip name:always-burst');
  check('a subtraction', 'peak - 5', 'name:peak - number:5');
  check('a hyphen at the end', 'peak-', 'name:peak -');
  check('percentiles', 'p99.9 latency', 'name:p99.9 name:latency');
  check('paths', 'Stimpack.HBM.bandwidth', 'name:Stimpack . name:HBM . name:bandwidth');
  check('letters beyond ASCII', 'größe 模型 𝒳', 'name:größe name:模型 name:𝒳');
});

describe('the rest', () => {
  check('text', '"a b" "c\\"d"', 'string:"a b" string:"c\\"d"');
  check('text without an end', '"a b\nc', 'string:"a b name:c');
  check('comparisons', '<= >= < > ==', '<= >= < > ==');
  check('comments', 'a // b\n/// c\n/* d\n*/ e', 'name:a name:e');
  check('line ends', 'a\r\nb\rc\nd', 'name:a name:b name:c name:d');
  check('a byte order mark', '\ufeffnpu', 'name:npu');
  check('astral characters', '\u{1f4a5}', 'unknown:\u{1f4a5}');
  check('half a surrogate pair', '\ud800', 'unknown:\ud800');
});
