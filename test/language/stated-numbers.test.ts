import { expect, test } from 'vitest';
import { parse, statedNumbers } from '../../language/index.ts';

const uri = 'file:///a.npu';

/** "path = text unit", with the scenario in parentheses. Each text is at its place. */
function numbers(text: string): readonly string[] {
  return statedNumbers(parse(text, uri)).map((number) => {
    expect(text.slice(number.start, number.end)).toBe(number.text);
    const of = number.scenario === null ? '' : ` (${number.scenario})`;
    return `${number.path} = ${number.text} ${number.unit}${of}`;
  });
}

test.each<[string, readonly string[]]>([
  ['let peak = 13000 rps', ['peak = 13000 rps']],
  [
    'npu A extends B { clock: 1.05 GHz, HBM { bandwidth: 614GB/s } }',
    ['A.clock = 1.05 GHz', 'A.HBM.bandwidth = 614 GB/s'],
  ],
  ['scheduler S { burst: slack { guard: 5 %, hold: 2 ms } }', ['S.burst.guard = 5 %', 'S.burst.hold = 2 ms']],
  [
    'scenario R { serve N { arrivals: poisson(3 rps), slo { p99 latency <= 15 ms } } }',
    ['R.N.arrivals = 3 rps (R)', 'R.N.p99 latency = 15 ms (R)'],
  ],
  ['scenario R { serve N as M { arrivals: gamma(mean: 3 rps, cv: 2) } }', ['R.M.arrivals.mean = 3 rps (R)']],
  // Parts of a sum, and values of a list, are counted.
  ['let a = 2 ms + 3 ms', ['a = 2 ms', 'a #2 = 3 ms']],
  // Without a unit, in another form, in an exploration, in a comment or a text: no slider.
  ['let a = 8\nlet b = 1_000 rps\nlet c = 1e6 rps // 5 ms', []],
  ['explore E { vary Chip.HBM.bandwidth in 400 GB/s .. 1200 GB/s step 100 GB/s }', []],
  ['import "4 ms"', []],
  // Broken texts.
  ['scenario R { serve N { slo { p99 latency <= 15 ms', ['R.N.p99 latency = 15 ms (R)']],
  ['let = 5 ms', [' = 5 ms']],
  ['', []],
])('%s', (text, expected) => {
  expect(numbers(text)).toEqual(expected);
});

test('a generated file has a bounded number of them', () => {
  const text = Array.from({ length: 1000 }, (_, i) => `let a${i} = ${i + 1} ms`).join('\n');
  expect(numbers(text)).toHaveLength(200);
});
