import {
  acceptedText,
  affectsServe,
  assertNever,
  type Caveat,
  type CaveatCode,
  isAccepted,
  type RunResult,
  type SloOutcome,
  staysInOneMode,
} from '../design/index.ts';
import { type LatencyRangeInput, leastLatencySeconds, mostLatencySeconds } from './latency-range.ts';

/*
 * No verdict depends on a guess that could change it. The functions in serving/judge/ compute verdicts from the simulation.
 * This step comes after them. If a caveat could change a verdict, it makes the verdict `undecided`. Every run passes through
 * this step, so no search, sweep or quick fix can report `met` in spite of a caveat.
 */

/** The part of the input of a run that this step reads. */
export interface CaveatInput extends LatencyRangeInput {
  readonly caveats?: readonly Caveat[];
  readonly accepts?: readonly CaveatCode[];
  readonly statedInputs?: readonly string[];
  readonly serves: readonly (LatencyRangeInput['serves'][number] & {
    readonly accuracy: { readonly base: number; readonly burst: number | null } | null;
  })[];
}

/** Limits of the effect that a caveat can have on the verdicts of one serve. */
export interface EffectBounds {
  /** The measured time of the run in seconds, without the warm-up. */
  readonly measuredSeconds: number;
  /** The largest batch size of all serves. */
  readonly largestBatch: number;
  /** Whether more work cannot make any request faster, see `slowsOnly`. */
  readonly moreWorkOnlySlows: boolean;
  /**
   * The lowest and the highest served accuracy that the policy can cause with any traffic and any cost. null: unknown.
   */
  readonly accuracy: { readonly low: number; readonly high: number } | null;
  /** The lowest and the highest latency in seconds that any request can have if requests are added to the run. Absent: unknown. */
  readonly latency?: { readonly low: number; readonly high: number };
}

/**
 * The run with all of its caveats, and with the verdicts that these caveats allow. The caveats come from the input and from the
 * run itself. Caveats that the file accepts become stated inputs.
 */
export function withCaveats(ran: RunResult, input: CaveatInput): RunResult {
  const all = [...(input.caveats ?? []), ...ran.caveats];
  const caveats = all.filter((caveat) => !isAccepted(input.accepts, caveat));
  const accepted = all.filter((caveat) => isAccepted(input.accepts, caveat)).map(acceptedText);
  const statedInputs = [...(input.statedInputs ?? []), ...accepted];
  const run: RunResult = statedInputs.length === 0 ? ran : { ...ran, statedInputs };
  if (caveats.length === 0) return run.caveats.length === 0 ? run : { ...run, caveats };
  const largestBatch = Math.max(...input.serves.map(({ batch }) => batch.maxSize));
  const serves = run.serves.map((serve, index) => {
    const timed = input.serves[index];
    const missing = missingRequests(caveats);
    const bounds: EffectBounds = {
      measuredSeconds: run.seconds - run.warmupSeconds,
      largestBatch,
      moreWorkOnlySlows: slowsOnly(input),
      accuracy: accuracyRange(input, timed?.accuracy ?? null),
      ...(timed === undefined || missing === 0
        ? {}
        : { latency: { low: leastLatencySeconds(input, timed), high: mostLatencySeconds(input, missing) } }),
    };
    const own = caveats.filter((caveat) => affectsServe(caveat, serve.name));
    return { ...serve, slos: serve.slos.map((outcome) => outcomeUnder(own, outcome, bounds)) };
  });
  return { ...run, serves, caveats };
}

/**
 * The outcome of an objective. It is `undecided` if a caveat, or several caveats of one kind together, could change the
 * verdict.
 */
export function outcomeUnder(caveats: readonly Caveat[], outcome: SloOutcome, bounds: EffectBounds): SloOutcome {
  const { verdict } = outcome;
  if (verdict === 'undecided') return outcome;
  const missing = missingRequests(caveats);
  const open = caveats.filter(({ effect }) => {
    switch (effect.kind) {
      case 'none':
        return false;
      case 'any':
        return !accuracyIsKnown(outcome, bounds);
      case 'heavier':
        return !accuracyIsKnown(outcome, bounds) && !violatedWhenHeavier(outcome, bounds);
      case 'more-requests':
        return !(
          accuracyIsKnown(outcome, bounds) ||
          latencyIsKnown(outcome, bounds) ||
          violatedWithMore(outcome, missing, bounds)
        );
      default:
        return assertNever(effect);
    }
  });
  return open.length === 0
    ? outcome
    : { ...outcome, verdict: 'undecided', undecided: 'caveat', open: { verdict, caveats: open } };
}

/**
 * Whether an accuracy has the same verdict at the lowest and the highest accuracy that the policy can cause. Caveats change
 * times and loads, but not the accuracy of a mode.
 */
function accuracyIsKnown({ slo, verdict }: SloOutcome, { accuracy }: EffectBounds): boolean {
  if (slo.metric !== 'accuracy' || accuracy === null) return false;
  return verdict === 'met' ? accuracy.low >= slo.limit : accuracy.high < slo.limit;
}

function missingRequests(caveats: readonly Caveat[]): number {
  let missing = 0;
  for (const { effect } of caveats) if (effect.kind === 'more-requests') missing += effect.count;
  return missing;
}

/** Whether a limit on the latency has the same verdict even if every request has the lowest or the highest latency that is possible. */
function latencyIsKnown({ slo, verdict }: SloOutcome, { latency }: EffectBounds): boolean {
  if (slo.metric !== 'latency' || slo.of !== undefined || latency === undefined) return false;
  return verdict === 'met' ? latency.high <= slo.limitSeconds : latency.low > slo.limitSeconds;
}

/**
 * Whether a violated objective stays violated with more work. An accuracy can become better or worse, because more work changes
 * how often a policy uses burst mode. Overload stays overload with every policy: its bound assumes the fastest batch size and
 * mode for each request, and more work makes these slower too.
 */
function violatedWhenHeavier({ slo, verdict, overload }: SloOutcome, { moreWorkOnlySlows }: EffectBounds): boolean {
  if (verdict !== 'violated' || slo.metric === 'accuracy') return false;
  return moreWorkOnlySlows || overload !== undefined;
}

/**
 * Whether more work can only make requests slower. A policy that reads the queue can react to more work with an earlier switch
 * to burst mode, and then requests become faster. With several kinds of chip, a request can reach a faster chip. With `sjf`, a slower network runs after the others, so the others become
 * faster.
 */
function slowsOnly(input: CaveatInput): boolean {
  const { order, serves, kinds } = input;
  if (kinds !== undefined || !staysInOneMode(input)) return false;
  return order !== 'sjf' || serves.length === 1;
}

/**
 * Whether a violated objective stays violated if `missing` requests are added to the run. The missing requests themselves count
 * as on time. More load can also help other requests: a batch fills earlier, or the chip uses burst mode. Our assumption is that
 * each missing request makes at most one batch of late requests punctual. Both effects reach only the batch that the request
 * joins or accelerates, and later batches have one more request before them.
 */
function violatedWithMore(outcome: SloOutcome, missing: number, bounds: EffectBounds): boolean {
  const { slo, verdict, measured, earlyStopping } = outcome;
  if (verdict !== 'violated') return false;
  const { largestBatch, measuredSeconds } = bounds;
  const saved = missing * largestBatch;
  switch (slo.metric) {
    case 'latency': {
      // For a mean or a maximum, no number of requests bounds the effect.
      if (slo.statistic.kind !== 'percentile' || earlyStopping === undefined) return false;
      const late = earlyStopping.late - saved;
      return late > (1 - slo.statistic.fraction) * (earlyStopping.requests + missing);
    }
    case 'throughput':
      return measured.value + missing / measuredSeconds < slo.limitPerSecond;
    case 'goodput':
      return measured.value + (missing + saved) / measuredSeconds < slo.limitPerSecond;
    case 'accuracy':
      return false;
    default:
      return assertNever(slo);
  }
}

function accuracyRange(
  { burst, canBurst }: CaveatInput,
  accuracy: CaveatInput['serves'][number]['accuracy'],
): EffectBounds['accuracy'] {
  if (accuracy === null) return null;
  const { base } = accuracy;
  if (!canBurst || burst.kind === 'never') return { low: base, high: base };
  if (accuracy.burst === null) return null;
  return { low: Math.min(base, accuracy.burst), high: Math.max(base, accuracy.burst) };
}
