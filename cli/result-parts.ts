import {
  type Exploration,
  type ExplorationResult,
  emptyDetails,
  exploredVerdicts,
  type Origin,
  type Plan,
  type ResultPart,
  type ResultRow,
  type WrittenPart,
} from '../design/index.ts';
import type { JournalOwner } from '../formats/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';
import { type ExploredFile, verdictAt } from './json/exploration.ts';
import { version } from './version.ts';

const nowhere: Origin = { uri: '', start: 0, end: 0 };

/** The rows of the given designs, as `explore --out` writes them. They are made one by one. */
export function resultPart(result: ExplorationResult, explored: ExploredFile, designs: readonly number[]): WrittenPart {
  const { details } = explored;
  const empty = emptyDetails({ ...result.exploration, further: explored.further });
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  function* rows(): Generator<ResultRow> {
    for (const design of designs)
      yield {
        design,
        verdict: verdictAt(result, design),
        measures: result.measures.map((column) => finite(column[design])),
        problem: problems.get(design) ?? null,
        details: details.get(design) ?? empty,
      };
  }
  return {
    plan: planOf(result, explored),
    shard: explored.shard,
    toolVersion: version,
    caveats: result.caveats,
    statedInputs: result.statedInputs,
    rows: rows(),
  };
}

/** The rows of some designs, as one process computed them. */
export function partOf(explored: ExploredDesigns, owner: JournalOwner): ResultPart {
  const problems = new Map(explored.problems.map(({ design, message }) => [design, message]));
  return {
    ...owner,
    caveats: explored.caveats,
    statedInputs: explored.statedInputs,
    rows: Array.from(explored.designs, (design, row) => ({
      design,
      verdict: exploredVerdicts[explored.verdicts[row] ?? 0] ?? 'unbuilt',
      measures: explored.measures.map((column) => finite(column[row])),
      problem: problems.get(design) ?? null,
      details: explored.details?.[row] ?? emptyDetails(owner.plan),
    })),
  };
}

export function planOf(
  { exploration, asWritten }: Pick<ExplorationResult, 'exploration' | 'asWritten'>,
  { file, npu, hash, further }: Omit<ExploredFile, 'details'>,
): Plan {
  return {
    file,
    exploration: exploration.name,
    scenario: exploration.scenario,
    npu,
    hash,
    axes: exploration.axes.map(({ path, values }) => ({
      path,
      values: values.map(({ text }) => text),
      numbers: values.map(({ value }) => value),
    })),
    goals: exploration.goals.map(({ sense, measure }) => ({ sense, measure })),
    further,
    asWritten: asWritten < 0 ? null : asWritten,
    ...(exploration.search === undefined ? {} : { search: exploration.search }),
  };
}

/** The exploration of a plan, as the simulator uses it. Files do not contain its places in a text. */
export function explorationOf(plan: Plan): Exploration {
  return {
    name: plan.exploration,
    scenario: plan.scenario,
    origin: nowhere,
    axes: plan.axes.map(({ path, values, numbers }) => ({
      path,
      origin: nowhere,
      values: values.map((text, index) => ({ text, value: numbers[index] ?? null })),
    })),
    goals: plan.goals.map(({ sense, measure }) => ({ sense, measure, origin: nowhere })),
    ...(plan.search === undefined ? {} : { search: plan.search }),
  };
}

/** The rows as columns, for `explorationResult`. */
export function exploredDesigns(plan: Plan, { rows, caveats, statedInputs }: ResultPart): ExploredDesigns {
  return {
    designs: Uint32Array.from(rows, ({ design }) => design),
    measures: plan.goals.map((_, goal) => Float64Array.from(rows, ({ measures }) => measures[goal] ?? Number.NaN)),
    verdicts: Uint8Array.from(rows, ({ verdict }) => exploredVerdicts.indexOf(verdict)),
    problems: rows.flatMap(({ design, problem }) => (problem === null ? [] : [{ design, message: problem }])),
    caveats,
    statedInputs,
    details: rows.map(({ details }) => details),
  };
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
