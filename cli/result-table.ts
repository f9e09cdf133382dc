import {
  type Cell,
  type ExplorationResult,
  emptyDetails,
  goalMeasure,
  hasInterval,
  intervalKeys,
  rowMeasures,
  writeCsv,
} from '../design/index.ts';
import { type ExploredFile, triedDesigns, valuesOf, verdictAt } from './json/exploration.ts';
import type { TableColumn } from './npm/parquet-writer.ts';
import { version } from './version.ts';

/**
 * The designs of an exploration as a tidy table: one row for each design that was tried. An axis has two columns, its number in SI units and
 * its value as the design writes it. A measure has its value and the ends of its confidence interval. Each row also has what identifies its run,
 * so that tables of several explorations can be joined.
 */
export function resultTable(
  result: ExplorationResult,
  { hash, npu, further, details }: ExploredFile,
): readonly TableColumn[] {
  const { exploration } = result;
  const { axes, goals, search } = exploration;
  const designs = triedDesigns(result);
  const problems = new Map(result.problems.map(({ design, message }) => [design, message]));
  const empty = emptyDetails({ goals, further });
  const of = (design: number) => details.get(design) ?? empty;
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
  const stated = result.statedInputs.join(' ');
  const ofRun = (design: number, text: string) => (verdictAt(result, design) === 'unbuilt' ? null : text);
  return withUniqueNames([
    { name: 'design', type: 'count', cells: designs },
    ...axes.flatMap(({ path, values }, axis) => [
      numbers(path, (design) => values[result.choices[axis]?.[design] ?? 0]?.value),
      texts(`${path} (as written)`, (design) => valuesOf(result, design)[axis] ?? null),
    ]),
    texts('verdict', (design) => verdictAt(result, design)),
    { name: 'front', type: 'boolean', cells: designs.map((design) => result.front[design] === 1) },
    ...rowMeasures({ goals, further }).flatMap((measure, at) => {
      const value = numbers(goalMeasure(measure).key, (design) =>
        at < goals.length ? result.measures[at]?.[design] : of(design).further[at - goals.length],
      );
      if (!hasInterval(measure)) return [value];
      const { low, high } = intervalKeys(measure);
      return [value, numbers(low, (design) => of(design).lows[at]), numbers(high, (design) => of(design).highs[at])];
    }),
    texts('caveats', (design) => ofRun(design, of(design).caveats.join(' '))),
    texts('statedInputs', (design) => ofRun(design, stated)),
    texts('problem', (design) => problems.get(design) ?? null),
    texts('npu', () => npu),
    numbers('seed', (design) => of(design).seed),
    texts('designHash', (design) => of(design).designHash),
    texts('planHash', () => hash),
    numbers('searchSeed', () => search?.seed),
    texts('toolVersion', () => version),
  ]);
}

/** The table as CSV. Rows end with a line feed, as in the other tables of the command line. */
export function explorationCsv(result: ExplorationResult, explored: ExploredFile): string {
  const columns = resultTable(result, explored);
  function* rows(): Generator<readonly Cell[]> {
    for (const row of triedDesigns(result).keys()) yield columns.map(({ cells }) => cells[row] ?? '');
  }
  return writeCsv(
    columns.map(({ name }) => name),
    rows(),
  ).replaceAll('\r\n', '\n');
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
