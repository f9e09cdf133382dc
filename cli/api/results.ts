/*
 * The results of the functions in functions.ts. They are the documents of `--format json` (docs/json.md). Keys end in their unit: SI base units, Rps
 * for requests per second, Fraction for a fraction of 1. A number is null if it was not measured, if the design does not provide it, or if it is
 * infinite.
 *
 * The build copies this file into the package as a declaration file, so it contains only types and imports nothing.
 */

/** `undecided`: the run was too short to decide, or a caveat could change the verdict. It never counts as met. */
export type Verdict = 'met' | 'violated' | 'undecided';

/** A place in a file. Lines and columns count from 1, columns in UTF-16 code units; the end is exclusive. Null: the problem has no such place. */
export interface Place {
  readonly file: string | null;
  readonly startLine: number | null;
  readonly startColumn: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** A problem, a warning, or an objective that is not met. */
export interface Diagnostic extends Place {
  /** Only an error prevents a run. */
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  /** Stable across versions, such as `unknown-property` or `slo-violated`. `stimpack explain CODE` explains it. */
  readonly code: string;
  /** For people: what is wrong, what was expected, and what to do. */
  readonly message: string;
  readonly related: readonly RelatedPlace[];
  readonly fixes: readonly Fix[];
}

export interface RelatedPlace extends Place {
  readonly message: string;
}

/** Edits that solve a problem. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly FixEdit[];
}

export interface FixEdit extends Place {
  /** Replaces the text of the place. */
  readonly newText: string;
}

/** Something that was guessed, left out or cut for a result. */
export interface Caveat {
  readonly code: string;
  /** What was guessed, and how to accept or correct it. */
  readonly text: string;
  /** How the true result can differ: in any way, by more work, by more requests, or not in a verdict. */
  readonly effect: 'any' | 'heavier' | 'more-requests' | 'none';
  readonly missingRequests?: number;
  /** The serves whose verdicts it affects; null means all. */
  readonly serves: readonly string[] | null;
}

export interface SimulationResult {
  /** The worst verdict of all scenarios. Null if nothing was simulated: `diagnostics` has the reason. */
  readonly verdict: Verdict | null;
  /** In the order of the file. Empty if nothing was simulated. */
  readonly scenarios: readonly ScenarioRun[];
  readonly diagnostics: readonly Diagnostic[];
}

/** The run of a scenario, and the runs of its `compare` variants. */
export interface ScenarioRun extends Run {
  readonly scenario: string;
  readonly compare: readonly Run[];
}

export interface Run {
  /** The variant. */
  readonly label: string;
  readonly npu: string;
  readonly scheduler: string;
  readonly seed: number;
  readonly durationSeconds: number;
  /** The part of the duration that the statistics exclude. */
  readonly warmupSeconds: number;
  /** The worst verdict of its objectives; `met` if it has none. */
  readonly verdict: Verdict;
  /** Of all chips, without the warm-up. */
  readonly averagePowerWatts: number | null;
  readonly energyJoules: number | null;
  /** Of one chip. */
  readonly area: Area | null;
  readonly powerOverTime: { readonly slotSeconds: number; readonly powerWatts: readonly (number | null)[] } | null;
  /** Switches between base mode and burst mode, of all chips. */
  readonly modeSwitches: number;
  /** The kinds of chip behind the queue, if there are several; otherwise null. `chips` has those of the first kind first. */
  readonly kinds: readonly ChipKind[] | null;
  readonly chips: readonly ChipTime[];
  readonly serves: readonly ServedNetwork[];
  readonly caveats: readonly Caveat[];
  /** Sentences: what the file states where the program would otherwise guess, and the caveats that it accepts. */
  readonly statedInputs: readonly string[];
}

export interface Area {
  /** Null if a part has no figure. */
  readonly chipSquareMeters: number | null;
  readonly knownSquareMeters: number;
  readonly parts: readonly { readonly part: string; readonly squareMeters: number | null }[];
}

/** The chips of one kind, if a scenario has several. */
export interface ChipKind {
  readonly npu: string;
  /** Their number. */
  readonly chips: number;
  /** Of one of them. Null if the chip states no area. */
  readonly area: Area | null;
}

/** How a chip spent the duration of the run. */
export interface ChipTime {
  readonly idleSeconds: number;
  readonly baseSeconds: number;
  readonly burstSeconds: number;
  readonly switchingSeconds: number;
  readonly quantizingSeconds: number;
}

export interface ServedNetwork {
  /** Its label in the scenario. */
  readonly name: string;
  readonly model: string;
  readonly offeredLoadRps: number | null;
  readonly throughputRps: number | null;
  /** Completed requests within the latency limit. */
  readonly goodputRps: number | null;
  readonly arrivedRequests: number;
  readonly completedRequests: number;
  readonly queuedRequests: number;
  readonly runningRequests: number;
  readonly droppedRequests: number;
  /** Completed requests that the statistics exclude. */
  readonly warmupRequests: number;
  /** Latencies are from arrival to completion. */
  readonly meanLatencySeconds: number | null;
  readonly p50LatencySeconds: number | null;
  readonly p90LatencySeconds: number | null;
  readonly p95LatencySeconds: number | null;
  readonly p99LatencySeconds: number | null;
  readonly p999LatencySeconds: number | null;
  readonly maxLatencySeconds: number | null;
  /** The largest relative error of the percentiles. */
  readonly latencyRelativeError: number;
  /** A percentile at or below this value is an upper bound. */
  readonly latencyFloorSeconds: number;
  readonly meanLatencyParts: LatencyParts;
  readonly meanBatchSize: number | null;
  readonly accuracyFraction: number | null;
  readonly accuracyMetric: string | null;
  readonly accuracyOverTime: {
    readonly slotSeconds: number;
    readonly accuracyFraction: readonly (number | null)[];
  } | null;
  /** The share of completed requests that were computed, wholly or partly, in burst mode. */
  readonly burstFraction: number | null;
  readonly energyJoulesPerRequest: number | null;
  /** Only of a language model. Its keys are in docs/json.md. */
  readonly tokens?: { readonly [key: string]: unknown };
  readonly slos: readonly Objective[];
}

/** Means that add up to the mean latency: the waiting times, then the service time by the stage that bounded it. */
export interface LatencyParts {
  readonly queueSeconds: number;
  readonly batchingSeconds: number;
  readonly switchSeconds: number;
  /** Only of a language model: before and after the first token, and the whole by cause. */
  readonly prefillSeconds?: number;
  readonly decodeSeconds?: number;
  readonly causes?: { readonly [cause: `${string}Seconds`]: number };
  readonly computeSeconds: number;
  readonly vectorSeconds: number;
  readonly vmemSeconds: number;
  readonly cmemSeconds: number;
  readonly hbmSeconds: number;
  readonly quantizerSeconds: number;
  readonly dispatchSeconds: number;
}

/** An objective with its limit, its measured value and the confidence interval, in the unit of its metric. */
export interface Objective {
  /** As written in the file. */
  readonly text: string;
  readonly metric: 'latency' | 'ttft' | 'tpot' | 'accuracy' | 'goodput' | 'throughput' | 'tokenThroughput';
  readonly verdict: Verdict;
  /** Why it is undecided: one of the words in docs/json.md, such as `straddles` or `caveat`. */
  readonly undecidedBecause?: string;
  /** A run of fewer simulated seconds cannot decide it. */
  readonly needsSeconds?: number;
  /** The verdict if every caveat is accepted. */
  readonly verdictIfAccepted?: Verdict;
  readonly [limit: `limit${string}`]: number | null;
  readonly [measured: `measured${string}`]: number | null;
  /** Of the confidence interval, a fraction of 1. */
  readonly confidence: number;
  /** `recording`: all traffic comes from traces, so the value is exact. */
  readonly basis: 'recording' | 'sample';
  readonly recording?: { readonly measuredRequests: number; readonly recordedRequests: number };
  /** The distance from the limit as a fraction of it: positive if the limit is missed, negative if it is met. */
  readonly missFraction: number | null;
  /** Of the requests that missed the limit, or of all if none did. Null if the metric is not latency. */
  readonly meanLatencyParts: LatencyParts | null;
  readonly latencyPartsOf?: 'late' | 'all';
  /** The rule of MLPerf LoadGen for a percentile, in addition to the verdict. */
  readonly earlyStopping?: { readonly [key: string]: unknown };
}

export interface CapacityResult {
  /** Empty if nothing was simulated: `diagnostics` has the reason. */
  readonly scenarios: readonly ScenarioCapacity[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface ScenarioCapacity {
  readonly scenario: string;
  readonly npu: string;
  readonly scheduler: string;
  /** The largest load at which every objective was met. Null if there was none. */
  readonly met: TriedLoad | null;
  /** The smallest larger load at which one was violated. Null if none was found. */
  readonly violated: TriedLoad | null;
  /** The objective that is not met at `violated`. */
  readonly limit: { readonly serve: string; readonly slo: string; readonly verdict: Verdict } | null;
  /** Only if more requests arrive at `violated` than the chips can complete. */
  readonly overload?: { readonly [key: string]: unknown };
  /** Loads below `met` that violate an objective. */
  readonly exceptions: readonly TriedLoad[];
  /** All loads that were tried, in ascending order. */
  readonly probes: readonly TriedLoad[];
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

export interface TriedLoad {
  /** The factor on all arrivals as written. */
  readonly factor: number;
  /** Of all networks together. */
  readonly offeredLoadRps: number | null;
  readonly verdict: Verdict;
  /** The number of requests that was simulated. */
  readonly requests: number;
}

export interface ExplorationResult {
  /** Its name. Null if nothing was simulated: `diagnostics` has the reason. */
  readonly exploration: string | null;
  readonly axes: readonly Axis[];
  readonly goals: readonly Goal[];
  /** The measures that each design has in addition to those of the goals. */
  readonly further: readonly FurtherMeasure[];
  /** The number of all designs; `designs` has those that were tried. */
  readonly designCount: number;
  /** The number of the design that equals the scenario as written. Null if there is none. */
  readonly asWritten: number | null;
  readonly designs: readonly ExploredDesign[];
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

export interface Axis {
  readonly path: string;
  /** `value` is in SI base units, and null for a word. */
  readonly values: readonly { readonly text: string; readonly value: number | null }[];
}

export interface FurtherMeasure {
  readonly measure: string;
  /** The key of its value in a design. It ends in the unit. */
  readonly key: string;
}

export interface Goal extends FurtherMeasure {
  readonly sense: 'maximize' | 'minimize';
}

export interface ExploredDesign {
  /** Its number; the last axis varies fastest. */
  readonly design: number;
  /** One value for each axis, as written. */
  readonly values: readonly string[];
  /** `unbuilt`: these values do not make a valid design, and `problem` has the reason. */
  readonly verdict: Verdict | 'unbuilt';
  /** Whether it is on the Pareto front: no other design beats it in every goal. */
  readonly front: boolean;
  /** Codes of the caveats of this design. */
  readonly caveats: readonly string[];
  readonly problem: string | null;
  /** Of its random streams. Null if the values make no valid design. */
  readonly seed: number | null;
  /** Of everything that its run depends on. Null if the values make no valid design. */
  readonly designHash: string | null;
  /**
   * The value of each goal and of each further measure under its key. Its confidence interval has the keys with `Low` and `High` before the unit:
   * `p99LatencyLowSeconds`.
   */
  readonly [
    goal:
      | `${string}Seconds`
      | `${string}Rps`
      | `${string}Second`
      | `${string}Fraction`
      | `${string}Request`
      | `${string}Watts`
      | `${string}Meters`
      | `${string}Count`
  ]: number | null;
}
