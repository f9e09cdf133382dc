import {
  acceptedText,
  affectsServe,
  assertNever,
  type Batching,
  type BurstPolicy,
  type Caveat,
  type CaveatCode,
  isAccepted,
  type QueueOrder,
  type RunResult,
  type SloOutcome,
} from '../design/index.ts';

/*
 * No verdict rests on a guess that could change it. The judge decides objectives from what was simulated; this step comes behind it and turns a
 * verdict into `undecided` where a caveat could flip it. Every run passes through it, so that no search, sweep or quick fix can claim `met`
 * on a caveat.
 */

/** What this step reads of a run's input. */
export interface CaveatInput {
  readonly caveats?: readonly Caveat[];
  readonly accepts?: readonly CaveatCode[];
  readonly statedInputs?: readonly string[];
  readonly burst: BurstPolicy;
  readonly canBurst: boolean;
  readonly order: QueueOrder;
  readonly serves: readonly {
    readonly batch: Batching;
    readonly accuracy: { readonly base: number; readonly burst: number | null } | null;
  }[];
}

/** What limits the effect of a caveat on one serve's verdicts. */
export interface EffectBounds {
  /** Seconds that the statistics count. */
  readonly measuredSeconds: number;
  /** The most requests of one batch, of all serves. */
  readonly largestBatch: number;
  /** Whether more work can make no request faster: see `slowsOnly`. */
  readonly moreWorkOnlySlows: boolean;
  /** Every served accuracy that the policy can lead to, however the requests come and whatever they cost. null: not known. */
  readonly accuracy: { readonly low: number; readonly high: number } | null;
}

/**
 * The run with the verdicts that its caveats leave, and all its caveats: those of its input, and those that arose while it ran. Caveats that the
 * file accepts become stated inputs.
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
    const bounds: EffectBounds = {
      measuredSeconds: run.seconds - run.warmupSeconds,
      largestBatch,
      moreWorkOnlySlows: slowsOnly(input),
      accuracy: accuracyRange(input, input.serves[index]?.accuracy ?? null),
    };
    const own = caveats.filter((caveat) => affectsServe(caveat, serve.name));
    return { ...serve, slos: serve.slos.map((outcome) => outcomeUnder(own, outcome, bounds)) };
  });
  return { ...run, serves, caveats };
}

/** An objective's outcome, `undecided` where one of the caveats, or several of one kind together, could flip the verdict. */
export function outcomeUnder(caveats: readonly Caveat[], outcome: SloOutcome, bounds: EffectBounds): SloOutcome {
  const { verdict } = outcome;
  if (verdict === 'undecided') return outcome;
  let missing = 0;
  for (const { effect } of caveats) if (effect.kind === 'more-requests') missing += effect.count;
  const open = caveats.filter(({ effect }) => {
    switch (effect.kind) {
      case 'none':
        return false;
      case 'any':
        return !accuracyIsKnown(outcome, bounds);
      case 'heavier':
        return !accuracyIsKnown(outcome, bounds) && !violatedWhenHeavier(outcome, bounds);
      case 'more-requests':
        return !accuracyIsKnown(outcome, bounds) && !violatedWithMore(outcome, missing, bounds);
      default:
        return assertNever(effect);
    }
  });
  return open.length === 0
    ? outcome
    : { ...outcome, verdict: 'undecided', undecided: 'caveat', open: { verdict, caveats: open } };
}

/** Whether an accuracy keeps its verdict at both ends of what the policy can lead to. Caveats change times and loads, not the accuracy of a mode. */
function accuracyIsKnown({ slo, verdict }: SloOutcome, { accuracy }: EffectBounds): boolean {
  if (slo.metric !== 'accuracy' || accuracy === null) return false;
  return verdict === 'met' ? accuracy.low >= slo.limit : accuracy.high < slo.limit;
}

/**
 * Whether a violated objective stays violated with more work. An accuracy can go either way, because more work changes how often a policy bursts.
 * Overload stays overload under every policy: its bound takes each request in the fastest batch and mode, and more work makes that slower as well.
 */
function violatedWhenHeavier({ slo, verdict, overload }: SloOutcome, { moreWorkOnlySlows }: EffectBounds): boolean {
  if (verdict !== 'violated' || slo.metric === 'accuracy') return false;
  return moreWorkOnlySlows || overload !== undefined;
}

/**
 * Whether more work can only slow requests down. A policy that reads the queue can answer more work with an earlier burst, and then requests are
 * faster than they were. With `sjf` a heavier network goes behind the others, which are then faster.
 */
function slowsOnly({ burst, canBurst, order, serves }: CaveatInput): boolean {
  const oneMode = !canBurst || burst.kind === 'never' || burst.kind === 'always';
  return oneMode && (order !== 'sjf' || serves.length === 1);
}

/**
 * Whether a violated objective stays violated when `missing` requests join the run. They count as on time themselves. More load can also help:
 * a batch fills earlier, or the chip bursts. That each missing request saves at most as many late requests as the largest batch holds is our
 * assumption: both effects reach the batch that the request joins or hastens, and those behind it have a request more before them.
 */
function violatedWithMore(outcome: SloOutcome, missing: number, bounds: EffectBounds): boolean {
  const { slo, verdict, measured, earlyStopping } = outcome;
  if (verdict !== 'violated') return false;
  const { largestBatch, measuredSeconds } = bounds;
  const saved = missing * largestBatch;
  switch (slo.metric) {
    case 'latency': {
      // Of a mean or a maximum we know no count that would bound it.
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
