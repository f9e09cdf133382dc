import type { RunResult, Scenario } from '../../design/index.ts';
import { runInputOf, simulateRun, type TableCache } from '../../simulator/index.ts';
import { batchedFor, type Contender } from './subjects.ts';

/** One run at one load. */
export interface Probe {
  readonly rps: number;
  /** True if every objective's measured value is within its limit and the queue does not grow. */
  readonly within: boolean;
  readonly meanSeconds: number;
  /** The largest ratio of an objective's measured value to its limit. */
  readonly worst: number;
  /** Served accuracy divided by that of base mode, for the worst of the networks; null if a value is missing. */
  readonly accuracy: number | null;
  /** The served accuracy, for one network alone. */
  readonly servedAccuracy: number | null;
  readonly burstShare: number;
  readonly joulesPerRequest: number | null;
}

export function probe(offered: Scenario, contender: Contender, rps: number, cache: TableCache): Probe {
  const scenario = batchedFor(offered, contender);
  const { npu, scheduler } = contender;
  const run = simulateRun(runInputOf(scenario, scenario.name, npu, scheduler, cache));
  if (run === undefined)
    throw new Error(`the run of ${scenario.name} was cancelled, although this script never cancels a run`);
  return summarize(run, scenario, rps);
}

function summarize(run: RunResult, scenario: Scenario, rps: number): Probe {
  const outcomes = run.serves.flatMap((serve) => serve.slos);
  const worst = Math.max(...outcomes.map((one) => one.measured.value / one.limit));
  const violated = outcomes.some((one) => one.verdict === 'violated');
  const rising = outcomes.some((one) => one.undecided === 'rising');
  let completed = 0;
  let seconds = 0;
  let bursts = 0;
  for (const { counts, latency, burstShare } of run.serves) {
    completed += counts.completed;
    seconds += latency.mean * counts.completed;
    bursts += burstShare * counts.completed;
  }
  const relative = run.serves.map((serve, index) => {
    const base = scenario.serves[index]?.model.accuracy?.byPrecision.bf16;
    return serve.accuracy === null || base === undefined ? null : serve.accuracy / base;
  });
  const [only] = run.serves;
  const watts = run.averageWatts;
  return {
    rps,
    within: worst <= 1 && !violated && !rising,
    meanSeconds: seconds / completed,
    worst,
    accuracy: relative.reduce<number | null>(
      (least, one) => (least === null || one === null ? null : Math.min(least, one)),
      Number.POSITIVE_INFINITY,
    ),
    servedAccuracy: run.serves.length === 1 ? (only?.accuracy ?? null) : null,
    burstShare: bursts / completed,
    joulesPerRequest: watts === null ? null : (watts * run.seconds) / completed,
  };
}
