import {
  type Cell,
  type ExplorationResult,
  exploredVerdicts,
  goalMeasure,
  type Shard,
  writeCsv,
} from '../../design/index.ts';
import { caveatJson } from './caveat.ts';
import type { Json } from './document.ts';

/** The exploration and file to which a result belongs, for its document. */
export interface ExploredFile {
  readonly file: string;
  readonly npu: string;
  readonly hash: string;
  readonly shard: Shard | null;
}

/** The numbers of the designs that were tried, including combinations that are not valid designs. */
export function triedDesigns(result: ExplorationResult): readonly number[] {
  const unbuilt = new Set(result.problems.map(({ design }) => design));
  return Array.from(result.verdicts.keys()).filter(
    (design) => verdictAt(result, design) !== 'unbuilt' || unbuilt.has(design),
  );
}

/** An exploration in the format of `docs/json.md`, for `explore` and `merge`. */
export function explorationJson(
  result: ExplorationResult,
  { file, npu, hash, shard }: ExploredFile,
): { readonly [key: string]: Json } {
  const { exploration } = result;
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  return {
    file,
    exploration: exploration.name,
    scenario: exploration.scenario,
    npu,
    contentHash: hash,
    shard: shard === null ? null : { index: shard.index, count: shard.count },
    axes: exploration.axes.map(({ path, values }) => ({
      path,
      values: values.map(({ text, value }) => ({ text, value })),
    })),
    goals: exploration.goals.map(({ sense, measure }) => ({ sense, measure, key: goalMeasure(measure).key })),
    search: exploration.search === undefined ? null : { ...exploration.search },
    constraints: (exploration.constraints ?? []).map(({ measure, limit, text }) => ({ measure, limit, text })),
    designCount: result.count,
    triedCount: result.tried,
    asWritten: result.asWritten < 0 ? null : result.asWritten,
    designs: triedDesigns(result).map((design) => ({
      design,
      values: valuesOf(result, design),
      verdict: verdictAt(result, design),
      front: result.front[design] === 1,
      ...Object.fromEntries(
        exploration.goals.map(({ measure }, goal) => [
          goalMeasure(measure).key,
          finite(result.measures[goal]?.[design]),
        ]),
      ),
      problem: problems.get(design) ?? null,
    })),
    caveats: result.caveats.map(caveatJson),
    statedInputs: [...result.statedInputs],
  };
}

/** One row for each tried design: its number, its values as written, its results, and the reason why it has none. */
export function explorationCsv(result: ExplorationResult): string {
  const { axes, goals } = result.exploration;
  const header = [
    'design',
    ...axes.map(({ path }) => path),
    'verdict',
    'front',
    ...goals.map(({ measure }) => goalMeasure(measure).key),
    'caveats',
    'statedInputs',
    'problem',
    ...axes.map(({ path }) => `${path} (SI)`),
  ];
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  const caveats = [...new Set(result.caveats.map(({ code }) => code))].join(' ');
  const stated = result.statedInputs.join(' ');
  const rows = triedDesigns(result).map((design): Cell[] => [
    design,
    ...valuesOf(result, design),
    verdictAt(result, design),
    result.front[design] === 1,
    ...result.measures.map((column) => column[design]),
    verdictAt(result, design) === 'unbuilt' ? '' : caveats,
    verdictAt(result, design) === 'unbuilt' ? '' : stated,
    problems.get(design) ?? '',
    ...axes.map(({ values }, axis) => values[result.choices[axis]?.[design] ?? 0]?.value),
  ]);
  // Rows end with a line feed, as in the other tables of the command line.
  return writeCsv(header, rows).replaceAll('\r\n', '\n');
}

export function valuesOf({ exploration, choices }: ExplorationResult, design: number): readonly string[] {
  return exploration.axes.map(({ values }, axis) => values[choices[axis]?.[design] ?? 0]?.text ?? '');
}

export function verdictAt({ verdicts }: ExplorationResult, design: number): (typeof exploredVerdicts)[number] {
  return exploredVerdicts[verdicts[design] ?? 0] ?? 'unbuilt';
}

function finite(value: number | undefined): number | null {
  return value !== undefined && Number.isFinite(value) ? value : null;
}
