import type { RunResult } from '../../../design/index.ts';
import { runSequences, type SequenceRequests, type SequenceRun } from '../../sequences/index.ts';
import type { RunInput, RunOptions, ServeInput, StepsInput } from '../input.ts';
import { type Forecast, forecastsOf } from '../judge/forecast.ts';
import { measuredPart } from '../judge/measured-part.ts';
import { BUCKETS } from '../record/buckets.ts';
import { zeroBreakdown } from '../result/latency-breakdown.ts';
import { warmupArrivals } from '../traffic/warmup.ts';
import { longestPeriodSeconds } from '../whole-periods.ts';
import { drawRequests } from './draw-requests.ts';
import { judgeTokens, type TokenRun } from './measure.ts';
import { type RequestTimes, recordTimes, timesUntil } from './replay.ts';
import { type Attempt, attemptsOf } from './run-length.ts';
import { burstStepsOf } from './step-policies.ts';
import { tokenResult } from './token-result.ts';

/** Samples of the KV cache until the last arrival. */
const SAMPLES = 512;

/**
 * Simulates one run of a language model: the loop of steps over all requests, and then the statistics and verdicts of every
 * other run. A run with `duration: auto` starts again with twice the requests until every verdict is decided. The requests
 * are the same, so the longer run contains the shorter one. undefined: the run was cancelled.
 */
export function simulateSequences(input: RunInput, options: RunOptions): RunResult | undefined {
  const [serve] = input.serves;
  const steps = serve?.steps;
  if (serve === undefined || steps === undefined)
    throw new Error('simulator bug: a run of steps without a language model');
  const attempts = attemptsOf(input);
  // Bonferroni correction over all checks that the budget allows.
  const confidence = 1 - (1 - input.confidence) / attempts.length;
  const poll = () => options.isCancelled?.() ?? false;
  for (const [index, attempt] of attempts.entries()) {
    if (poll()) return undefined;
    options.onProgress?.(index / attempts.length);
    const done = runOnce(input, { ...serve, steps }, attempt, confidence, poll);
    if (done === null) return undefined;
    try {
      const isLast = index === attempts.length - 1;
      if (!isLast && !isDecided(serve, done.judged, options)) continue;
      return tokenResult(done.judged, steps, done.run, done.requests, done.bucketSeconds, options);
    } finally {
      for (const recorder of Object.values(done.judged.recorders)) recorder.release();
    }
  }
  return undefined;
}

function isDecided({ slos }: ServeInput, judged: TokenRun, { endsAtViolation }: RunOptions): boolean {
  const verdicts = slos.map((slo) => judgeTokens(slo, judged, () => zeroBreakdown).verdict);
  return !verdicts.includes('undecided') || (endsAtViolation === true && verdicts.includes('violated'));
}

interface Done {
  readonly judged: TokenRun;
  readonly run: SequenceRun;
  readonly requests: SequenceRequests;
  readonly bucketSeconds: number;
}

function runOnce(
  input: RunInput,
  serve: ServeInput & { readonly steps: StepsInput },
  attempt: Attempt,
  confidence: number,
  poll: () => boolean,
): Done | null {
  const { steps } = serve;
  const requests = drawRequests(serve, input.seed, attempt.requests, attempt.horizonSeconds);
  const lastArrival = requests.arrivalNanoseconds.at(-1) ?? 0;
  const sampleNanoseconds = Math.max(1, Math.ceil(lastArrival / SAMPLES));
  const burst = burstStepsOf(input, serve);
  const loop = {
    requests,
    limits: steps.limits,
    cost: steps.baseCost,
    ...(steps.energy === undefined ? {} : { energy: steps.energy.base }),
    sampleNanoseconds,
    observes: true,
  };
  const run = runSequences(loop, poll, burst);
  if (run === null) return null;
  const drained = Math.max(lastArrival, run.endNanoseconds) / 1e9;
  const endSeconds =
    attempt.ends === 'drain' ? drained : attempt.ends === 'arrivals' ? lastArrival / 1e9 : attempt.horizonSeconds;
  // Slightly wider than needed, so that the end of the run is in the last bucket in spite of rounding.
  const bucketSeconds = (endSeconds > 0 ? endSeconds / BUCKETS : 1) * (1 + 1e-9);
  const times = timesUntil(requests, run, endSeconds);
  const { outputTokens } = requests;
  const burstTokens = run.observed?.burstTokens ?? new Int32Array(outputTokens.length);
  const leftOut = warmupArrivals(input, serve.arrivals);
  const recorders = recordTimes(serve, times, outputTokens, burstTokens, bucketSeconds, leftOut ?? 0);
  const part = measuredPart(
    endSeconds,
    bucketSeconds,
    [{ recorder: recorders.latency }],
    leftOut === null ? input.warmupFraction : null,
    longestPeriodSeconds(input.serves),
  );
  const staySeconds = meanStay(times);
  const forecast = forecastOf(input, serve, run, staySeconds);
  const causes = run.observed?.causes;
  const byCause = causes === undefined ? {} : { causes };
  return {
    judged: { input, serve, recorders, times, outputTokens, part, forecast, staySeconds, confidence, ...byCause },
    run,
    requests,
    bucketSeconds,
  };
}

/**
 * The memory of the queue. The chip works on many requests at the same time, so its load is also that of its slots and blocks: the
 * largest of the three shares. Requests that run together share their steps, so their latencies are similar for as long as a
 * request stays. Both are our assumptions.
 */
function forecastOf(
  input: RunInput,
  serve: ServeInput & { readonly steps: StepsInput },
  run: SequenceRun,
  stay: number,
): Forecast {
  const [plain] = forecastsOf(input);
  if (plain === undefined) throw new Error('simulator bug: no forecast');
  const { limits, baseWork, burstWork } = serve.steps;
  const { running, usedBlocks } = run.samples;
  const load = Math.max(mean(running) / limits.sequences, mean(usedBlocks) / Math.max(1, limits.blocks - 1));
  const factor = plain.memory.load > 0 && load > plain.memory.load ? load / plain.memory.load : 1;
  const scaled = (work: typeof baseWork) => ({ ...work, meanSeconds: work.meanSeconds * factor });
  const busy = { ...serve.steps, baseWork: scaled(baseWork), burstWork: burstWork === null ? null : scaled(burstWork) };
  const [filled] = factor === 1 ? [plain] : forecastsOf({ ...input, serves: [{ ...serve, steps: busy }] });
  const { memory } = filled ?? plain;
  if (memory.meanSeconds === 0) return plain;
  const stayed = { ...memory, meanSeconds: memory.meanSeconds + stay, tailSeconds: memory.tailSeconds + stay };
  return { ...plain, memory: stayed };
}

function mean(values: Int32Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}

/** The mean time from admission to the last token, in seconds. */
function meanStay({ admitted, last }: RequestTimes): number {
  let sum = 0;
  let count = 0;
  for (let r = 0; r < last.length; r++) {
    const seconds = (last[r] as number) - (admitted[r] as number);
    if (Number.isNaN(seconds)) continue;
    sum += seconds;
    count++;
  }
  return count === 0 ? 0 : sum / count;
}
