import { describe, expect, test } from 'vitest';
import type { SloOutcome } from '../../../design/index.ts';
import type { Candidate, FixPlan } from '../../../server/fixes/fix-plan.ts';
import { firstMeeting, type Guess } from '../../../server/fixes/search.ts';

const outcome = {} as SloOutcome;

/** A search among `count` candidates, of which those from `first` on meet the objective. `predicted`: the first one that meets the objective in a short run. */
async function search(
  { count, first, isMonotone = true }: { count: number; first: number; isMonotone?: boolean },
  guessOf: (place: number) => Guess | null,
) {
  const places = new Map<Candidate, number>();
  const plan: FixPlan = {
    count,
    isMonotone,
    meetsAll: false,
    candidate: (place) => {
      const candidate: Candidate = { changes: [], title: () => String(place) };
      places.set(candidate, place);
      return candidate;
    },
  };
  const placeOf = (candidate: Candidate) => places.get(candidate) as number;
  const whole: number[] = [];
  const found = await firstMeeting(
    plan,
    async (candidate) => {
      whole.push(placeOf(candidate));
      return placeOf(candidate) >= first ? outcome : null;
    },
    async (candidate) => guessOf(placeOf(candidate)),
  );
  return { place: found?.place, whole };
}

const within = (from: number) => (place: number) => (place >= from ? 'within' : 'over') as Guess;

describe('the first candidate that meets the objective', () => {
  test.each([0, 1, 7, 50, 97, 98])('is found at place %i of 99, whatever short runs predict', async (first) => {
    for (const predicted of [0, 1, first - 9, first - 1, first, first + 1, first + 20, 98, 99]) {
      expect((await search({ count: 99, first }, within(predicted))).place).toBe(first);
    }
    expect((await search({ count: 99, first }, () => null)).place).toBe(first);
  });

  test('needs three whole runs if the prediction is right, and eight without predictions', async () => {
    expect((await search({ count: 99, first: 60 }, within(60))).whole).toEqual([98, 60, 59]);
    expect((await search({ count: 99, first: 60 }, () => null)).whole).toHaveLength(8);
  });

  test('is not tried in a whole run if a short run proves that it fails', async () => {
    const proved = (place: number): Guess => (place < 5 ? 'misses' : 'over');
    expect((await search({ count: 8, first: 6 }, proved)).whole).toEqual([5, 6]);
    expect((await search({ count: 24, first: 6, isMonotone: false }, proved)).whole).toEqual([23, 5, 6]);
    expect((await search({ count: 99, first: 99 }, () => 'misses')).whole).toEqual([]);
  });

  test('may not exist: then all candidates are tried, or the last one of a long plan', async () => {
    expect(await search({ count: 8, first: 8 }, within(3))).toEqual({
      place: undefined,
      whole: [0, 1, 2, 3, 4, 5, 6, 7],
    });
    expect(await search({ count: 99, first: 99 }, within(3))).toEqual({ place: undefined, whole: [98] });
  });
});
