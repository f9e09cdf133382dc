import type {
  Arrivals,
  Batching,
  BurstPolicy,
  Caveat,
  CaveatCode,
  ChipArea,
  Duration,
  MemoryNames,
  Origin,
  QueueOrder,
  Scheduler,
  SequenceServing,
  Slo,
  TokenTime,
  WeightCopies,
} from '../../design/index.ts';
import type { SequenceLimits, StepCost } from '../sequences/index.ts';
import type { ResidencyPlan, ServiceTable } from '../service-table.ts';
import type { ChipKind } from './kinds.ts';
import type { BlockSource } from './traffic/block-source.ts';
import type { RandomStream } from './traffic/random.ts';

/** Accuracy of a model by mode, as a fraction of 1. */
export interface AccuracyByMode {
  readonly metric: string;
  readonly base: number;
  /** null: the accuracy in burst mode is unknown. A run that uses burst mode then reports no served accuracy. */
  readonly burst: number | null;
}

/** The time that a request of a language model occupies a chip at least, in seconds: mean, and E[S^2] / E[S]^2. */
export interface RequestWork {
  readonly meanSeconds: number;
  readonly relativeSquare: number;
}

/** What a serve of a language model has instead of tables of batches. */
export interface StepsInput {
  readonly tokens: Pick<SequenceServing, 'inputTokens' | 'outputTokens' | 'sharedTokens'>;
  /** Whether requests share the blocks that the hashes of their trace identify. Absent: no. */
  readonly usesHashes?: boolean;
  /** With the blocks of the KV cache, and one of them as the null block. */
  readonly limits: SequenceLimits;
  readonly baseCost: StepCost;
  /** null: the chip has no burst mode. */
  readonly burstCost: StepCost | null;
  /** The dynamic energy of a step: `picoseconds` are picojoules. Absent: not known. */
  readonly energy?: { readonly base: StepCost; readonly burst?: StepCost };
  /** The chips that work on each step together. Absent: one. */
  readonly chips?: number;
  /** What has no figure, if that is why the energy is not known. */
  readonly noEnergyOf?: 'link' | 'attention unit';
  readonly baseWork: RequestWork;
  readonly burstWork: RequestWork | null;
}

/** The traffic of one network, and what the hardware model computed for it. */
export interface ServeInput {
  readonly name: string;
  readonly modelName: string;
  readonly origin: Origin;
  readonly arrivals: Arrivals;
  readonly batch: Batching;
  readonly priority: number;
  readonly slos: readonly Slo[];
  readonly accuracy: AccuracyByMode | null;
  /** Index of the network in the residency plan. Serves of the same network share its weights. */
  readonly model: number;
  /** tables[b - 1] contains the times and energies of a batch of b requests, up to the largest batch. */
  readonly tables: readonly ServiceTable[];
  /** Present for a language model: its steps. `tables` is then empty. */
  readonly steps?: StepsInput;
  /** Layers of the network, for the timeline of a language model. */
  readonly layerCount?: number;
  /**
   * The cost of a preemption before layer i, for each request of the batch: seconds to write the activations that later
   * layers need. Reading them back takes the same time. Absent: preemption costs nothing.
   */
  readonly borderSeconds?: Float64Array;
  /** Multiplies the service time of each batch. Tests use it for service times with a known closed form. Absent: 1. */
  readonly serviceScale?: { readonly mean: number; readonly source: (random: RandomStream) => BlockSource };
}

/** The complete input of one run. It is plain data, so a test can write it by hand. */
export interface RunInput {
  readonly label: string;
  readonly npuName: string;
  /** The names of the memories of the chip. Absent: HBM, and no unified buffer. */
  readonly memories?: MemoryNames;
  readonly schedulerName: string;
  /** The number of all chips. */
  readonly chips: number;
  /**
   * The kinds of chip, two or more. Absent: all chips are of the kind that the other fields describe. With several kinds, `chips` and `canBurst`
   * describe all chips together, and the other fields of a chip belong to the first kind.
   */
  readonly kinds?: readonly ChipKind[];
  readonly order: QueueOrder;
  readonly burst: BurstPolicy;
  readonly switchAt: Scheduler['switchAt'];
  readonly preemption: Scheduler['preemption'];
  /** Whether the chip has a burst mode. Without one, every policy behaves like `never`. */
  readonly canBurst: boolean;
  readonly quantizedSource: WeightCopies;
  readonly switchLatencySeconds: number;
  /** null: the chip has no large scratchpad, so it fetches the weights of each layer at every use. */
  readonly residency: ResidencyPlan | null;
  /** Static power of one chip. null: the chip has no energy figures. */
  readonly staticWatts: number | null;
  /** The area of one chip. Absent if it states none. */
  readonly area?: ChipArea;
  readonly serves: readonly ServeInput[];
  /** Caveats of the networks and traces of the design; see `simulator/caveats.ts`. Absent: none. */
  readonly caveats?: readonly Caveat[];
  /**
   * Codes of the caveats that the file accepts, and its other stated inputs; see `design/stated-inputs.ts`. Absent:
   * none.
   */
  readonly accepts?: readonly CaveatCode[];
  readonly statedInputs?: readonly string[];
  readonly duration: Duration;
  readonly warmupFraction: number;
  readonly confidence: number;
  readonly seed: number;
}

/** Options of one run. All of them are optional. */
export interface RunOptions {
  /** The run calls it regularly, after a few thousand events. If it returns true, the run ends without a result. */
  readonly isCancelled?: () => boolean;
  readonly onProgress?: (fraction: number) => void;
  /**
   * For a search that needs only whether all objectives are met. A run with `duration: auto` then ends as soon as
   * one objective is certainly violated.
   */
  readonly endsAtViolation?: boolean;
  /**
   * For a search over loads: the verdicts ignore the caveats, as if the file accepted all of them. `of-input`: but not the step of a trace's
   * clock, whose effect depends on the load.
   */
  readonly acceptsCaveats?: boolean | 'of-input';
  /**
   * For a sweep or a search over many runs, which draws none of them: the result has no segments, switches, series, slots or distributions, and
   * the totals of its timeline count conversions as burst mode. Its other numbers and its verdicts are the same.
   */
  readonly measuresOnly?: boolean;
  /** Whether the result includes the confidence intervals of all measures (`ServeResult.intervals`). */
  readonly intervals?: boolean;
  /**
   * The window in which the timeline stores one segment for each layer. Absent: the timeline stores merged segments from
   * the start of the run until its budget is used.
   */
  readonly window?: { readonly startSeconds: number; readonly endSeconds: number };
}

/**
 * A request is late if its latency exceeds this limit: the limit of the highest percentile that has one, otherwise the
 * limit of the mean. Infinity if no objective limits the latency. `of`: the same for another time of a language model.
 */
export function deadlineSeconds(slos: readonly Slo[], of?: TokenTime): number {
  let best = -1;
  let limit = Number.POSITIVE_INFINITY;
  for (const slo of slos) {
    if (slo.metric !== 'latency' || slo.of !== of) continue;
    const rank = slo.statistic.kind === 'max' ? 1 : slo.statistic.kind === 'mean' ? 0 : slo.statistic.fraction;
    if (rank > best || (rank === best && slo.limitSeconds < limit)) {
      best = rank;
      limit = slo.limitSeconds;
    }
  }
  return limit;
}
