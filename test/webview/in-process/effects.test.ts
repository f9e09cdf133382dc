import { describe, expect, test } from 'vitest';
import { type ExplorationResult, exploredVerdicts } from '../../../protocol/index.ts';
import { dimensionsOf, goalsOf } from '../../../webview/model/sweep/designs.ts';
import { effectsOn } from '../../../webview/model/sweep/effects.ts';

const origin = { uri: '', start: 0, end: 0 };

/** Axes a (two values), b (three) and c (two); the value of the goal by their indices. */
function resultOf(value: (a: number, b: number, c: number) => number): ExplorationResult {
  const axis = (path: string, size: number) => ({
    path,
    origin,
    values: Array.from({ length: size }, (_, at) => ({ text: `${at}`, value: at })),
  });
  const choices = [0, 1].flatMap((a) => [0, 1, 2].flatMap((b) => [0, 1].map((c) => [a, b, c] as const)));
  return {
    exploration: {
      name: 'E',
      origin,
      scenario: 'S',
      axes: [axis('N.a', 2), axis('N.b', 3), axis('N.c', 2)],
      goals: [{ sense: 'minimize', measure: 'latency', origin }],
    },
    count: 12,
    tried: 12,
    choices: [0, 1, 2].map((at) => Uint16Array.from(choices, (each) => each[at] ?? 0)),
    measures: [Float64Array.from(choices, (each) => value(...each))],
    verdicts: new Uint8Array(12).fill(exploredVerdicts.indexOf('met')),
    front: new Uint8Array(12),
    problems: [],
    asWritten: -1,
    caveats: [],
    statedInputs: [],
  };
}

function sharesOf(value: (a: number, b: number, c: number) => number): Readonly<Record<string, number>> {
  const result = resultOf(value);
  const dimensions = dimensionsOf(result.exploration);
  const [goal] = goalsOf(dimensions);
  if (goal === undefined) throw new Error('the exploration has a goal');
  const effects = effectsOn(goal, result, dimensions);
  return Object.fromEntries(
    effects.map(({ axes, share }) => [axes.map(({ title }) => title).join(' '), Math.round(share * 1000) / 1000]),
  );
}

const none = { a: 0, b: 0, c: 0, 'a b': 0, 'a c': 0, 'b c': 0 };

describe('the shares of axes and pairs', () => {
  test.each<[string, (a: number, b: number, c: number) => number, Readonly<Record<string, number>>]>([
    ['one axis changes everything', (a) => 3 + a, { ...none, a: 1 }],
    // Variances: a 4 * 0.25, b 2 / 3.
    ['two axes add', (a, b) => 2 * a + b, { ...none, a: 0.6, b: 0.4 }],
    ['two axes matter only together', (a, _, c) => (a === c ? 1 : 0), { ...none, 'a c': 1 }],
    // a * c: each axis alone a third, and a third together.
    ['a product', (a, _, c) => a * c, { ...none, a: 0.333, c: 0.333, 'a c': 0.333 }],
    ['designs without a value do not count', (a, b) => (b === 2 ? Number.NaN : a), { ...none, a: 1 }],
  ])('%s', (_, value, expected) => {
    expect(sharesOf(value)).toEqual(expected);
  });

  test('do not exist for a goal with one value', () => {
    expect(new Set(Object.values(sharesOf(() => 7)).filter((share) => share > 0)).size).toBe(0);
  });

  test('an axis has the values with the lowest and the highest mean', () => {
    const result = resultOf((a, b) => 10 * Math.abs(b - 1) + a);
    const dimensions = dimensionsOf(result.exploration);
    const [goal] = goalsOf(dimensions);
    const effects = goal === undefined ? [] : effectsOn(goal, result, dimensions);
    expect(effects[1]?.ends).toEqual({ lowest: { choice: 1, mean: 0.5 }, highest: { choice: 0, mean: 10.5 } });
    expect(effects[3]?.ends).toBeNull();
  });
});
