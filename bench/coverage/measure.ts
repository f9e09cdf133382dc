import type { Duration, Slo, Verdict } from '../../design/index.ts';
import { type RunInput, simulateRun } from '../../simulator/serving/index.ts';
import { input, latencySlo, origin } from '../../test/simulator/serving/fixtures.ts';
import type { Queue, Truth } from './cells.ts';

export const statistics = ['mean', 'p99'] as const;
export type Statistic = (typeof statistics)[number];

/** The limit of the objectives, divided by the true value. It is 10 % below the true value, so `met` is wrong. */
export const LIMIT_SHARE = 0.9;

/** The results of the runs of one cell for one statistic. */
export interface CellTally {
  readonly queue: string;
  readonly load: number;
  readonly statistic: Statistic;
  readonly truth: number;
  readonly runs: number;
  /** The numbers of intervals below and above the true value. */
  readonly below: number;
  readonly above: number;
  /** The number of wrong `met` verdicts. */
  readonly met: number;
  readonly violated: number;
  /** The number of intervals without an upper end. */
  readonly open: number;
  /** The mean of (high - low) / true value, over the intervals with an upper end. */
  readonly width: number;
  /** The mean number of requests of a run. */
  readonly requests: number;
}

export interface RunPlan {
  readonly seeds: number;
  readonly firstSeed?: number;
  readonly duration: Duration;
  readonly confidence: number;
}

/** Runs one cell with each of its seeds. Each run has both objectives. */
export function measureCell(queue: Queue, load: number, truth: Truth, plan: RunPlan): readonly CellTally[] {
  const mean: Slo = {
    metric: 'latency',
    statistic: { kind: 'mean' },
    limitSeconds: LIMIT_SHARE * truth.mean,
    text: 'mean latency',
    origin,
  };
  const slos = [mean, latencySlo(0.99, LIMIT_SHARE * truth.p99)];
  const made = queue.input(load);
  const serves = made.serves.map((serve, at) => (at === queue.judged ? { ...serve, slos } : serve));
  const tallies = statistics.map(() => ({ below: 0, above: 0, met: 0, violated: 0, open: 0, width: 0 }));
  let requests = 0;
  for (let seed = 0; seed < plan.seeds; seed++) {
    const run: RunInput = input({
      ...made,
      serves,
      seed: (plan.firstSeed ?? 1) + seed,
      duration: plan.duration,
      confidence: plan.confidence,
      warmupFraction: 0.05,
    });
    const result = simulateRun(run, { measuresOnly: true });
    requests += result?.serves.reduce((sum, { counts }) => sum + counts.arrived, 0) ?? 0;
    for (const [at, outcome] of (result?.serves[queue.judged]?.slos ?? []).entries()) {
      const tally = tallies[at];
      if (tally === undefined) continue;
      const { low, high } = outcome.measured;
      const value = truth[statistics[at] ?? 'mean'];
      if (high < value) tally.below++;
      if (low > value) tally.above++;
      const { verdict }: { verdict: Verdict } = outcome;
      if (verdict === 'met') tally.met++;
      if (verdict === 'violated') tally.violated++;
      if (high === Number.POSITIVE_INFINITY) tally.open++;
      else tally.width += (high - low) / value;
    }
  }
  return tallies.map((tally, at) => ({
    ...tally,
    queue: queue.name,
    load,
    statistic: statistics[at] ?? 'mean',
    truth: truth[statistics[at] ?? 'mean'],
    runs: plan.seeds,
    width: tally.width / (plan.seeds - tally.open),
    requests: requests / plan.seeds,
  }));
}
