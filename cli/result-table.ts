import { type ExplorationResult, goalMeasure } from '../design/index.ts';
import { type ExploredFile, triedDesigns, valuesOf, verdictAt } from './json/exploration.ts';
import type { TableColumn } from './npm/parquet-writer.ts';
import { version } from './version.ts';

/**
 * The designs of an exploration as a tidy table: one row for each design that was tried. An axis has two columns, its number in SI units and
 * its value as the design writes it. Each row also has what identifies the run, so that tables of several explorations can be joined.
 */
export function resultTable(result: ExplorationResult, { hash, npu }: ExploredFile): readonly TableColumn[] {
  const { axes, goals, search } = result.exploration;
  const designs = triedDesigns(result);
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  const numbers = (name: string, at: (design: number) => number | null | undefined): TableColumn => ({
    name,
    type: 'number',
    cells: designs.map((design) => finite(at(design))),
  });
  const texts = (name: string, at: (design: number) => string | null): TableColumn => ({
    name,
    type: 'text',
    cells: designs.map(at),
  });
  const caveats = [...new Set(result.caveats.map(({ code }) => code))].join(' ');
  const stated = result.statedInputs.join(' ');
  const ofRun = (text: string) => (design: number) => (verdictAt(result, design) === 'unbuilt' ? null : text);
  return withUniqueNames([
    { name: 'design', type: 'count', cells: designs },
    ...axes.flatMap(({ path, values }, axis) => [
      numbers(path, (design) => values[result.choices[axis]?.[design] ?? 0]?.value),
      texts(`${path} (as written)`, (design) => valuesOf(result, design)[axis] ?? null),
    ]),
    texts('verdict', (design) => verdictAt(result, design)),
    { name: 'front', type: 'boolean', cells: designs.map((design) => result.front[design] === 1) },
    ...goals.map(({ measure }, goal) => numbers(goalMeasure(measure).key, (design) => result.measures[goal]?.[design])),
    texts('caveats', ofRun(caveats)),
    texts('statedInputs', ofRun(stated)),
    texts('problem', (design) => problems.get(design) ?? null),
    texts('npu', () => npu),
    texts('planHash', () => hash),
    numbers('searchSeed', () => search?.seed),
    texts('toolVersion', () => version),
  ]);
}

/** Readers reject a table with two columns of one name. The later one gets a number: "p99 (2)". */
function withUniqueNames(columns: readonly TableColumn[]): readonly TableColumn[] {
  const names = new Set<string>();
  return columns.map((column) => {
    let { name } = column;
    for (let count = 2; names.has(name); count++) name = `${column.name} (${count})`;
    names.add(name);
    return { ...column, name };
  });
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
