import {
  addCaveats,
  type Caveat,
  type Exploration,
  type ExplorationResult,
  exploredVerdicts,
} from '../../design/index.ts';
import type { ExploredDesigns } from './explore.ts';
import { paretoFront } from './pareto.ts';

const violated = exploredVerdicts.indexOf('violated');
const unbuilt = exploredVerdicts.indexOf('unbuilt');

/**
 * The result of an exploration from the results of its parts. The order of the parts has no effect. `asWritten`: see
 * ExplorationResult.
 */
export function explorationResult(
  exploration: Exploration,
  asWritten: number,
  parts: readonly ExploredDesigns[],
): ExplorationResult {
  const { axes, goals } = exploration;
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  const measures = goals.map(() => new Float64Array(count).fill(Number.NaN));
  const verdicts = new Uint8Array(count).fill(unbuilt);
  const problems: { readonly design: number; readonly message: string }[] = [];
  const seen = new Uint8Array(count);
  const caveats: Caveat[] = [];
  const stated = new Set<string>();
  for (const part of parts) {
    addCaveats(caveats, part.caveats);
    for (const text of part.statedInputs) stated.add(text);
    const problemOf = new Map(part.problems.map((problem) => [problem.design, problem]));
    for (const [row, design] of part.designs.entries()) {
      // Two shards can contain the same design. Its result is the same in both: parts from files were checked for contradictions.
      if (seen[design] === 1) continue;
      seen[design] = 1;
      verdicts[design] = part.verdicts[row] ?? unbuilt;
      for (const [goal, column] of measures.entries()) column[design] = part.measures[goal]?.[row] ?? Number.NaN;
      const problem = problemOf.get(design);
      if (problem !== undefined) problems.push(problem);
    }
  }
  return {
    exploration,
    count,
    tried: seen.reduce((sum, one) => sum + one, 0),
    choices: choicesOf(
      axes.map(({ values }) => values.length),
      count,
    ),
    measures,
    verdicts,
    front: frontOf(exploration, measures, verdicts),
    problems: problems.sort((a, b) => a.design - b.design),
    asWritten,
    // Sort, so that the order does not depend on the distribution of the designs.
    caveats: caveats.toSorted((a, b) => compareText(a.code, b.code) || compareText(a.text, b.text)),
    statedInputs: [...stated].sort(compareText),
  };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** For each axis, the index of the value of each design. The last axis changes fastest. */
function choicesOf(sizes: readonly number[], count: number): readonly Uint16Array[] {
  let period = count;
  return sizes.map((size) => {
    const block = period / size;
    const column = Uint16Array.from({ length: count }, (_, design) => Math.floor(design / block) % size);
    period = block;
    return column;
  });
}

/**
 * Constraints before goals (K. Deb et al., "A fast and elitist multiobjective genetic algorithm: NSGA-II", IEEE TEC 6(2), 2002, section VI):
 * a design that violates an objective is worse than each design that does not.
 */
function frontOf({ goals }: Exploration, measures: readonly Float64Array[], verdicts: Uint8Array): Uint8Array {
  const columns = measures.map((column, goal) =>
    goals[goal]?.sense === 'minimize' ? column.map((value) => -value) : column,
  );
  const measured = verdicts.map((verdict, design) =>
    verdict !== unbuilt && columns.every((column) => !Number.isNaN(column[design])) ? 1 : 0,
  );
  const keeping = measured.map((one, design) => (one === 1 && verdicts[design] !== violated ? 1 : 0));
  return paretoFront(columns, keeping.includes(1) ? keeping : measured);
}
