import { describe, expect, test } from 'vitest';
import { distinctTexts, formatRate } from '../../design/index.ts';

describe('texts of values that are close to each other', () => {
  test.each([
    [
      [11_423, 11_389],
      ['11,423 rps', '11,389 rps'],
    ],
    [
      [0.014021, 0.014024],
      ['0.014021 rps', '0.014024 rps'],
    ],
    [
      [50_000, 11_000],
      ['50,000 rps', '11,000 rps'],
    ],
  ])('%j have the digits that show the difference', (values, texts) => {
    expect(distinctTexts(values, formatRate)).toEqual(texts);
  });

  test('equal values have equal texts', () => {
    expect(distinctTexts([1 / 3, 1 / 3], formatRate)).toEqual(['0.333 rps', '0.333 rps']);
  });

  test('a difference that no reader can use is not shown', () => {
    const [a, b] = distinctTexts([1 / 3, 1 / 3 + 1e-12], formatRate);
    expect(a).toBe(b);
  });
});
