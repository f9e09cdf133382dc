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

/** The outcome of 1,000 requests, of which `late` exceed a latency limit. */
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

describe('a verdict with caveats', () => {
  test.each<[string, SloOutcome, readonly Caveat[], Verdict]>([
    // There is no caveat, or it has no effect.
    ['no caveat', outcome(p99, 'met', 0.005), [], 'met'],
    ['no effect', outcome(p99, 'met', 0.005), [none], 'met'],
    ['no effect on a violation', outcome(p99, 'violated', 0.02, 300), [none], 'violated'],
    // With an unknown effect, each verdict is undecided.
    ['any, met', outcome(p99, 'met', 0.005), [any], 'undecided'],
    ['any, violated', outcome(p99, 'violated', 0.02, 300), [any], 'undecided'],
    ['any, mean', outcome(mean, 'violated', 0.02), [any], 'undecided'],
    ['any, throughput', outcome(throughput, 'met', 200), [any], 'undecided'],
    // With more work, a violated objective stays violated.
    ['heavier, met', outcome(p99, 'met', 0.005), [heavier], 'undecided'],
    ['heavier, violated', outcome(p99, 'violated', 0.02, 300), [heavier], 'violated'],
    ['heavier, mean violated', outcome(mean, 'violated', 0.02), [heavier], 'violated'],
    ['heavier, max violated', outcome(max, 'violated', 0.02), [heavier], 'violated'],
    ['heavier, throughput met', outcome(throughput, 'met', 200), [heavier], 'undecided'],
    ['heavier, goodput violated', outcome(goodput, 'violated', 50), [heavier], 'violated'],
    ['heavier, accuracy violated', outcome(accuracy, 'violated', 0.74), [heavier], 'undecided'],
    // 300 of 1,000 requests are late. With 10 more on time, each of which saves a batch of 4, 260 of 1,010 are late.
    ['more, met', outcome(p99, 'met', 0.005), [more(1)], 'undecided'],
    ['more, violated by far', outcome(p99, 'violated', 0.02, 300), [more(10)], 'violated'],
    // 12 requests are late. With one missing request, 8 of 1,001 are late, which is below 1 %.
    ['more, violated by little', outcome(p99, 'violated', 0.02, 12), [more(1)], 'undecided'],
    ['more, at the border', outcome(p99, 'violated', 0.02, 14), [more(1)], 'undecided'],
    ['more, above the border', outcome(p99, 'violated', 0.02, 15), [more(1)], 'violated'],
    ['more, twice adds up', outcome(p99, 'violated', 0.02, 15), [more(1), { ...more(1), text: 'Again.' }], 'undecided'],
    ['more, mean', outcome(mean, 'violated', 0.02), [more(1)], 'undecided'],
    ['more, max', outcome(max, 'violated', 0.02), [more(1)], 'undecided'],
    // 10 s at 90 per second. 99 more requests give 99.9 per second, and 100 give 100.
    ['more, throughput violated', outcome(throughput, 'violated', 90), [more(99)], 'violated'],
    ['more, throughput reached', outcome(throughput, 'violated', 90), [more(100)], 'undecided'],
    ['more, throughput met', outcome(throughput, 'met', 110), [more(1)], 'undecided'],
    // Each missing request counts as five, because it can save four others: 19 give 99.5 per second, and 20 give 100.
    ['more, goodput violated', outcome(goodput, 'violated', 90), [more(19)], 'violated'],
    ['more, goodput reached', outcome(goodput, 'violated', 90), [more(20)], 'undecided'],
    ['more, accuracy', outcome(accuracy, 'met', 0.76), [more(1)], 'undecided'],
    // One caveat cannot change the verdict, and another one can.
    ['heavier and any', outcome(p99, 'violated', 0.02, 300), [heavier, any], 'undecided'],
    ['undecided before', { ...outcome(p99, 'undecided', 0.01), undecided: 'straddles' }, [any], 'undecided'],
  ])('%s', (_, before, caveats, expected) => {
    const after = outcomeUnder(caveats, before, bounds);
    expect(after.verdict).toBe(expected);
    if (before.verdict === expected) expect(after).toBe(before);
    else expect(after).toMatchObject({ undecided: 'caveat', open: { verdict: before.verdict } });
  });

  test('lists only the caveats that could change it', () => {
    const after = outcomeUnder([heavier, any, none], outcome(p99, 'violated', 0.02, 300), bounds);
    expect(after.open?.caveats).toEqual([any]);
  });

  test.each<[string, Verdict, number, EffectBounds['accuracy'], Verdict]>([
    ['below each accuracy that the policy can cause', 'met', 0.78, { low: 0.76, high: 0.8 }, 'met'],
    ['above each accuracy that the policy can cause', 'violated', 0.71, { low: 0.7, high: 0.74 }, 'violated'],
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
    ['a chip that never uses burst mode', violated, { burst: { kind: 'never' } }, 'violated'],
    ['a chip that always uses burst mode', violated, { burst: { kind: 'always' } }, 'violated'],
    ['a chip without a burst mode', violated, { burst: slack, canBurst: false }, 'violated'],
    ['a policy that predicts', violated, { burst: slack }, 'undecided'],
    ['a policy with a threshold', violated, { burst: { kind: 'queue', threshold: 4 } }, 'undecided'],
    ['a policy that knows the future', violated, { burst: { kind: 'oracle' } }, 'undecided'],
    ['overload, which no policy can prevent', overloaded, { burst: slack }, 'violated'],
    ['sjf with one network', violated, { order: 'sjf' }, 'violated'],
    ['sjf with two networks', violated, { order: 'sjf', serves: [serve(), serve()] }, 'undecided'],
  ])('keeps a violation or makes it undecided, under %s', (_, before, changes, expected) => {
    expect(under(before, changes)).toBe(expected);
  });
});

describe('a run with caveats', () => {
  const met = tinyScenario({ duration: { kind: 'requests', count: 4000 } });
  const withModel = (caveats: readonly Caveat[]) => {
    const serve = tinyServe();
    return tinyScenario({ ...met, serves: [{ ...serve, model: { ...serve.model, caveats } }] });
  };

  test('contains each of them once, even if they change nothing', () => {
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

  test('affects all serves on the chips, or only those in its list', () => {
    const serves = [tinyServe(), tinyServe({ name: 'Other' })];
    const run = simulateScenario(tinyScenario({ serves }))?.main;
    if (run === undefined) throw new Error('not cancelled');
    const verdicts = (caveats: readonly Caveat[]) =>
      withCaveats(run, { ...input(), caveats }).serves.map(({ slos }) => slos[0]?.verdict);
    expect(verdicts([])).toEqual(['met', 'met']);
    expect(verdicts([any])).toEqual(['undecided', 'undecided']);
    expect(verdicts([{ ...any, serves: ['Other'] }])).toEqual(['met', 'undecided']);
  });

  test('is never met in a run, a variant, a load curve or a capacity', () => {
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

  test('has the same capacity as with accepted caveats', () => {
    const [stated, open] = [capacity(met), capacity(withModel([heavier]))];
    expect(open?.low).toEqual({ ...stated?.low, verdict: 'undecided' });
    // The upper end is saturation. More work can only lower it.
    expect(open?.high).toEqual(stated?.high);
  });
});
