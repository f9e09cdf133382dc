import {
  addCaveats,
  areaGap,
  type CandidateDesign,
  type Caveat,
  chipArea,
  type ExplorationConstraint,
  type ExplorationGoal,
  type ExplorationMeasure,
  exclusionText,
  exploredVerdicts,
  fits,
  memoryShortageText,
  type RunResult,
  runVerdict,
  type Scenario,
} from '../../design/index.ts';
import { memoryDemand } from '../hardware/index.ts';
import { type KeepTables, runInputOf, type TableCache } from '../run-input.ts';
import { simulateRun } from '../serving/index.ts';
import { ChipTables } from './chip-tables.ts';
import { coarseCapacity } from './coarse-capacity.ts';

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
}

export interface ExploreOptions {
  /** Reuses the tables of chips of earlier calls. */
  readonly keep?: KeepTables;
  /** Upper limits of designs. A design above one is `unbuilt`. Default: none. */
  readonly constraints?: readonly ExplorationConstraint[];
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
  const numbers = Uint32Array.from(designs, ({ design }) => design);
  const measures = goals.map(() => new Float64Array(designs.length).fill(Number.NaN));
  const verdicts = new Uint8Array(designs.length).fill(exploredVerdicts.indexOf('unbuilt'));
  const problems: { readonly design: number; readonly message: string }[] = [];
  const caveats: Caveat[] = [];
  const stated = new Set<string>();
  for (const [row, { design, candidate }] of designs.entries()) {
    if (options.isCancelled?.() === true) return undefined;
    const kept = candidate.kind === 'scenario' ? keep(candidate.scenario) : undefined;
    const problem =
      kept === undefined
        ? problemOf(candidate)
        : (shortageOf(kept.scenario) ?? excludedBefore(constraints, kept.scenario));
    if (problem !== undefined) problems.push({ design, message: problem });
    else if (kept !== undefined) {
      const tried = tryDesign(goals, kept.scenario, kept.cache, {
        ...options,
        onProgress: (share) => options.onProgress?.(row + share),
      });
      if (tried === undefined) return undefined;
      if (typeof tried === 'string') {
        problems.push({ design, message: tried });
        options.onProgress?.(row + 1);
        continue;
      }
      verdicts[row] = tried.verdict;
      addCaveats(caveats, tried.caveats);
      for (const text of tried.statedInputs) stated.add(text);
      for (const [goal, column] of measures.entries()) column[row] = tried.measures[goal] ?? Number.NaN;
    }
    options.onProgress?.(row + 1);
  }
  return { designs: numbers, measures, verdicts, problems, caveats, statedInputs: [...stated] };
}

/** The reason why the values of a combination contradict each other. */
function problemOf(candidate: CandidateDesign): string | undefined {
  return candidate.kind === 'problem' ? candidate.message : undefined;
}

/** The reason why the networks of a design do not fit into its memory. */
function shortageOf(scenario: Scenario): string | undefined {
  const demand = memoryDemand(scenario);
  return fits(demand) ? undefined : memoryShortageText(scenario.npu, scenario.name, demand);
}

/** The constraint that excludes a design without a run of it. */
function excludedBefore(constraints: readonly ExplorationConstraint[], scenario: Scenario): string | undefined {
  for (const constraint of constraints) {
    if (constraint.measure === 'power') continue;
    const value = constraint.measure === 'area' ? areaOf(scenario) : scenario.chips;
    if (Number.isNaN(value)) {
      return `The area of npu '${scenario.npu.name}' is not known, so '${constraint.text}' cannot be checked: there is no figure for ${areaGap(scenario.npu)}.`;
    }
    if (value > constraint.limit) return exclusionText(constraint);
  }
  return undefined;
}

/** Square metres of all chips. NaN without a figure for each part. */
function areaOf({ npu, chips }: Scenario): number {
  return (chipArea(npu)?.squareMetres ?? Number.NaN) * chips;
}

interface TriedDesign {
  readonly verdict: number;
  readonly measures: readonly number[];
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

function tryDesign(
  goals: readonly ExplorationGoal[],
  scenario: Scenario,
  cache: TableCache,
  { constraints = [], isCancelled, onProgress }: ExploreOptions,
): TriedDesign | string | undefined {
  const cancelling = isCancelled === undefined ? {} : { isCancelled };
  // If only the verdict is needed, the run can end at the first violation.
  const powerLimit = constraints.find(({ measure }) => measure === 'power');
  const endsAtViolation = powerLimit === undefined && goals.every(({ measure }) => measure === 'capacity');
  const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache);
  // The search for a capacity needs several more runs, which do not report their progress.
  const ownShare = goals.some(({ measure }) => measure === 'capacity') ? 0.2 : 1;
  const report = (fraction: number): void => onProgress?.(fraction * ownShare);
  const run = simulateRun(input, { ...cancelling, endsAtViolation, measuresOnly: true, onProgress: report });
  if (run === undefined) return undefined;
  if (powerLimit !== undefined) {
    if (run.averageWatts === null)
      return `The power of npu '${scenario.npu.name}' is not known, so '${powerLimit.text}' cannot be checked.`;
    if (run.averageWatts > powerLimit.limit) return exclusionText(powerLimit);
  }
  const measures: number[] = [];
  const caveats = [...run.caveats];
  for (const { measure } of goals) {
    if (measure !== 'capacity') {
      measures.push(measured(measure, run, scenario));
      continue;
    }
    const found = coarseCapacity(scenario, input, isCancelled);
    if (found === undefined) return undefined;
    addCaveats(caveats, found.caveats);
    measures.push(found.rps);
  }
  const verdict = exploredVerdicts.indexOf(runVerdict(run));
  return { verdict, measures, caveats, statedInputs: run.statedInputs ?? [] };
}

function measured(
  measure: Exclude<ExplorationMeasure, 'capacity'>,
  { serves, averageWatts }: RunResult,
  scenario: Scenario,
): number {
  switch (measure) {
    case 'latency':
      return serves.reduce((most, { latency }) => Math.max(most, latency.p99), Number.NEGATIVE_INFINITY);
    case 'throughput':
      return serves.reduce((sum, { completedRps }) => sum + completedRps, 0);
    case 'goodput':
      return serves.reduce((sum, { goodputRps }) => sum + goodputRps, 0);
    case 'accuracy': {
      const stated = serves.flatMap(({ accuracy }) => (accuracy === null ? [] : [accuracy]));
      return stated.length === 0 ? Number.NaN : Math.min(...stated);
    }
    case 'energy':
      return energyPerRequest(serves);
    case 'power':
      return averageWatts ?? Number.NaN;
    case 'area':
      return areaOf(scenario);
    case 'chips':
      return scenario.chips;
  }
}

/** The mean energy of all requests. With one serve, it is exactly the value of this serve. */
function energyPerRequest(serves: RunResult['serves']): number {
  const served = serves.filter(({ counts }) => counts.completed > 0);
  const [first, ...others] = served.map(({ energyJoulesPerRequest }) => energyJoulesPerRequest ?? Number.NaN);
  if (first === undefined || others.length === 0) return first ?? Number.NaN;
  let joules = 0;
  let requests = 0;
  for (const { energyJoulesPerRequest, counts } of served) {
    joules += (energyJoulesPerRequest ?? Number.NaN) * counts.completed;
    requests += counts.completed;
  }
  return joules / requests;
}
