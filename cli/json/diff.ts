import type { ScenarioResult } from '../../design/index.ts';
import { runVerdict } from '../../design/index.ts';
import type { ChangedInput } from '../../language/index.ts';
import { effectCounts, type ObjectiveChange, type ScenarioChange } from '../diff/changes.ts';
import type { DiffSide } from '../diff/sides.ts';
import { caveatJson } from './caveat.ts';
import type { Json } from './document.ts';
import { sloJson } from './run.ts';

type JsonObject = { readonly [key: string]: Json };

/** Everything that `stimpack diff` found out. */
export interface Comparison {
  readonly before: DiffSide;
  readonly after: DiffSide;
  readonly inputs: readonly ChangedInput[];
  /** The files state the same values, but the simulated designs differ. */
  readonly hasUnnamedChanges: boolean;
  /** The names of files that both sides read from the disk, because git does not track them. */
  readonly filesFromDisk: readonly string[];
  readonly scenarios: readonly ScenarioChange[];
}

/** A comparison in the format of `docs/json.md`. */
export function comparisonJson(comparison: Comparison): JsonObject {
  const { before, after, inputs, scenarios } = comparison;
  const { worse, better } = effectCounts(scenarios);
  return {
    before: sideJson(before),
    after: sideJson(after),
    worseCount: worse,
    betterCount: better,
    inputs: inputs.map((input) => ({ path: input.path, before: input.before, after: input.after })),
    hasUnnamedChanges: comparison.hasUnnamedChanges,
    filesFromDisk: [...comparison.filesFromDisk],
    scenarios: scenarios.map((each) => ({
      before: each.before && resultJson(each.before),
      after: each.after && resultJson(each.after),
      objectives: each.objectives.map(objectiveJson),
    })),
  };
}

export function sideJson({ file, revision }: Pick<DiffSide, 'file' | 'revision'>): JsonObject {
  return { file, revision: revision?.name ?? null, commit: revision?.commit ?? null };
}

function resultJson({ scenario, main }: ScenarioResult): JsonObject {
  return {
    scenario,
    npu: main.npu,
    scheduler: main.scheduler,
    seed: main.seed,
    verdict: runVerdict(main),
    caveats: main.caveats.map(caveatJson),
    statedInputs: [...(main.statedInputs ?? [])],
  };
}

function objectiveJson({ serve, before, after, effect }: ObjectiveChange): JsonObject {
  return {
    serve: serve.after ?? serve.before,
    effect,
    before: before && sloJson(before),
    after: after && sloJson(after),
  };
}
