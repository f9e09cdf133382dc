import type {
  Arrivals,
  Batching,
  BurstPolicy,
  Caveat,
  CaveatCode,
  Duration,
  Origin,
  QuantizedSource,
  QueueOrder,
  Scheduler,
  Slo,
} from '../../design/index.ts';
import type { ResidencyPlan, ServiceTable } from '../service-table.ts';
import type { BlockSource } from './traffic/arrivals.ts';
import type { RandomStream } from './traffic/random.ts';

/** Accuracy of a model by mode, as a fraction of 1. */
export interface AccuracyByMode {
  readonly metric: string;
  readonly base: number;
  /** null: no figure for burst's precision; then a run that bursts has no served accuracy. */
  readonly burst: number | null;
}

/** One model's traffic, with all that hardware says about it. */
export interface ServeInput {
  readonly name: string;
  readonly modelName: string;
  readonly origin: Origin;
  readonly arrivals: Arrivals;
  readonly batch: Batching;
  readonly priority: number;
  readonly slos: readonly Slo[];
  readonly accuracy: AccuracyByMode | null;
  /** Which row of the residency plan holds its weights: serves of one model share them. */
  readonly model: number;
  /** tables[b - 1] prices batches of b, up to the largest batch. */
  readonly tables: readonly ServiceTable[];
  /**
   * Seconds to write out, and again to read back, one request's activations that live across the border before layer i: what a
   * preemption there costs. Absent: nothing.
   */
  readonly borderSeconds?: Float64Array;
  /** Multiplies each batch's service time: how tests put closed forms' service times in. Absent: 1. */
  readonly serviceScale?: { readonly mean: number; readonly source: (random: RandomStream) => BlockSource };
}

/** What one simulated run needs to know: plain data, so that a test can write it by hand. */
export interface RunInput {
  readonly label: string;
  readonly npuName: string;
  readonly schedulerName: string;
  readonly chips: number;
  readonly order: QueueOrder;
  readonly burst: BurstPolicy;
  readonly switchAt: Scheduler['switchAt'];
  readonly preemption: Scheduler['preemption'];
  /** Whether the chip has a burst mode at all; without one every policy is `never`. */
  readonly canBurst: boolean;
  readonly quantizedSource: QuantizedSource;
  readonly switchLatencySeconds: number;
  /** null: no large scratchpad, every layer's weights are fetched at each use. */
  readonly residency: ResidencyPlan | null;
  /** Of one chip; null without energy figures. */
  readonly staticWatts: number | null;
  readonly serves: readonly ServeInput[];
  /** What the design's models and traces rest on; see `simulator/caveats.ts`. Absent: nothing. */
  readonly caveats?: readonly Caveat[];
  /** Caveats that the file accepts, and what else it states; see `design/stated-inputs.ts`. Absent: nothing. */
  readonly accepts?: readonly CaveatCode[];
  readonly statedInputs?: readonly string[];
  readonly duration: Duration;
  readonly warmupFraction: number;
  readonly confidence: number;
  readonly seed: number;
}

export interface RunOptions {
  /** Asked every some thousand events; true ends the run without a result. */
  readonly isCancelled?: () => boolean;
  readonly onProgress?: (fraction: number) => void;
  /** For a search that asks only whether all objectives are met: a run that ends by itself ends as soon as one is surely violated. */
  readonly endsAtViolation?: boolean;
  /** For a search that looks for a load: verdicts are those of the run itself, as if its caveats were accepted. */
  readonly acceptsCaveats?: boolean;
  /** Seconds whose every segment, layer by layer, the timeline keeps. Absent: the first ones up to the budget, coalesced. */
  readonly window?: { readonly startSeconds: number; readonly endSeconds: number };
}

/** The latency limit that makes a request late: that of the highest percentile that has one, else the mean's; Infinity without. */
export function deadlineSeconds(slos: readonly Slo[]): number {
  let best = -1;
  let limit = Number.POSITIVE_INFINITY;
  for (const slo of slos) {
    if (slo.metric !== 'latency') continue;
    const rank = slo.statistic.kind === 'max' ? 1 : slo.statistic.kind === 'mean' ? 0 : slo.statistic.fraction;
    if (rank > best || (rank === best && slo.limitSeconds < limit)) {
      best = rank;
      limit = slo.limitSeconds;
    }
  }
  return limit;
}
