import { expect, test } from 'vitest';
import { ExploredStore } from '../../../server/explored-store.ts';
import { exploreDesigns } from '../../../simulator/index.ts';
import { programOf, smallText } from './small-design.ts';

/* The bound of the store. test/server/in-process/explorations.test.ts has its use. */

test('the designs that were not used for the longest time are removed first', () => {
  const candidates = programOf(smallText()).candidates('Sizing');
  if (candidates === undefined) throw new Error('the text has an exploration');
  const store = new ExploredStore(2);
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
