import { metricWords, type QuantityType } from '../../schema/index.ts';
import { dimensions, joinedUnits, sameDimension, unitTable } from '../../units/index.ts';
import { calledRow, propertyBefore } from '../place.ts';
import { type Completion, offer, type Site } from './site.ts';

/** After a number: the units of the required dimension, or all units if it is unknown. */
export function units(site: Site): readonly Completion[] {
  const { file, place } = site;
  const wanted = wantedQuantity(site);
  const fits = (dimension: keyof typeof dimensions): boolean =>
    wanted === undefined || wanted.dimensions.some((name) => sameDimension(dimensions[name], dimensions[dimension]));
  // Offers nothing for a complete unit, because an open list would catch the Enter key that ends the line.
  const written = file.tree.text.slice(place.start, place.end);
  const isDone = unitTable.some((row) => row.names.some((name) => name === written));
  const isOpen = ({ label }: Completion): boolean => !isDone || (label !== written && label.startsWith(written));
  const simple = unitTable.flatMap(({ names: [name], dimension, documentation }) =>
    fits(dimension) && name !== undefined ? [offer(site, name, 'unit', { detail: dimension, documentation })] : [],
  );
  const joined = joinedUnits.flatMap(({ name, dimension }) =>
    fits(dimension) ? [offer(site, name, 'unit', { detail: dimension })] : [],
  );
  return [...simple, ...joined].filter(isOpen);
}

function wantedQuantity({ place: { before }, inside }: Site): QuantityType | undefined {
  const colon = before.findIndex((word) => word.kind === ':');
  const sameLine = before.slice(0, colon + 1).every((word, i) => i === 0 || !word.breakAfter);
  const comparison = before.findIndex((word) => word.kind === '<=' || word.kind === '>=');
  const metric = comparison < 0 ? undefined : metricWords.find((word) => word.name === before[comparison + 1]?.text);
  if (metric !== undefined && (colon < 0 || comparison < colon)) {
    return { kind: 'quantity', dimensions: [metric.dimension] };
  }
  const call = before.findIndex((word) => word.kind === '(');
  if (call >= 0 && (colon < 0 || call < colon)) {
    const [first] = calledRow(before[call + 1]?.text ?? '')?.properties ?? [];
    return first?.type.kind === 'quantity' ? first.type : undefined;
  }
  if (colon < 0 || !sameLine || inside?.kind !== 'block') return undefined;
  const type = propertyBefore(inside.schema, before.slice(colon + 1))?.type;
  return type?.kind === 'quantity' ? type : type?.kind === 'form' ? type.quantity : undefined;
}
