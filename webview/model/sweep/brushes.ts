import type { ExplorationResult } from '../../../protocol/index.ts';
import type { Dimension } from './designs.ts';

/** The lowest and the highest value that a person selected in some dimensions, by their keys. Of an axis: indices of its values. */
export type Brushes = Readonly<Record<string, readonly [low: number, high: number]>>;

/** Whether a design is within all limits. A design without a value is within no limit of this value. */
export function isWithin(
  result: ExplorationResult,
  dimensions: readonly Dimension[],
  brushes: Brushes,
  design: number,
): boolean {
  return dimensions.every((dimension) => {
    const brush = brushes[dimension.key];
    if (brush === undefined) return true;
    const value = dimension.value(result, design);
    return value >= brush[0] && value <= brush[1];
  });
}

/** Reads saved limits. Leaves out everything that is not a pair of numbers. */
export function parseBrushes(value: unknown): Brushes {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).filter(
      ([, pair]) => Array.isArray(pair) && pair.length === 2 && pair.every((end) => Number.isFinite(end)),
    ),
  );
}
