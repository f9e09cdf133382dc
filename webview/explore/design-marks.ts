import type { ChartDataset, Point } from 'chart.js';
import type { Palette } from '../theme.ts';
import { blend } from '../theme.ts';
import type { DesignVerdict } from './designs.ts';

/** Designs that were measured. */
export type MarkedVerdict = Exclude<DesignVerdict, 'unbuilt'>;

/** From here on points are a cloud: smaller, so that its shape shows. */
const cloud = 300;
const largeCloud = 2000;

/**
 * How designs are drawn as points: a disc meets every objective, a cross violates one, a triangle is undecided. In a cloud shapes can no
 * longer be made out; there what meets is near the text's lightness and what violates near that of the ground, so that the two differ
 * also for eyes (and printers) that know no red and green. What meets lies on top, and is smaller: the arms of a cross below it can be seen.
 */
export function designMarks(
  points: Readonly<Record<MarkedVerdict, Point[]>>,
  count: number,
  palette: Palette,
): readonly ChartDataset<'scatter', Point[]>[] {
  const dense = count > cloud;
  const radius = count > largeCloud ? 1.25 : dense ? 2.5 : 4.5;
  const rim = dense ? 0 : 1.25;
  const strong = dense ? blend(palette.good, palette.text, 0.6) : palette.good;
  const weak = dense ? blend(palette.limit, palette.background, 0.65) : palette.limit;
  return [
    {
      data: points.met,
      pointStyle: 'circle',
      pointRadius: radius,
      pointBorderWidth: rim,
      pointBorderColor: strong,
      pointBackgroundColor: dense ? strong : blend(strong, palette.background, 0.85),
    },
    {
      data: points.undecided,
      pointStyle: 'triangle',
      pointRadius: Math.max(radius + 1, 3),
      pointBorderWidth: 1.25,
      pointBorderColor: palette.undecided,
      pointBackgroundColor: palette.background,
    },
    {
      data: points.violated,
      pointStyle: 'crossRot',
      pointRadius: count > largeCloud ? 2.5 : dense ? 3.5 : radius,
      pointBorderWidth: dense ? 1 : 1.5,
      pointBorderColor: weak,
    },
  ];
}
