import type { Arrivals, Caveat, Duration, RunResult, Scenario, SloOutcome } from '../design/index.ts';
import { type KeepTables, runInputOf } from './run-input.ts';
import { meanRatePerSecond, type RunOptions, simulateRun } from './serving/index.ts';

/*
 * A preview is a short run of a scenario, for a number that is being dragged. It has the statistics of every other run: an
 * objective is met or violated only if the short run already decides it at the confidence that the outcome states.
 */

/**
 * The scenario with a run of at most `requests` requests. A preview of a trace replays its beginning, so the result has the caveat of a
 * cut trace, which no file accepts for a preview. The same scenario if its own run is as short.
 */
export function shortened(scenario: Scenario, requests: number): Scenario {
  const duration = shortDuration(scenario, requests);
  if (duration === undefined) return scenario;
  const { accepts, ...rest } = scenario;
  const own = accepts?.filter((code) => code !== 'trace-cut') ?? [];
  return { ...rest, duration, ...(own.length === 0 ? {} : { accepts: own }) };
}

function shortDuration({ duration, serves }: Scenario, requests: number): Duration | undefined {
  const all = serves.map(({ arrivals }) => arrivals);
  const replays = all.some(({ kind }) => kind === 'trace');
  switch (duration.kind) {
    case 'requests':
      return duration.count <= requests ? undefined : { kind: 'requests', count: requests };
    case 'time':
      if (arrivalsUntil(duration.seconds, all) <= requests) return undefined;
      break;
    default:
      if (arrivalsUntil(Number.POSITIVE_INFINITY, all) <= requests) return undefined;
      if (!replays && duration.maxRequests <= requests) return undefined;
  }
  return replays ? { kind: 'requests', count: requests } : { kind: 'auto', maxRequests: requests };
}

/** The number of requests that arrive in a time. Infinity if only a run shows how many. */
function arrivalsUntil(seconds: number, all: readonly Arrivals[]): number {
  let count = 0;
  for (const arrivals of all) {
    if (arrivals.kind === 'closed') return Number.POSITIVE_INFINITY;
    if (arrivals.kind !== 'trace') count += meanRatePerSecond(arrivals) * seconds;
    else for (const time of arrivals.timesSeconds) if (time <= seconds) count++;
  }
  return count;
}

export interface PreviewOptions extends Pick<RunOptions, 'isCancelled' | 'measuresOnly'> {
  /** Called when the tables of the chip are complete and the first request can arrive. */
  readonly onStart?: () => void;
}

/**
 * The run of a preview, without its variants. undefined: it was cancelled. The caveat of a cut trace is left out: its advice is about the
 * whole run. The objectives that it leaves open stay undecided.
 */
export function simulatePreview(
  scenario: Scenario,
  requests: number,
  keep: KeepTables,
  { onStart, ...options }: PreviewOptions,
): RunResult | undefined {
  const kept = keep(shortened(scenario, requests));
  const own = kept.scenario;
  const input = runInputOf(own, own.name, own.npu, own.scheduler, kept.cache, keep);
  onStart?.();
  const run = simulateRun(input, options);
  if (run === undefined || own.duration === scenario.duration) return run;
  const serves = run.serves.map((serve) => ({ ...serve, slos: serve.slos.map(withoutCut) }));
  return { ...run, serves, caveats: run.caveats.filter(isNoCut) };
}

const isNoCut = ({ code }: Caveat): boolean => code !== 'trace-cut';

function withoutCut(outcome: SloOutcome): SloOutcome {
  if (outcome.open === undefined) return outcome;
  const { open, ...rest } = outcome;
  const caveats = open.caveats.filter(isNoCut);
  return caveats.length > 0 ? { ...rest, open: { ...open, caveats } } : { ...rest, undecided: 'short-run' };
}
