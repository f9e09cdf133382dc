import {
  goalMeasure,
  Hasher,
  hasInterval,
  intervalKeys,
  type Plan,
  planChoices,
  type ResultRow,
  rowMeasures,
  type WrittenPart,
} from '../../design/index.ts';
import { caveatFields } from './caveat-fields.ts';
import { formatName, resultsSchemaVersion, writtenKey } from './layout.ts';

export const resultsExtension = '.jsonl';

/** A part of a plan as JSON lines, each with its line feed. The same part always gives the same lines. */
export function* resultLines({
  plan,
  shard,
  toolVersion,
  caveats,
  statedInputs,
  rows,
}: WrittenPart): Generator<string, void> {
  const { file, exploration, scenario, npu, hash, axes, goals, further, asWritten, search } = plan;
  const head = {
    format: formatName,
    schemaVersion: resultsSchemaVersion,
    toolVersion,
    planHash: hash,
    file,
    exploration,
    scenario,
    npu,
    axes: axes.map(({ path, values, numbers }) => ({ path, values, numbers })),
    goals: goals.map(({ sense, measure }) => ({ sense, measure })),
    further,
    asWritten,
    ...(search === undefined ? {} : { search: { kind: search.kind, budget: search.budget, seed: search.seed } }),
    shard: shard === null ? null : { index: shard.index, count: shard.count },
    caveats: caveats.map(caveatFields),
    statedInputs,
  };
  const hasher = new Hasher();
  const hashed = (fields: object): string => {
    const line = `${JSON.stringify(fields)}\n`;
    hasher.part(line);
    return line;
  };
  yield hashed(head);
  let count = 0;
  for (const row of rows) {
    yield hashed(rowFields(plan, row));
    count += 1;
  }
  hasher.text('');
  yield `${JSON.stringify({ end: formatName, rows: count, digest: hasher.digest() })}\n`;
}

/** A design as one flat object: its number, its inputs, its verdict, its measures with their intervals, and what identifies its run. */
export function rowFields(plan: Plan, row: ResultRow): Readonly<Record<string, string | number | null>> {
  const choices = planChoices(plan, row.design);
  const inputs = plan.axes.flatMap(({ path, values, numbers }, axis) => {
    const choice = choices[axis] ?? 0;
    return [
      [path, numbers[choice] ?? null],
      [writtenKey(path), values[choice] ?? ''],
    ];
  });
  const { details } = row;
  const values = [...row.measures, ...details.further];
  const figures = rowMeasures(plan).flatMap((measure, at) => {
    const value = [goalMeasure(measure).key, values[at] ?? null];
    if (!hasInterval(measure)) return [value];
    const { low, high } = intervalKeys(measure);
    return [value, [low, details.lows[at] ?? null], [high, details.highs[at] ?? null]];
  });
  return {
    design: row.design,
    ...Object.fromEntries(inputs),
    verdict: row.verdict,
    ...Object.fromEntries(figures),
    caveats: details.caveats.join(' '),
    problem: row.problem,
    seed: details.seed,
    designHash: details.designHash,
  };
}
