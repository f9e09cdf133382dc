import { describe, expect, test } from 'vitest';
import type { Caveat, CaveatEffect, Slo, SloOutcome, Verdict } from '../../design/index.ts';
import { type EffectBounds, outcomeUnder, withCaveats } from '../../simulator/caveats.ts';
import { capacity, loadCurve, simulateScenario } from '../../simulator/index.ts';
import type { RunInput } from '../../simulator/serving/index.ts';
import { tinyScenario, tinyServe } from './explore/fixtures.ts';
import { input, latencySlo, origin, serve } from './serving/fixtures.ts';

function caveat(effect: CaveatEffect, changes: Partial<Caveat> = {}): Caveat {
  return { code: 'trace-rows', origin, text: 'Something was left out.', effect, ...changes };
}

const any = caveat({ kind: 'any' });
const heavier = caveat({ kind: 'heavier' });
const none = caveat({ kind: 'none' });
const more = (count: number): Caveat => caveat({ kind: 'more-requests', count });

const p99 = latencySlo(0.99, 0.01);
const mean: Slo = { metric: 'latency', statistic: { kind: 'mean' }, limitSeconds: 0.01, text: 'mean', origin };
const max: Slo = { metric: 'latency', statistic: { kind: 'max' }, limitSeconds: 0.01, text: 'max', origin };
const throughput: Slo = { metric: 'throughput', limitPerSecond: 100, text: 'throughput', origin };
const goodput: Slo = { metric: 'goodput', limitPerSecond: 100, text: 'goodput', origin };
const accuracy: Slo = { metric: 'accuracy', limit: 0.75, text: 'accuracy', origin };

/** 1,000 requests, `late` of them over the limit of a latency. */
function outcome(slo: Slo, verdict: Verdict, value: number, late = 0): SloOutcome {
  const measured = { value, low: value, high: value, confidence: 0.99 };
  const told = { slo, verdict, measured, limit: 1, missFraction: 0, breakdown: null };
  if (slo.metric !== 'latency' || slo.statistic.kind !== 'percentile') return told;
  return { ...told, earlyStopping: { late, requests: 1000, requestsNeeded: 1000, passes: verdict === 'met' } };
}

const bounds: EffectBounds = {
  measuredSeconds: 10,
  largestBatch: 4,
  moreWorkOnlySlows: true,
  accuracy: { low: 0.7, high: 0.8 },
};

describe('a caveat that the file accepts', () => {
  test.each<[string, readonly Caveat['code'][], Verdict, number, readonly string[]]>([
    ['none is accepted', [], 'undecided', 1, ['M: stated.']],
    ['another one is accepted', ['trace-cut'], 'undecided', 1, ['M: stated.']],
    ['it is accepted', ['trace-rows'], 'met', 0, ['M: stated.', 'Accepted (trace-rows): Something was left out.']],
  ])('%s', (_, accepts, verdict, caveats, statedInputs) => {
    const main = simulateScenario(tinyScenario({ duration: { kind: 'requests', count: 50 } }))?.main;
    if (main === undefined) throw new Error('not cancelled');
    const decided = { ...main, serves: main.serves.map((one) => ({ ...one, slos: [outcome(p99, 'met', 0.005)] })) };
    const result = withCaveats(decided, { ...input(), caveats: [any], accepts, statedInputs: ['M: stated.'] });
    expect(result.serves[0]?.slos[0]?.verdict).toBe(verdict);
    expect(result.caveats).toHaveLength(caveats);
    expect(result.statedInputs).toEqual(statedInputs);
  });
});

describe('a verdict under caveats', () => {
  test.each<[string, SloOutcome, readonly Caveat[], Verdict]>([
    // Nothing is guessed, or the guess changes nothing.
    ['no caveat', outcome(p99, 'met', 0.005), [], 'met'],
    ['no effect', outcome(p99, 'met', 0.005), [none], 'met'],
    ['no effect on a violation', outcome(p99, 'violated', 0.02, 300), [none], 'violated'],
    // Any effect: nothing stands.
    ['any, met', outcome(p99, 'met', 0.005), [any], 'undecided'],
    ['any, violated', outcome(p99, 'violated', 0.02, 300), [any], 'undecided'],
    ['any, mean', outcome(mean, 'violated', 0.02), [any], 'undecided'],
    ['any, throughput', outcome(throughput, 'met', 200), [any], 'undecided'],
    // More work: what is violated stays violated.
    ['heavier, met', outcome(p99, 'met', 0.005), [heavier], 'undecided'],
    ['heavier, violated', outcome(p99, 'violated', 0.02, 300), [heavier], 'violated'],
    ['heavier, mean violated', outcome(mean, 'violated', 0.02), [heavier], 'violated'],
    ['heavier, max violated', outcome(max, 'violated', 0.02), [heavier], 'violated'],
    ['heavier, throughput met', outcome(throughput, 'met', 200), [heavier], 'undecided'],
    ['heavier, goodput violated', outcome(goodput, 'violated', 50), [heavier], 'violated'],
    ['heavier, accuracy violated', outcome(accuracy, 'violated', 0.74), [heavier], 'undecided'],
    // 300 late of 1,000: 10 more on time, each saving a batch of 4, leave 260 of 1,010.
    ['more, met', outcome(p99, 'met', 0.005), [more(1)], 'undecided'],
    ['more, violated by far', outcome(p99, 'violated', 0.02, 300), [more(10)], 'violated'],
    // 12 late: one missing request leaves 8 of 1,001, within 1 %.
    ['more, violated by little', outcome(p99, 'violated', 0.02, 12), [more(1)], 'undecided'],
    ['more, at the border', outcome(p99, 'violated', 0.02, 14), [more(1)], 'undecided'],
    ['more, above the border', outcome(p99, 'violated', 0.02, 15), [more(1)], 'violated'],
    ['more, twice adds up', outcome(p99, 'violated', 0.02, 15), [more(1), { ...more(1), text: 'Again.' }], 'undecided'],
    ['more, mean', outcome(mean, 'violated', 0.02), [more(1)], 'undecided'],
    ['more, max', outcome(max, 'violated', 0.02), [more(1)], 'undecided'],
    // 10 s at 90 a second: 99 more requests make 99.9 a second, 100 make 100.
    ['more, throughput violated', outcome(throughput, 'violated', 90), [more(99)], 'violated'],
    ['more, throughput reached', outcome(throughput, 'violated', 90), [more(100)], 'undecided'],
    ['more, throughput met', outcome(throughput, 'met', 110), [more(1)], 'undecided'],
    // Each missing request counts itself and the four that it may save: 19 make 99.5 a second, 20 make 100.
    ['more, goodput violated', outcome(goodput, 'violated', 90), [more(19)], 'violated'],
    ['more, goodput reached', outcome(goodput, 'violated', 90), [more(20)], 'undecided'],
    ['more, accuracy', outcome(accuracy, 'met', 0.76), [more(1)], 'undecided'],
    // One caveat that cannot change the verdict beside one that can.
    ['heavier and any', outcome(p99, 'violated', 0.02, 300), [heavier, any], 'undecided'],
    ['undecided before', { ...outcome(p99, 'undecided', 0.01), undecided: 'straddles' }, [any], 'undecided'],
  ])('%s', (_, before, caveats, expected) => {
    const after = outcomeUnder(caveats, before, bounds);
    expect(after.verdict).toBe(expected);
    if (before.verdict === expected) expect(after).toBe(before);
    else expect(after).toMatchObject({ undecided: 'caveat', open: { verdict: before.verdict } });
  });

  test('names only the caveats that could change it', () => {
    const after = outcomeUnder([heavier, any, none], outcome(p99, 'violated', 0.02, 300), bounds);
    expect(after.open?.caveats).toEqual([any]);
  });

  test.each<[string, Verdict, number, EffectBounds['accuracy'], Verdict]>([
    ['within what any policy serves', 'met', 0.78, { low: 0.76, high: 0.8 }, 'met'],
    ['beyond what any policy serves', 'violated', 0.71, { low: 0.7, high: 0.74 }, 'violated'],
    ['at the limit in the worst case', 'met', 0.78, { low: 0.75, high: 0.8 }, 'met'],
    ['unknown in burst mode', 'met', 0.78, null, 'undecided'],
  ])('of an accuracy %s', (_, verdict, value, range, expected) => {
    const after = outcomeUnder([any], outcome(accuracy, verdict, value), { ...bounds, accuracy: range });
    expect(after.verdict).toBe(expected);
  });
});

describe('more work', () => {
  const violated = outcome(p99, 'violated', 0.02, 300);
  const overloaded: SloOutcome = { ...violated, overload: { offeredRps: 2, saturationRps: 1 } };
  const run = simulateScenario(tinyScenario())?.main;
  const under = (before: SloOutcome, changes: Partial<RunInput>) => {
    if (run === undefined) throw new Error('not cancelled');
    const serves = run.serves.map((serve) => ({ ...serve, slos: [before] }));
    return withCaveats({ ...run, serves }, { ...input(changes), caveats: [heavier] }).serves[0]?.slos[0]?.verdict;
  };
  const slack = { kind: 'slack', guardFraction: 0.05, holdSeconds: 1e-3 } as const;

  test.each<[string, SloOutcome, Partial<RunInput>, Verdict]>([
    ['a chip that never bursts', violated, { burst: { kind: 'never' } }, 'violated'],
    ['a chip that always bursts', violated, { burst: { kind: 'always' } }, 'violated'],
    ['a chip without a burst mode', violated, { burst: slack, canBurst: false }, 'violated'],
    ['a policy that predicts', violated, { burst: slack }, 'undecided'],
    ['a policy with a threshold', violated, { burst: { kind: 'queue', threshold: 4 } }, 'undecided'],
    ['a policy that knows the future', violated, { burst: { kind: 'oracle' } }, 'undecided'],
    ['overload, which no policy prevents', overloaded, { burst: slack }, 'violated'],
    ['the shortest first, of one network', violated, { order: 'sjf' }, 'violated'],
    ['the shortest first, of two networks', violated, { order: 'sjf', serves: [serve(), serve()] }, 'undecided'],
  ])('leaves a violation under %s as it is, or opens it', (_, before, changes, expected) => {
    expect(under(before, changes)).toBe(expected);
  });
});

describe('a run with caveats', () => {
  const met = tinyScenario({ duration: { kind: 'requests', count: 4000 } });
  const withModel = (caveats: readonly Caveat[]) => {
    const serve = tinyServe();
    return tinyScenario({ ...met, serves: [{ ...serve, model: { ...serve.model, caveats } }] });
  };

  test('collects them once, and shows them even where they change nothing', () => {
    const serve = tinyServe();
    const model = { ...serve.model, caveats: [none] };
    const twice = tinyScenario({
      serves: [
        { ...serve, model },
        { ...serve, name: 'Again', model },
      ],
    });
    const run = simulateScenario(twice)?.main;
    expect(run?.caveats).toEqual([none]);
    expect(run?.serves.flatMap(({ slos }) => slos.map(({ verdict }) => verdict))).not.toContain('undecided');
  });

  test('affects the serves that share the chips, or only those that it names', () => {
    const serves = [tinyServe(), tinyServe({ name: 'Other' })];
    const run = simulateScenario(tinyScenario({ serves }))?.main;
    if (run === undefined) throw new Error('not cancelled');
    const verdicts = (caveats: readonly Caveat[]) =>
      withCaveats(run, { ...input(), caveats }).serves.map(({ slos }) => slos[0]?.verdict);
    expect(verdicts([])).toEqual(['met', 'met']);
    expect(verdicts([any])).toEqual(['undecided', 'undecided']);
    expect(verdicts([{ ...any, serves: ['Other'] }])).toEqual(['met', 'undecided']);
  });

  test('is never met: not by a run, a variant, a search for fixes, a load curve or a capacity', () => {
    const open = withModel([any]);
    const { npu, scheduler } = open;
    expect(simulateScenario(met)?.main.serves[0]?.slos[0]?.verdict).toBe('met');
    expect(simulateScenario(open)?.main.serves[0]?.slos[0]?.verdict).toBe('undecided');
    const result = simulateScenario({ ...open, compare: [{ label: 'same', npu, scheduler, origin }] });
    expect(result?.variants[0]?.serves[0]?.slos[0]?.verdict).toBe('undecided');
    const curve = loadCurve(open);
    expect(curve?.caveats).toEqual([any]);
    expect(curve?.lines.flatMap(({ points }) => points.map(({ verdict }) => verdict))).not.toContain('met');
    const found = capacity(open);
    expect(found?.caveats).toEqual([any]);
    expect(found?.low?.verdict).toBe('undecided');
    expect(found?.probes.map(({ verdict }) => verdict)).not.toContain('met');
    expect(found?.probes.map(({ verdict }) => verdict)).not.toContain('violated');
  });

  test('has the capacity that it would have if they were accepted', () => {
    const [stated, open] = [capacity(met), capacity(withModel([heavier]))];
    expect(open?.low).toEqual({ ...stated?.low, verdict: 'undecided' });
    // The upper end is saturation, which more work only lowers.
    expect(open?.high).toEqual(stated?.high);
  });
});
