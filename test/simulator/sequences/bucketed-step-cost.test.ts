import { describe, expect, it } from 'vitest';
import { BucketedStepCost, LinearStepCost, noWork } from '../../../simulator/sequences/index.ts';

const linear = new LinearStepCost({ fixed: 7, perToken: 10, perSequence: 3, perContext: 2, perPrefillPair: 1 });
const cost = new BucketedStepCost(linear, [4, 8, 16]);

describe('a step that is padded to a bucket', () => {
  it.each([
    [1, 4],
    [4, 4],
    [5, 8],
    [8, 8],
    [9, 16],
    [16, 16],
  ])('%i tokens cost as much as %i, with the same sequences and contexts', (tokens, bucket) => {
    expect(cost.contextFreePicoseconds(tokens, 1)).toBe(7 + 10 * bucket + 3);
    const work = { ...noWork(), tokens, sequences: 1, prefillTokens: tokens, prefillContext: 5 };
    expect(cost.picoseconds(work)).toBe(7 + 10 * bucket + 3 + 5);
    const decode = {
      ...noWork(),
      tokens,
      sequences: tokens,
      decodes: tokens,
      decodeContext: 50 * tokens,
      longestContext: 50,
    };
    const run = { firstPicoseconds: 0, growthPicoseconds: 0, steps: 0 };
    cost.decodeRun(tokens, 50 * tokens, 50, run, 0);
    expect(run.firstPicoseconds).toBe(7 + 10 * bucket + 3 * tokens + 100 * tokens);
    expect(run.growthPicoseconds).toBe(2 * tokens);
    expect(cost.picoseconds(decode)).toBe(run.firstPicoseconds);
  });
});
