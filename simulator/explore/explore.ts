import {
  addCaveats,
  type CandidateDesign,
  type Caveat,
  type ExplorationGoal,
  type ExplorationMeasure,
  exploredVerdicts,
  fits,
  memoryShortageText,
  type RunResult,
  runVerdict,
  type Scenario,
} from '../../design/index.ts';
import { memoryDemand } from '../hardware/index.ts';
import { type KeepTables, runInputOf } from '../run-input.ts';
import { simulateRun } from '../serving/index.ts';
import { ChipTables } from './chip-tables.ts';
import { coarseCapacity } from './coarse-capacity.ts';

/** A design of an exploration, by its place in it. */
export interface NumberedDesign {
  readonly design: number;
  readonly candidate: CandidateDesign;
}

/** What was found out of some designs, row by row: what an ExplorationResult is made of. */
export interface ExploredDesigns {
  readonly designs: Uint32Array;
  /** Per goal. */
  readonly measures: readonly Float64Array[];
  /** Index into `exploredVerdicts`. */
  readonly verdicts: Uint8Array;
  readonly problems: readonly { readonly design: number; readonly message: string }[];
  /** What the runs rest on, each caveat once. */
  readonly caveats: readonly Caveat[];
  /** What the file states where the program would otherwise guess, and the caveats that it accepts, each once. */
  readonly statedInputs: readonly string[];
}

export interface ExploreOptions {
  /** Of the chips that were priced before, so that it is done once, however the designs are dealt out. */
  readonly keep?: KeepTables;
  readonly isCancelled?: () => boolean;
  /** How many of the designs are tried; a share of the one that is under way counts. */
  readonly onProgress?: (tried: number) => void;
}

/**
 * Tries designs one by one: each runs its scenario as a run of its own would, so that its row is what that run says, and all meet the same
 * random numbers. Only what the goals ask for is worked out. undefined where it was cancelled.
 */
export function exploreDesigns(
  goals: readonly ExplorationGoal[],
  designs: readonly NumberedDesign[],
  options: ExploreOptions = {},
): ExploredDesigns | undefined {
  const keep = options.keep ?? new ChipTables().keep;
  const numbers = Uint32Array.from(designs, ({ design }) => design);
  const measures = goals.map(() => new Float64Array(designs.length).fill(Number.NaN));
  const verdicts = new Uint8Array(designs.length).fill(exploredVerdicts.indexOf('unbuilt'));
  const problems: { readonly design: number; readonly message: string }[] = [];
  const caveats: Caveat[] = [];
  const stated = new Set<string>();
  for (const [row, { design, candidate }] of designs.entries()) {
    if (options.isCancelled?.() === true) return undefined;
    const problem = problemOf(candidate);
    if (problem !== undefined) problems.push({ design, message: problem });
    else if (candidate.kind === 'scenario') {
      const tried = tryDesign(goals, candidate.scenario, keep, {
        ...options,
        onProgress: (share) => options.onProgress?.(row + share),
      });
      if (tried === undefined) return undefined;
      verdicts[row] = tried.verdict;
      addCaveats(caveats, tried.caveats);
      for (const text of tried.statedInputs) stated.add(text);
      for (const [goal, column] of measures.entries()) column[row] = tried.measures[goal] ?? Number.NaN;
    }
    options.onProgress?.(row + 1);
  }
  return { designs: numbers, measures, verdicts, problems, caveats, statedInputs: [...stated] };
}

/** Why a combination makes no design: its values contradict each other, or its chip cannot hold what it serves. */
function problemOf(candidate: CandidateDesign): string | undefined {
  if (candidate.kind === 'problem') return candidate.message;
  const { npu, name } = candidate.scenario;
  const demand = memoryDemand(candidate.scenario);
  return fits(demand) ? undefined : memoryShortageText(npu, name, demand);
}

interface TriedDesign {
  readonly verdict: number;
  readonly measures: readonly number[];
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

function tryDesign(
  goals: readonly ExplorationGoal[],
  written: Scenario,
  keep: KeepTables,
  { isCancelled, onProgress }: ExploreOptions,
): TriedDesign | undefined {
  const { scenario, cache } = keep(written);
  const cancelling = isCancelled === undefined ? {} : { isCancelled };
  // Who asks for the verdict alone need not wait for the figures.
  const endsAtViolation = goals.every(({ measure }) => measure === 'capacity');
  const input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, cache);
  // A search for a capacity is several runs more, which report nothing.
  const ownShare = goals.some(({ measure }) => measure === 'capacity') ? 0.2 : 1;
  const report = (fraction: number): void => onProgress?.(fraction * ownShare);
  const run = simulateRun(input, { ...cancelling, endsAtViolation, onProgress: report });
  if (run === undefined) return undefined;
  const measures: number[] = [];
  const caveats = [...run.caveats];
  for (const { measure } of goals) {
    if (measure !== 'capacity') {
      measures.push(measured(measure, run));
      continue;
    }
    const found = coarseCapacity(scenario, cache, isCancelled);
    if (found === undefined) return undefined;
    addCaveats(caveats, found.caveats);
    measures.push(found.rps);
  }
  const verdict = exploredVerdicts.indexOf(runVerdict(run));
  return { verdict, measures, caveats, statedInputs: run.statedInputs ?? [] };
}

function measured(measure: Exclude<ExplorationMeasure, 'capacity'>, { serves, averageWatts }: RunResult): number {
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
  }
}

/** Joules of all requests over their number; of one serve its own figure, to the last digit. */
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
