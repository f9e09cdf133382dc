import {
  caveatCodes,
  goalMeasure,
  hasInterval,
  intervalKeys,
  type Plan,
  type ResultRow,
  type RowDetails,
  rowMeasures,
  searchCaveatCodes,
} from '../../design/index.ts';

type Fields = { readonly [key: string]: unknown };

const knownCaveats: ReadonlySet<string> = new Set([...caveatCodes, ...searchCaveatCodes]);

/** The values of a row, and what identifies its run. A text: the reason why it is not valid. */
export function readFigures(plan: Plan, fields: Fields): (RowDetails & Pick<ResultRow, 'measures'>) | string {
  const values: (number | null)[] = [];
  const lows: (number | null)[] = [];
  const highs: (number | null)[] = [];
  for (const measure of rowMeasures(plan)) {
    const { key } = goalMeasure(measure);
    const ends = hasInterval(measure) ? intervalKeys(measure) : undefined;
    for (const [name, column] of [
      [key, values],
      [ends?.low, lows],
      [ends?.high, highs],
    ] as const) {
      const value = name === undefined ? null : fields[name];
      if (value !== null && typeof value !== 'number') return `${name} is not a number`;
      // A JSON number can be larger than a number of the program.
      if (value !== null && !Number.isFinite(value)) return `${name} is not finite`;
      // An end of an interval can be below 0, because it is an estimate.
      if (value !== null && value < 0 && name === key) return `${name} is ${value}, and no measure is negative`;
      column.push(value);
    }
  }
  const { seed, designHash, caveats } = fields;
  if (seed !== null && !Number.isSafeInteger(seed)) return 'its seed is not a whole number';
  if (designHash !== null && (typeof designHash !== 'string' || !/^[0-9a-f]{16}$/u.test(designHash)))
    return 'its design hash does not have 16 hexadecimal digits';
  const codes = typeof caveats === 'string' ? caveats.split(' ').filter((code) => code !== '') : undefined;
  if (codes === undefined || !codes.every((code) => knownCaveats.has(code))) return 'its caveats are not known codes';
  return {
    measures: values.slice(0, plan.goals.length),
    further: values.slice(plan.goals.length),
    lows,
    highs,
    seed: seed === null ? null : Number(seed),
    designHash,
    caveats: codes,
  };
}
