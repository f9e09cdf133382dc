import {
  addCaveats,
  type CandidateDesign,
  type Caveat,
  chipKinds,
  type ExplorationConstraint,
  type ExplorationGoal,
  type ExplorationMeasure,
  exploredVerdicts,
  fits,
  memoryShortageText,
  type RowDetails,
  runVerdict,
  type Scenario,
} from '../../design/index.ts';
import { memoryDemand } from '../hardware/index.ts';
import { type KeepTables, runInputOf, type TableCache } from '../run-input.ts';
import { simulateRun } from '../serving/index.ts';
import { ChipTables } from './chip-tables.ts';
import { coarseCapacity } from './coarse-capacity.ts';
import { excludedBefore, exclusionOf, isKnownBefore } from './constraints.ts';
import { type KeptRun, KeptRuns } from './kept-runs.ts';
import { measuredOf } from './measured.ts';
import { type DetailOptions, type MeasuredDetails, measuredDetails, untriedDetails } from './row-details.ts';
import { noNotes, notesOf, type RowNotes } from './row-notes.ts';

/** A design of an exploration with its number. */
export interface NumberedDesign {
  readonly design: number;
  readonly candidate: CandidateDesign;
}

/** The results of some designs, one row for each design. An ExplorationResult consists of such parts. */
export interface ExploredDesigns {
  readonly designs: Uint32Array;
  /** One column for each goal. */
  readonly measures: readonly Float64Array[];
  /** Index into `exploredVerdicts`. */
  readonly verdicts: Uint8Array;
  readonly problems: readonly { readonly design: number; readonly message: string }[];
  /** The caveats of the runs, each once. */
  readonly caveats: readonly Caveat[];
  /** The stated inputs of the file, including the caveats that it accepts, each once. */
  readonly statedInputs: readonly string[];
  /** The caveats and stated inputs of each row. Absent: the rows come from a file, which lists them for all rows. */
  readonly notes?: readonly RowNotes[];
  /** What results files have in addition, for each row. Only if `ExploreOptions.details` requests it. */
  readonly details?: readonly RowDetails[];
}

export interface ExploreOptions {
  /** Reuses the tables of chips of earlier calls. */
  readonly keep?: KeepTables;
  /** Reuses the runs of earlier calls. */
  readonly runs?: KeptRuns;
  /** Limits of measures. A design beyond one is `unbuilt`. Default: none. */
  readonly constraints?: readonly ExplorationConstraint[];
  readonly details?: DetailOptions;
  readonly isCancelled?: () => boolean;
  /** Called with the number of tried designs. It includes a fraction for the current design. */
  readonly onProgress?: (tried: number) => void;
}

/**
 * Tries designs one after the other. Each design is a normal run of its scenario, so its row equals the result of that run. All
 * designs use the same random numbers. It computes only the measures of the goals. undefined: the exploration was cancelled.
 */
export function exploreDesigns(
  goals: readonly ExplorationGoal[],
  designs: readonly NumberedDesign[],
  options: ExploreOptions = {},
): ExploredDesigns | undefined {
  const { constraints = [] } = options;
  const keep = options.keep ?? new ChipTables().keep;
  const runs = options.runs ?? new KeptRuns();
  const numbers = Uint32Array.from(designs, ({ design }) => design);
  const measures = goals.map(() => new Float64Array(designs.length).fill(Number.NaN));
  const verdicts = new Uint8Array(designs.length).fill(exploredVerdicts.indexOf('unbuilt'));
  const problems: { readonly design: number; readonly message: string }[] = [];
  const caveats: Caveat[] = [];
  const stated = new Set<string>();
  const notes = designs.map(() => noNotes);
  const details: RowDetails[] = [];
  for (const [row, { design, candidate }] of designs.entries()) {
    if (options.isCancelled?.() === true) return undefined;
    const kept = candidate.kind === 'scenario' ? keep(candidate.scenario) : undefined;
    const problem =
      kept === undefined
        ? problemOf(candidate)
        : (shortageOf(kept.scenario) ?? excludedBefore(constraints, kept.scenario));
    const { details: wanted } = options;
    const untried = wanted === undefined ? undefined : untriedDetails(goals, wanted, candidate);
    if (untried !== undefined) details.push(untried);
    if (problem !== undefined) problems.push({ design, message: problem });
    else if (kept !== undefined) {
      const tried = tryDesign(goals, kept.scenario, kept.cache, {
        ...options,
        keep,
        runs,
        onProgress: (share) => options.onProgress?.(row + share),
      });
      if (tried === undefined) return undefined;
      if (typeof tried === 'string') {
        problems.push({ design, message: tried });
        options.onProgress?.(row + 1);
        continue;
      }
      verdicts[row] = tried.verdict;
      if (untried !== undefined) details[row] = { ...untried, ...tried.details };
      addCaveats(caveats, tried.caveats);
      for (const text of tried.statedInputs) stated.add(text);
      notes[row] = notesOf(tried, 0);
      for (const [goal, column] of measures.entries()) column[row] = tried.measures[goal] ?? Number.NaN;
    }
    options.onProgress?.(row + 1);
  }
  const result = { designs: numbers, measures, verdicts, problems, caveats, statedInputs: [...stated], notes };
  return options.details === undefined ? result : { ...result, details };
}

/** The reason why the values of a combination contradict each other. */
function problemOf(candidate: CandidateDesign): string | undefined {
  return candidate.kind === 'problem' ? candidate.message : undefined;
}

/** The reason why the networks of a design do not fit into the memory of one of its chips. */
function shortageOf(scenario: Scenario): string | undefined {
  for (const { npu } of chipKinds(scenario)) {
    const demand = memoryDemand({ ...scenario, npu });
    if (!fits(demand)) return memoryShortageText(npu, scenario.name, demand);
  }
  return undefined;
}

interface TriedDesign {
  readonly verdict: number;
  readonly measures: readonly number[];
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
  readonly details?: MeasuredDetails;
}

function tryDesign(
  goals: readonly ExplorationGoal[],
  scenario: Scenario,
  cache: TableCache,
  options: ExploreOptions & { readonly runs: KeptRuns },
): TriedDesign | string | undefined {
  const { constraints = [], details: wanted, isCancelled, onProgress } = options;
  const cancelling = isCancelled === undefined ? {} : { isCancelled };
  const limits = constraints.filter(({ measure }) => !isKnownBefore(measure));
  const named = [...limits, ...goals].map(({ measure }) => measure);
  // If only the verdict is needed, the run can end at the first violation.
  const endsAtViolation = [...limits, ...goals].every(({ measure }) => measure === 'capacity');
  const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache, options.keep);
  // The search for a capacity needs several more runs, which do not report their progress.
  const ownShare = named.includes('capacity') ? 0.2 : 1;
  const report = (fraction: number): void => onProgress?.(fraction * ownShare);
  const intervals = wanted !== undefined;
  const key = options.runs.keyOf(input, `${endsAtViolation} ${intervals}`);
  const kept = options.runs.get(key);
  const run =
    kept?.run ??
    simulateRun(input, { ...cancelling, endsAtViolation, measuresOnly: true, intervals, onProgress: report });
  if (run === undefined) return undefined;
  const known: KeptRun = kept ?? { run };
  if (kept === undefined) options.runs.set(key, known);
  const caveats = [...run.caveats];
  let capacityRps: number | undefined;
  let violatedRps = Number.NaN;
  /** undefined: the exploration was cancelled. */
  const valueFor = (measure: ExplorationMeasure): number | undefined => {
    if (measure !== 'capacity') return measuredOf(measure, run, scenario);
    if (capacityRps !== undefined) return capacityRps;
    known.capacity ??= coarseCapacity(scenario, input, isCancelled);
    const found = known.capacity;
    if (found !== undefined) addCaveats(caveats, found.caveats);
    capacityRps = found?.rps;
    violatedRps = found?.violatedRps ?? Number.NaN;
    return capacityRps;
  };
  // The capacity is last: a design that another limit excludes needs no search.
  for (const constraint of limits.toSorted((a, b) => costOf(a.measure) - costOf(b.measure))) {
    const value = valueFor(constraint.measure);
    if (value === undefined) return undefined;
    const problem = exclusionOf(constraint, value, scenario);
    if (problem !== undefined) return problem;
  }
  const measures: number[] = [];
  for (const { measure } of goals) {
    const value = valueFor(measure);
    if (value === undefined) return undefined;
    measures.push(value);
  }
  const verdict = exploredVerdicts.indexOf(runVerdict(run));
  const tried = { verdict, measures, caveats, statedInputs: run.statedInputs ?? [] };
  if (wanted === undefined) return tried;
  const isCut = endsAtViolation && scenario.duration.kind === 'auto' && runVerdict(run) === 'violated';
  const of = { run, scenario, caveats, isCut };
  const capacityRange = { low: capacityRps ?? Number.NaN, high: violatedRps };
  return {
    ...tried,
    details: measuredDetails({ goals, further: wanted.further, values: measures, capacityRange }, of),
  };
}

function costOf(measure: ExplorationMeasure): number {
  return measure === 'capacity' ? 1 : 0;
}
