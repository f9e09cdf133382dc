import { describe, expect, test } from 'vitest';
import type { Caveat } from '../../../design/index.ts';
import { ExploredStore } from '../../../server/explored-store.ts';
import { mostKeptCharacters, readResultLines, type StoredResult, textOfResults } from '../../../server/kept-results.ts';
import { exploreDesigns } from '../../../simulator/index.ts';
import { programOf, smallText } from './small-design.ts';

/* The bound of the store, and what it keeps for the next server. test/server/in-process/explorations.test.ts has its use. */

test('the designs that were not used for the longest time are removed first', () => {
  const candidates = programOf(smallText()).candidates('Sizing');
  if (candidates === undefined) throw new Error('the text has an exploration');
  const store = new ExploredStore(undefined, '', 2);
  const use = (design: number): boolean => {
    const candidate = candidates.design(design);
    if (candidate.kind === 'problem') throw new Error(candidate.message);
    const key = store.keyOf(candidate, candidates.exploration);
    if (key === undefined) throw new Error('a design has a key');
    if (store.find(key, design, candidate.scenario) !== undefined) return true;
    const part = exploreDesigns(candidates.exploration.goals, [{ design, candidate }]);
    if (part === undefined) throw new Error('cancelled without a request');
    store.add(part, [key]);
    return false;
  };
  expect([0, 1, 0, 2, 0, 1].map(use)).toEqual([false, false, true, false, true, false]);
});

test('a design keeps its own caveats, not those of the other designs of its turn', () => {
  const { scenario, caveat } = parts();
  const store = new ExploredStore();
  const notes = [
    { caveats: [caveat('steady-traffic')], statedInputs: [] },
    { caveats: [], statedInputs: ['stated'] },
  ];
  const columns = {
    designs: Uint32Array.of(0, 1),
    measures: [Float64Array.of(1, 2)],
    verdicts: Uint8Array.of(0, 0),
    problems: [],
  };
  store.add({ ...columns, notes, caveats: [caveat('steady-traffic')], statedInputs: ['stated'] }, ['a', 'b']);
  const codes = ['a', 'b'].map((key) => store.find(key, 7, scenario)?.caveats.map(({ code }) => code));
  expect(codes).toEqual([['steady-traffic'], []]);
  expect(['a', 'b'].map((key) => store.find(key, 7, scenario)?.statedInputs)).toEqual([[], ['stated']]);
});

describe('the results for the next server', () => {
  const { caveat } = parts();
  const result = (value: number): StoredResult => ({
    verdict: 0,
    measures: [value, Number.NaN],
    problem: null,
    caveats: [caveat('trace-rows')].slice(0, value),
    statedInputs: ['stated'],
  });
  const all = new Map([0, 1].map((value) => [`key ${value}`, result(value)]));

  test('are read as they were, the one that was used last at the end', () => {
    const found = readResultLines(textOfResults(all, 'me'), 'me');
    expect(found).toEqual([...all]);
  });

  test('of another program are not read', () => {
    expect(readResultLines(textOfResults(all, 'me'), 'you')).toEqual([]);
  });

  test('have at most the allowed number of characters, and the newest are kept', () => {
    const long = { ...result(0), problem: 'x'.repeat(mostKeptCharacters / 2) };
    const text = textOfResults(new Map([...all, ['long', long], ['longer', long], ['last', result(1)]]), 'me');
    expect(readResultLines(text, 'me').map(([key]) => key)).toEqual(['longer', 'last']);
    expect(text.length).toBeLessThanOrEqual(mostKeptCharacters);
  });

  test.each<[string, (line: string) => string]>([
    ['cut off', (line) => line.slice(0, -4)],
    ['of another shape', () => '{"key":1}'],
    ['with an unknown verdict', (line) => line.replace('",0,', '",9,')],
    ['with a caveat that is not known', (line) => line.replace('trace-rows', 'no-such-code')],
  ])('leave out a line that is %s', (_, damage) => {
    const [head, last, first, end] = textOfResults(all, 'me').split('\n');
    expect(last).not.toBe(damage(last ?? ''));
    const text = [head, damage(last ?? ''), first, end].join('\n');
    expect(readResultLines(text, 'me').map(([key]) => key)).toEqual(['key 0']);
  });
});

function parts() {
  const { design } = programOf(smallText());
  const [scenario] = design.scenarios;
  if (scenario === undefined) throw new Error('the text has a scenario');
  const origin = { uri: '', start: 0, end: 0 };
  const caveat = (code: Caveat['code']): Caveat => ({ code, text: `about ${code}`, origin, effect: { kind: 'any' } });
  return { scenario, caveat };
}
