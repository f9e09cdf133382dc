import type { QuantityType } from '../schema/index.ts';
import { dimensions, dimensionWords, findUnit, joinedUnits, sameDimension, unitTable } from '../units/index.ts';

/** Suggested units for a unit with the wrong dimension: `GB/s` for `GB`, `krps` for `kHz`. */
export function nearUnits(written: string, type: QuantityType): readonly string[] {
  const candidates = [
    `${written}/s`,
    written.replace(/Hz$/u, 'rps'),
    written.replace(/(?:rps|qps)$/u, 'Hz'),
    written.replace(/\/s$/u, ''),
  ];
  return candidates.filter((one) => {
    const unit = findUnit(one);
    // `s/s` is a ratio: not a useful suggestion.
    if (/^([^/]+)\/\1$/u.test(one)) return false;
    return unit !== undefined && type.dimensions.some((name) => sameDimension(dimensions[name], unit.dimension));
  });
}

/** Units of time that are rare for chips and requests. They are offered last, in this order. */
const rareUnits: readonly string[] = ['ns', 'min', 'h', 'ps'];

/** Units that fix a number without a unit, the most likely first. '' if no unit is needed. */
export function unitsFor(type: QuantityType): readonly string[] {
  return type.dimensions.flatMap((name) => {
    if (name === 'number') return [''];
    const wanted = dimensions[name];
    const simple = unitTable
      .filter((row) => sameDimension(dimensions[row.dimension], wanted))
      .map((row) => row.names[0] ?? '');
    const joined = joinedUnits.filter((unit) => unit.dimension === name).map((unit) => unit.name);
    const example = dimensionWords[name].example.split(' ')[1] ?? '';
    const common = simple.filter((unit) => !rareUnits.includes(unit));
    const rare = rareUnits.filter((unit) => simple.includes(unit));
    return [...new Set([example, ...common, ...rare, ...joined])].filter((unit) => unit !== '');
  });
}
