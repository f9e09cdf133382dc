import { describe, expect, it, test } from 'vitest';
import { LinearStepCost, runSequences, type SequenceLimits } from '../../../simulator/sequences/index.ts';
import { randomScenario, scenario, type TestRequest } from './scenario.ts';

/*
 * One small scenario for each rule of the scheduler. A step takes 1 us, or 1 us for each new token, so that all times can be
 * followed by hand. Times are in microseconds.
 */

const perToken = new LinearStepCost({ perToken: 1_000_000 });
const perStep = new LinearStepCost({ fixed: 1_000_000 });

function serve(requests: readonly TestRequest[], limits: Partial<SequenceLimits> = {}, cost = perStep) {
  const run = runSequences(scenario(requests, limits, { cost, observes: true }));
  if (run === null) throw new Error('cancelled');
  const microseconds = (times: Float64Array) => [...times].map((time) => time / 1000);
  return { ...run, first: microseconds(run.firstTokenNanoseconds), last: microseconds(run.lastTokenNanoseconds) };
}

describe('a step', () => {
  it('produces one token of each decoding sequence', () => {
    const { first, last, steps } = serve([{ at: 0, input: 100, output: 5 }]);
    expect([first, last, steps]).toEqual([[1], [5], 5]);
  });

  it('divides a prompt by the budget of tokens', () => {
    const { first, last, observed } = serve([{ at: 0, input: 20, output: 2 }], { tokens: 8 });
    expect([first, last]).toEqual([[3], [4]]);
    expect([...(observed?.chunks ?? [])]).toEqual([3]);
  });

  test.each([
    // Step 1 has 5 + 3 tokens, step 2 one decode and the other 3.
    { chunked: true, first: [8, 12] },
    // Step 1 has 5 tokens, step 2 one decode and all 6.
    { chunked: false, first: [5, 12] },
  ])(
    'puts a part of the next prompt into the rest of the budget only if prompts are chunked: $chunked',
    ({ chunked, first }) => {
      const requests = [
        { at: 0, input: 5, output: 2 },
        { at: 0, input: 6, output: 1 },
      ];
      expect(serve(requests, { tokens: 8, chunked }, perToken).first).toEqual(first);
    },
  );

  it('gives running sequences their tokens before waiting ones', () => {
    // B gets 3 of its 6 tokens beside the decode of A in step 2, and 3 in step 3.
    const requests = [
      { at: 0, input: 4, output: 9 },
      { at: 0, input: 6, output: 1 },
    ];
    expect(serve(requests, { tokens: 4 })).toMatchObject({ first: [1, 3], last: [9, 3] });
  });

  it('limits the chunk of one prompt, and fills the step with others', () => {
    const requests = [
      { at: 0, input: 9, output: 1 },
      { at: 0, input: 4, output: 1 },
    ];
    expect(serve(requests, { longestChunk: 4 }).first).toEqual([3, 1]);
  });

  it('keeps the budget if several prompts are in their prefill', () => {
    // Step 2 has 6 tokens of A and 2 of B, step 3 one of A and 6 of B.
    const requests = [12, 12].map((input) => ({ at: 0, input, output: 3 }));
    expect(serve(requests, { tokens: 8, longestChunk: 6 }).first).toEqual([2, 4]);
  });

  it('admits no more sequences than the limit', () => {
    const requests = [1, 2, 3].map(() => ({ at: 0, input: 4, output: 3 }));
    expect(serve(requests, { sequences: 2 }).first).toEqual([1, 1, 4]);
  });
});

describe('time', () => {
  it('is exact: a request that arrives at the end of the eighth step of 0.1 s joins the ninth', () => {
    const requests = [
      { at: 0, input: 4, output: 20 },
      { at: 800_000_000, input: 4, output: 1 },
      { at: 800_000_001, input: 4, output: 1 },
    ];
    const { first } = serve(requests, {}, new LinearStepCost({ fixed: 1e11 }));
    expect(first).toEqual([100_000, 900_000, 1_000_000]);
  });

  it('keeps picoseconds: 3,000 steps of 0.3 ns take 900 ns', () => {
    const { last } = serve([{ at: 0, input: 1, output: 3000 }], {}, new LinearStepCost({ fixed: 300 }));
    expect(last).toEqual([0.9]);
  });

  it('skips idle hours', () => {
    const day = 86_400e9;
    const requests = [0, 1, 2].map((n) => ({ at: n * day, input: 4, output: 2 }));
    expect(serve(requests).last).toEqual([2, day / 1000 + 2, (2 * day) / 1000 + 2]);
  });
});

describe('look-ahead', () => {
  // A decodes in steps of 1 us. B arrives in the middle of step 2.
  const requests = [
    { at: 0, input: 4, output: 9 },
    { at: 1500, input: 4, output: 1 },
  ];
  test.each([
    { lookAhead: false, first: [1, 3] },
    { lookAhead: true, first: [1, 4] },
  ])('lets an arrival wait for one more step: $lookAhead', ({ lookAhead, first }) => {
    expect(serve(requests, { lookAhead }).first).toEqual(first);
  });

  test.each([
    { lookAhead: false, first: [1, 1, 3] },
    { lookAhead: true, first: [1, 1, 4] },
  ])('lets a released slot wait for one more step: $lookAhead', ({ lookAhead, first }) => {
    const waiting = [2, 9, 1].map((output) => ({ at: 0, input: 4, output }));
    expect(serve(waiting, { lookAhead, sequences: 2 }).first).toEqual(first);
  });

  it('costs nothing if no other sequence runs: a step without work needs no time', () => {
    const waiting = [2, 1].map((output) => ({ at: 0, input: 4, output }));
    expect(serve(waiting, { lookAhead: true, sequences: 1 }).first).toEqual([1, 3]);
  });

  it('does not plan a step for a sequence whose last token is in flight', () => {
    expect(serve([{ at: 0, input: 4, output: 3 }], { lookAhead: true }).steps).toBe(3);
  });
});

describe('KV blocks', () => {
  const small = { blockTokens: 4, prefixCaching: false };

  test.each([
    { input: 16, dropped: 0 },
    { input: 17, dropped: 1 },
  ])('do not include the null block: 16 of 5 x 4 tokens fit, $input', ({ input, dropped }) => {
    // The only output token is never computed on, so it needs no place.
    const run = serve([{ at: 0, input, output: 1 }], { ...small, blocks: 5 });
    expect(run.dropped).toBe(dropped);
    expect(run.first).toEqual(dropped === 0 ? [1] : [Number.NaN]);
  });

  it('of a dropped request do not block the ones behind it', () => {
    const requests = [
      { at: 0, input: 400, output: 1 },
      { at: 0, input: 4, output: 1 },
    ];
    expect(serve(requests, { ...small, blocks: 5 }).first).toEqual([Number.NaN, 1]);
  });

  test.each([
    { wholeInput: true, first: [1, 4] },
    { wholeInput: false, first: [1, 3] },
  ])('for the whole input are free when a request is admitted: $wholeInput', ({ wholeInput, first }) => {
    // A uses 3 of 6 blocks for two steps. B needs 4 blocks in all, 3 of them for the 9 tokens that fit into step 2.
    const requests = [
      { at: 0, input: 10, output: 2 },
      { at: 0, input: 16, output: 1 },
    ];
    expect(serve(requests, { ...small, blocks: 7, tokens: 10, wholeInput }).first).toEqual(first);
  });
});

describe('preemption', () => {
  // 6 blocks of 4 tokens. A and B start with 2 each and need a third one in step 2. In step 6, A needs a fourth one.
  const limits = { blockTokens: 4, blocks: 7, sequences: 2, prefixCaching: false };
  const a = { at: 0, input: 8, output: 9 };
  const b = { at: 0, input: 8, output: 9 };
  const c = { at: 1, input: 4, output: 1 };

  it('takes the last admitted sequence', () => {
    const { preemptions, last } = serve([a, b], limits);
    expect(preemptions).toBe(1);
    expect(last[0]).toBe(9);
  });

  it('keeps the tokens and the time of the first one: B goes on with its sixth token', () => {
    // A ends with step 9. B computes its 8 + 5 tokens again in step 10, which produces its sixth token.
    expect(serve([a, b], limits)).toMatchObject({ first: [1, 1], last: [9, 13], steps: 13 });
  });

  it('puts the sequence to the front of the queue: C, which would fit, waits for B', () => {
    // In step 7, there are 2 free blocks: enough for C, not for B. Both start in step 10, when A has ended.
    const { first } = serve([a, b, c], limits);
    expect(first[2]).toBe(10);
  });

  it('admits nothing in the same step, not even the preempted sequence', () => {
    // Chunks of 4: both get their first token in step 2, and B is preempted in step 7 with 5 tokens. It is admitted again in step 8,
    // finds no third block in step 10, in which A ends, and computes 13 tokens in steps 11 to 14.
    const { last, preemptions } = serve([a, b], { ...limits, longestChunk: 4, wholeInput: false });
    expect([preemptions, last]).toEqual([2, [10, 17]]);
  });

  it('computes the old output in chunks with the prompt', () => {
    // With a budget of 8, B's first token comes with step 3, and 3 tokens are produced when it is preempted in step 6. Steps 10
    // and 11 compute 11 tokens and produce the fourth one.
    expect(serve([a, b], { ...limits, tokens: 8 })).toMatchObject({ first: [1, 3], last: [9, 16] });
  });

  it('finds the full blocks of the sequence again if prefixes are cached', () => {
    // A takes one of the 3 released blocks, the last one. So B finds 2 of its blocks, and computes 5 of 13 tokens.
    const { cachedTokens, last } = serve([a, b], { ...limits, prefixCaching: true }, perToken);
    expect(cachedTokens).toBe(8);
    expect(last[1]).toBe((serve([a, b], limits, perToken).last[1] as number) - 8);
  });

  it('ends a sequence whose last token is in flight', () => {
    // With look-ahead, B is preempted when all of its tokens are planned.
    const requests = [
      { at: 0, input: 8, output: 9 },
      { at: 0, input: 8, output: 5 },
    ];
    expect(serve(requests, { ...limits, lookAhead: true })).toMatchObject({ preemptions: 1, last: [9, 5] });
  });
});

describe('shared prefixes', () => {
  const limits = { blockTokens: 4 };
  const prompt = { input: 12, output: 1, identities: [1, 2, 3] };

  it('are not computed again, except for the last token of the prompt', () => {
    const requests = [
      { ...prompt, at: 0 },
      { ...prompt, at: 50_000 },
    ];
    // The second prompt finds 2 of its 3 full blocks: its last block contains the last token.
    expect(serve(requests, limits, perToken)).toMatchObject({ cachedTokens: 8, first: [12, 54] });
    expect(serve(requests, { ...limits, prefixCaching: false }, perToken).first).toEqual([12, 62]);
  });

  it('are found while the first sequence is still in its prefill', () => {
    const requests = [
      { ...prompt, at: 0, input: 13 },
      { ...prompt, at: 0, input: 13 },
    ];
    expect(serve(requests, limits, perToken)).toMatchObject({ cachedTokens: 12, first: [14, 14] });
  });

  it('end at the first block that differs', () => {
    const requests = [
      { ...prompt, at: 0, input: 13 },
      { ...prompt, at: 50_000, input: 13, identities: [1, 7, 3] },
    ];
    expect(serve(requests, limits).cachedTokens).toBe(4);
  });

  it('need fewer free blocks', () => {
    // 4 usable blocks. A shares all of its 3 full blocks with B, so both run at the same time.
    const requests = [
      { at: 0, input: 13, output: 3, identities: [1, 2, 3] },
      { at: 1, input: 13, output: 3, identities: [1, 2, 3] },
    ];
    expect(serve(requests, { ...limits, blocks: 6 }).first).toEqual([1, 2]);
    expect(serve(requests, { ...limits, blocks: 6, prefixCaching: false }).first).toEqual([1, 4]);
  });
});

describe('a prefix that all prompts share', () => {
  const shared = (requests: readonly TestRequest[], sharedTokens: number) => {
    const input = scenario(requests, {}, { cost: perToken, sampleNanoseconds: 1000 });
    const run = runSequences({ ...input, requests: { ...input.requests, sharedTokens } });
    if (run === null) throw new Error('cancelled');
    return run;
  };
  const two = [
    { at: 0, input: 64, output: 40 },
    { at: 70_000, input: 64, output: 2 },
  ];

  it.each([
    // The first request computes 64 tokens in 64 us, and then one token each 1 us. The second one arrives at 70 us, in time for
    // the step after it: its 64 - 48 = 16 new tokens and one decode take 17 us.
    ['three full blocks', 48, 87, 48],
    // 50 tokens have three full blocks too.
    ['a part of a block, which is not shared', 50, 87, 48],
    // The last token is always computed again, so its block is not shared.
    ['the whole prompt', 64, 87, 48],
    ['nothing', 0, 135, 0],
  ])('saves the computation of %s', (_, tokens, firstMicroseconds, cached) => {
    const run = shared(two, tokens);
    expect(run.firstTokenNanoseconds[0]).toBe(64_000);
    expect(run.firstTokenNanoseconds[1]).toBe(firstMicroseconds * 1000);
    expect(run.cachedTokens).toBe(cached);
  });

  it('needs its blocks once', () => {
    // After the prompt of the second one: 5 blocks of the first one, and 1 or 4 new ones of the second one.
    expect(shared(two, 48).samples.usedBlocks[88]).toBe(6);
    expect(shared(two, 0).samples.usedBlocks[136]).toBe(9);
  });

  it('equals stated identities of the same blocks', () => {
    for (let seed = 0; seed < 200; seed++) {
      const random = randomScenario(seed);
      const { inputTokens } = random.requests;
      const { blockTokens } = random.limits;
      const sharedTokens = 7 * (seed % 9);
      const counts = [...inputTokens].map((tokens) => Math.floor(Math.min(tokens, sharedTokens) / blockTokens));
      const starts = [0];
      for (const count of counts) starts.push((starts.at(-1) ?? 0) + count);
      const identities = counts.flatMap((count) => Array.from({ length: count }, (_, block) => block));
      const promptBlocks = { identities: Int32Array.from(identities), starts: Int32Array.from(starts) };
      const stated = runSequences({ ...random, requests: { ...random.requests, promptBlocks } });
      const common = runSequences({ ...random, requests: { ...random.requests, promptBlocks: null, sharedTokens } });
      expect(common, String(seed)).toEqual(stated);
    }
  });
});

describe('a run', () => {
  it('ends without a result if it is cancelled', () => {
    const requests = Array.from({ length: 5000 }, (_, n) => ({ at: 10_000 * n, input: 4, output: 2 }));
    const input = scenario(requests);
    expect(runSequences(input, () => true)).toBeNull();
    expect(runSequences(input, () => false)?.steps).toBe(10_000);
  });

  it('without requests is empty', () => {
    expect(serve([])).toMatchObject({ first: [], last: [], steps: 0 });
  });

  it('samples blocks and sequences after the last step before each time', () => {
    const requests = [
      { at: 0, input: 16, output: 3 },
      { at: 0, input: 17, output: 1 },
    ];
    const run = runSequences(scenario(requests, { sequences: 1 }, { cost: perStep, sampleNanoseconds: 500 }));
    expect([...(run?.samples.running ?? [])]).toEqual([0, 0, 1, 1, 1, 1, 0, 0]);
    expect([...(run?.samples.waiting ?? [])]).toEqual([2, 2, 1, 1, 1, 1, 1, 1]);
    expect([...(run?.samples.usedBlocks ?? [])]).toEqual([0, 0, 1, 1, 2, 2, 0, 0]);
    const { steps, prefillTokens, outputTokens } = run?.samples.progress ?? {};
    expect([...(outputTokens ?? [])].at(-1)).toBe(4);
    expect([...(prefillTokens ?? [])].at(-1)).toBe(33);
    expect([...(steps ?? [])].at(-1)).toBe(run?.steps);
  });
});
