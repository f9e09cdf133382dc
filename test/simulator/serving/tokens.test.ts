import { describe, expect, it } from 'vitest';
import type { Arrivals, Slo } from '../../../design/index.ts';
import type { RunInput, ServeInput } from '../../../simulator/serving/index.ts';
import { latencySlo, origin, poisson, serve, run as simulate } from './fixtures.ts';
import { constant, MILLISECOND, runTokens as run, type Steps, tokenSlo as slo } from './token-fixtures.ts';

describe('a run of a language model', () => {
  it('with one token out and one slot equals a run with the same service time', () => {
    const seconds = 0.05;
    const one = run(
      { out: constant(1), limits: { sequences: 1 }, base: { fixed: seconds * 1e12 } },
      { arrivals: poisson(15) },
      { warmupFraction: 0 },
    );
    const same = simulate({
      serves: [serve({ seconds, arrivals: poisson(15) })],
      duration: { kind: 'requests', count: 4000 },
      warmupFraction: 0,
    }).serves[0];
    expect(one.serve.latency.mean).toBeCloseTo(same?.latency.mean ?? 0, 7);
    expect(one.serve.latency.p99).toBe(same?.latency.p99);
    expect(one.serve.counts).toEqual(same?.counts);
    expect(one.tokens.ttft.mean).toBe(one.serve.latency.mean);
    expect(one.tokens.tpot.mean).toBeNaN();
  });

  it('with constant lengths and one slot is M/D/1 with S = prefill + n steps', () => {
    // Prefill 5 ms and 19 steps of 5 ms each: S = 100 ms, and at 7 requests per second the load is 0.7.
    const { serve: one, tokens } = run(
      { limits: { sequences: 1 }, base: { fixed: 5 * MILLISECOND } },
      { arrivals: poisson(7) },
      { duration: { kind: 'requests', count: 40_000 } },
    );
    const wait = (0.7 * 0.1) / (2 * (1 - 0.7));
    expect(one.latency.mean / (wait + 0.1)).toBeCloseTo(1, 1);
    expect(tokens.ttft.mean / (wait + 0.005)).toBeCloseTo(1, 1);
    expect(tokens.tpot.mean).toBeCloseTo(0.005, 9);
    expect(one.breakdown.queueSeconds).toBeCloseTo(tokens.ttft.mean - 0.005, 9);
    expect(one.breakdown.steps?.decodeSeconds).toBeCloseTo(0.095, 9);
    expect(tokens.outputTokensPerSecond / one.completedRps).toBeCloseTo(20, 9);
    expect(tokens.inputTokensPerSecond / one.completedRps).toBeCloseTo(100, 9);
  });

  it('gives each latency the sum of its parts, and TTFT is at most the latency', () => {
    const { serve: one, tokens } = run({
      in: { kind: 'lognormal', mean: 300, sigma: 1 },
      out: { kind: 'lognormal', mean: 60, sigma: 1 },
      limits: { blocks: 200, sequences: 16 },
      base: { fixed: 2 * MILLISECOND, perToken: 1e7 },
    });
    const { queueSeconds, steps } = one.breakdown;
    expect(queueSeconds + (steps?.prefillSeconds ?? 0) + (steps?.decodeSeconds ?? 0)).toBeCloseTo(one.latency.mean, 7);
    expect(tokens.ttft.mean).toBeLessThanOrEqual(one.latency.mean);
    expect(tokens.preemptions).toBeGreaterThan(0);
    expect(tokens.kv.maxFraction).toBeLessThanOrEqual(1);
    expect(one.counts.arrived).toBe(one.counts.completed + one.counts.queued + one.counts.running + one.counts.dropped);
  });

  it('counts each step, token and preemption in one bucket', () => {
    const { tokens, serve: one } = run(
      {
        in: { kind: 'lognormal', mean: 300, sigma: 1 },
        out: { kind: 'lognormal', mean: 60, sigma: 1 },
        limits: { blocks: 200, sequences: 16 },
        base: { fixed: 2 * MILLISECOND, perToken: 1e7 },
      },
      {},
      { warmupFraction: 0 },
    );
    const { series, steps, preemptions, kv, kvOverTime } = tokens;
    const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
    // The run ends with its last request, so the buckets contain all of it.
    expect(sum(series.steps)).toBeCloseTo(steps.base, 6);
    expect(sum(series.preemptions)).toBe(preemptions);
    expect([...series.preemptions].every(Number.isInteger)).toBe(true);
    const seconds = one.counts.completed / one.completedRps;
    expect(sum(series.outputTokens) / seconds / tokens.outputTokensPerSecond).toBeCloseTo(1, 9);
    // A preempted prompt is computed again.
    expect(sum(series.prefillTokens) / seconds).toBeGreaterThan(tokens.inputTokensPerSecond);
    const means = [...kvOverTime.values];
    expect(Math.max(...means)).toBeLessThanOrEqual(kv.maxFraction);
    expect(means.reduce((a, b) => a + b, 0) / means.length / kv.meanFraction).toBeCloseTo(1, 2);
  });

  it('has the percentiles of TTFT and TPOT in the bucket in which a request got that token', () => {
    // One request at a time: 10 ms for the prompt, and 10 ms for each of 19 tokens.
    const { tokens, serve: one } = run(
      { base: { fixed: 10 * MILLISECOND }, limits: { sequences: 1 } },
      { arrivals: poisson(0.5) },
      { duration: { kind: 'requests', count: 20 }, warmupFraction: 0 },
    );
    const { ttft, tpot } = tokens.series;
    const known = (column: Float64Array) => column.filter((value) => !Number.isNaN(value));
    expect(known(tpot.p50Seconds)[0]).toBeCloseTo(0.01, 4);
    expect(Math.max(...known(tpot.p99Seconds))).toBeCloseTo(0.01, 4);
    expect(Math.min(...known(ttft.p50Seconds))).toBeCloseTo(0.01, 4);
    expect(known(ttft.p50Seconds).length).toBeLessThanOrEqual(one.counts.arrived);
  });

  it('counts requests that never fit into the KV cache as dropped, and as late', () => {
    const { serve: one } = run(
      { in: { kind: 'empirical', values: [100, 100, 100, 5000] }, limits: { blocks: 101 } },
      { slos: [slo('ttft', 0.9, 10)] },
    );
    expect(one.counts.dropped / one.counts.arrived).toBeCloseTo(0.25, 1);
    expect(one.slos[0]?.verdict).toBe('violated');
  });

  it.each<[string, Slo, Partial<ServeInput>, string]>([
    ['a TTFT far below its limit', slo('ttft', 0.99, 1), {}, 'met'],
    ['a TTFT above its limit', slo('ttft', 0.5, 0.0001), {}, 'violated'],
    ['a TPOT below its limit', slo('tpot', 0.95, 0.002), {}, 'met'],
    ['a TPOT above its limit', slo('tpot', 0.95, 0.0005), {}, 'violated'],
    ['a TTFT in overload', slo('ttft', 0.99, 1000), { arrivals: poisson(10_000) }, 'violated'],
    ['a TPOT in overload', slo('tpot', 0.99, 0.002), { arrivals: poisson(10_000) }, 'met'],
    ['the latency', latencySlo(0.99, 0.5), {}, 'met'],
    [
      'goodput that one late time keeps low',
      { metric: 'goodput', limitPerSecond: 5, text: '', origin },
      { slos: [slo('tpot', 0.5, 1e-6)] },
      'violated',
    ],
    ['token throughput', { metric: 'throughput', of: 'tokens', limitPerSecond: 150, text: '', origin }, {}, 'met'],
    [
      'too much token throughput',
      { metric: 'throughput', of: 'tokens', limitPerSecond: 250, text: '', origin },
      {},
      'violated',
    ],
  ])('judges %s', (_, objective, rest, verdict) => {
    const { serve: one } = run(
      {},
      { ...rest, slos: [...(rest.slos ?? []), objective] },
      { duration: { kind: 'auto', maxRequests: 20_000 } },
    );
    expect(one.slos.at(-1)?.verdict).toBe(verdict);
  });

  it('runs longer until the verdicts are decided', () => {
    const limits = { sequences: 1 };
    const sure = run(
      { limits },
      { arrivals: poisson(45), slos: [slo('ttft', 0.9, 10)] },
      { duration: { kind: 'auto', maxRequests: 20_000 } },
    );
    const close = run(
      { limits },
      { arrivals: poisson(45), slos: [slo('ttft', 0.9, sure.tokens.ttft.p90)] },
      { duration: { kind: 'auto', maxRequests: 20_000 } },
    );
    expect(sure.serve.counts.arrived).toBe(2048);
    expect(close.serve.counts.arrived).toBe(20_000);
    expect(close.serve.slos[0]?.undecided).toBe('straddles');
  });

  it('measures whole periods of diurnal traffic after its warm-up', () => {
    const arrivals: Arrivals = { kind: 'diurnal', ratePerSecond: 20, amplitude: 0.5, periodSeconds: 50, origin };
    const judged = (maxRequests: number) => {
      const options = { duration: { kind: 'auto', maxRequests }, warmupFraction: 0.05 } as const;
      const { result, serve } = run({}, { arrivals, slos: [slo('ttft', 0.9, 10)] }, options);
      const { verdict, undecided } = serve.slos[0] ?? {};
      const periods = (result.seconds - result.warmupSeconds) / arrivals.periodSeconds;
      return [undecided ?? verdict, periods.toFixed(1)];
    };
    expect([judged(4000), judged(1500), judged(900)]).toEqual([
      ['met', '3.0'],
      ['met', '1.0'],
      ['part-of-a-period', '0.9'],
    ]);
  });

  it('measures all rows of a trace exactly, with its tokens', () => {
    const timesSeconds = Float64Array.from([0, 0, 1]);
    const arrivals = {
      kind: 'trace',
      path: 'a.csv',
      speedup: 1,
      timesSeconds,
      origin,
      promptTokens: Float32Array.from([10, 2000, 10]),
      outputTokens: Float32Array.from([1, 3, 11]),
    } as const;
    const { serve: one, tokens } = run(
      { in: { kind: 'recorded' }, out: { kind: 'recorded' }, base: { fixed: MILLISECOND, perToken: 1e6 } },
      { arrivals, slos: [slo('ttft', 0.5, 1)] },
      { duration: { kind: 'auto', maxRequests: 20_000 }, warmupFraction: 0 },
    );
    expect(one.counts.completed).toBe(3);
    // The first two share a step of 2,010 tokens.
    expect(tokens.ttft.max).toBeCloseTo(0.001 + 2010e-6, 9);
    expect(tokens.tpot.max).toBeCloseTo(0.001 + 1e-6, 9);
    expect(one.slos[0]?.recording).toEqual({ measuredRequests: 3, recordedRequests: 3 });
  });

  it('bursts while requests wait, and counts the accuracy for each token', () => {
    const steps: Steps = {
      limits: { sequences: 1 },
      base: { fixed: 5 * MILLISECOND },
      burst: { fixed: 2.5 * MILLISECOND },
    };
    const at = (burst: RunInput['burst']) => run(steps, { arrivals: poisson(9) }, { burst });
    const [never, queue, always] = [at({ kind: 'never' }), at({ kind: 'queue', threshold: 1 }), at({ kind: 'always' })];
    expect(never.tokens.steps.burst).toBe(0);
    expect(always.tokens.steps.base).toBe(0);
    expect(always.serve.latency.mean).toBeLessThan(queue.serve.latency.mean);
    expect(queue.serve.latency.mean).toBeLessThan(never.serve.latency.mean);
    expect(queue.serve.accuracy).toBeCloseTo(0.8 - 0.1 * queue.tokens.burstTokenShare, 9);
    expect(queue.tokens.burstTokenShare).toBeLessThan(queue.serve.burstShare);
    const [totals] = queue.result.timeline.totals;
    expect(totals?.burst).toBeGreaterThan(0);
    expect((totals?.base ?? 0) + (totals?.burst ?? 0) + (totals?.idle ?? 0)).toBeCloseTo(queue.result.seconds, 6);
    expect(queue.result.timeline.switches.total).toBeGreaterThan(10);
  });

  it('bursts under the slack policy only as long as a time per token is in danger', () => {
    // A step takes 10 ms in base mode and 4 ms in burst mode.
    const steps: Steps = {
      in: constant(10),
      out: constant(50),
      base: { fixed: 10 * MILLISECOND },
      burst: { fixed: 4 * MILLISECOND },
    };
    const slack = { kind: 'slack', guardFraction: 0.05, holdSeconds: 0 } as const;
    const at = (limit: number, burst: RunInput['burst']) =>
      run(steps, { arrivals: poisson(1), slos: [slo('tpot', 0.99, limit)] }, { burst });
    expect(at(0.012, slack).tokens.steps.burst).toBe(0);
    const needed = at(0.008, slack);
    expect(at(0.008, { kind: 'never' }).serve.slos[0]?.verdict).toBe('violated');
    expect(needed.serve.slos[0]?.verdict).toBe('met');
    // Base steps of 10 ms and burst steps of 4 ms have the mean of 7.6 ms where 40 % of them burst.
    expect(needed.tokens.burstTokenShare).toBeGreaterThan(0.35);
    expect(needed.tokens.burstTokenShare).toBeLessThan(0.75);
  });

  it('bursts under the slack policy if the prompts of waiting requests take too long', () => {
    const steps: Steps = {
      in: constant(2048),
      out: constant(1),
      base: { perToken: 1e8 },
      burst: { perToken: 4e7 },
    };
    const slack = { kind: 'slack', guardFraction: 0.05, holdSeconds: 0 } as const;
    const at = (burst: RunInput['burst']) =>
      run(steps, { arrivals: poisson(3), slos: [slo('ttft', 0.99, 0.6)] }, { burst });
    const [never, some] = [at({ kind: 'never' }), at(slack)];
    expect(never.serve.slos[0]?.verdict).toBe('violated');
    expect(some.tokens.ttft.p99).toBeLessThan(never.tokens.ttft.p99);
    expect(some.serve.slos[0]?.verdict).toBe('met');
    expect(some.tokens.burstTokenShare).toBeLessThan(0.9);
    expect(some.tokens.burstTokenShare).toBeGreaterThan(0.05);
  });

  it('charges each change of the mode', () => {
    const steps: Steps = {
      limits: { sequences: 1 },
      base: { fixed: 5 * MILLISECOND },
      burst: { fixed: 5 * MILLISECOND },
    };
    const at = (switchLatencySeconds: number) =>
      run(steps, { arrivals: poisson(5) }, { burst: { kind: 'queue', threshold: 1 }, switchLatencySeconds });
    const [free, slow] = [at(0), at(0.01)];
    expect(slow.serve.latency.mean).toBeGreaterThan(free.serve.latency.mean);
    const [totals] = slow.result.timeline.totals;
    expect(totals?.switching).toBeCloseTo(0.01 * slow.result.timeline.switches.total, 6);
  });

  it('obeys Little’s law for sequences', () => {
    const {
      result,
      serve: one,
      tokens,
    } = run({}, { arrivals: poisson(200) }, { warmupFraction: 0, duration: { kind: 'requests', count: 20_000 } });
    const inSystem = one.latency.mean - one.breakdown.queueSeconds;
    expect(tokens.meanRunning / ((one.counts.completed / result.seconds) * inSystem)).toBeCloseTo(1, 1);
  });
});

describe('a trace of a language model', () => {
  const trace = (...seconds: number[]): ServeInput['arrivals'] => ({
    kind: 'trace',
    path: 'x.csv',
    speedup: 1,
    timesSeconds: Float64Array.from(seconds),
    origin,
  });
  const many = trace(...Array.from({ length: 60 }, (_, i) => i * 0.3));
  const duration = { kind: 'auto', maxRequests: 1000 } as const;

  it.each<[string, Steps, boolean]>([
    ['constant tokens', {}, true],
    ['lognormal prompts', { in: { kind: 'lognormal', mean: 300, sigma: 1 } }, false],
    ['uniform answers', { out: { kind: 'uniform', least: 1, most: 90 } }, false],
    ['empirical answers', { out: { kind: 'empirical', values: [1, 90] } }, false],
  ])('with %s: a recording? %s', (_, steps, isExact) => {
    const largest: Slo = { metric: 'latency', statistic: { kind: 'max' }, limitSeconds: 9, text: 'max', origin };
    const slos = [slo('ttft', 0.95, 1), largest];
    const { serve: one } = run(steps, { arrivals: many, slos }, { duration, warmupFraction: 0 });
    expect(one.slos.map(({ recording }) => recording !== undefined)).toEqual([isExact, isExact]);
    expect(one.slos.map(({ undecided }) => undecided)).toEqual(
      isExact ? [undefined, undefined] : ['drawn-tokens', 'drawn-tokens'],
    );
    expect(one.slos[1]?.verdict).toBe(isExact ? 'met' : 'undecided');
  });

  it('counts its last request, whatever the last bit of its time', () => {
    for (let gap = 0.1; gap < 1; gap += 0.01) {
      const { serve: one } = run({}, { arrivals: trace(0, gap) }, { duration, warmupFraction: 0 });
      expect(one.counts.completed).toBe(2);
    }
  });

  it('that all arrives at the start has a bounded number of samples', () => {
    // The interval of the samples comes from the last arrival. Two requests of 20 steps of 1 s would give 4e10 samples of a nanosecond.
    const { serve: one, tokens } = run(
      { base: { fixed: 1000 * MILLISECOND } },
      { arrivals: trace(0, 0) },
      { duration, warmupFraction: 0 },
    );
    expect(one.counts.completed).toBe(2);
    expect(tokens.kv.meanFraction).toBeGreaterThan(0);
  });
});
