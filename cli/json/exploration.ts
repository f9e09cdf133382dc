import {
  type ExplorationMeasure,
  type ExplorationResult,
  emptyDetails,
  exploredVerdicts,
  goalMeasure,
  hasInterval,
  intervalKeys,
  type RowDetails,
  rowMeasures,
  type Shard,
} from '../../design/index.ts';
import type { DetailsByDesign } from '../finished-designs.ts';
import { caveatJson } from './caveat.ts';
import type { Json } from './document.ts';

/** The exploration and file to which a result belongs, for its document. */
export interface ExploredFile {
  readonly file: string;
  readonly npu: string;
  readonly hash: string;
  readonly shard: Shard | null;
  /** The measures of a row in addition to those of the goals. */
  readonly further: readonly ExplorationMeasure[];
  /** What rows have in addition, by the number of the design. */
  readonly details: DetailsByDesign;
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
  { file, npu, hash, shard, further, details }: ExploredFile,
): { readonly [key: string]: Json | (() => Iterable<Json>) } {
  const { exploration } = result;
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  const row = { ...exploration, further };
  const empty = emptyDetails(row);
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
    further: further.map((measure) => ({ measure, key: goalMeasure(measure).key })),
    search: exploration.search === undefined ? null : { ...exploration.search },
    constraints: (exploration.constraints ?? []).map(({ measure, limit, text }) => ({ measure, limit, text })),
    designCount: result.count,
    triedCount: result.tried,
    asWritten: result.asWritten < 0 ? null : result.asWritten,
    designs: function* () {
      for (const design of triedDesigns(result)) {
        const found = details.get(design) ?? empty;
        yield {
          design,
          values: valuesOf(result, design),
          verdict: verdictAt(result, design),
          front: result.front[design] === 1,
          ...figuresOf(row, result, design, found),
          caveats: [...found.caveats],
          problem: problems.get(design) ?? null,
          seed: found.seed,
          designHash: found.designHash,
        };
      }
    },
    caveats: result.caveats.map(caveatJson),
    statedInputs: [...result.statedInputs],
  };
}

/** Each measure of a row with the ends of its interval, by key. */
function figuresOf(
  row: Parameters<typeof rowMeasures>[0],
  { measures }: ExplorationResult,
  design: number,
  { further, lows, highs }: RowDetails,
): { readonly [key: string]: Json } {
  const goals = row.goals.length;
  return Object.fromEntries(
    rowMeasures(row).flatMap((measure, at) => {
      const value = at < goals ? finite(measures[at]?.[design]) : (further[at - goals] ?? null);
      const figure = [goalMeasure(measure).key, value] as const;
      if (!hasInterval(measure)) return [figure];
      const { low, high } = intervalKeys(measure);
      return [figure, [low, lows[at] ?? null] as const, [high, highs[at] ?? null] as const];
    }),
  );
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
