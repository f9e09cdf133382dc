import type { ChartDataset, Point } from 'chart.js';
import type { DesignVerdict } from '../model/sweep/designs.ts';
import type { Palette } from '../plots/theme.ts';
import { blend } from '../plots/theme.ts';

/** The verdicts of simulated designs. */
export type MarkedVerdict = Exclude<DesignVerdict, 'unbuilt'>;

/** From this number on, points are drawn smaller, so that the shape of the cloud is visible. */
const cloud = 300;
const largeCloud = 2000;

/**
 * Designs as points: a disc meets all objectives, a cross violates one, a triangle is undecided. In a dense cloud shapes cannot be recognized. There,
 * discs are about as light as the text and crosses about as light as the background, so that the two also differ without red and green. Discs lie
 * on top and are smaller, so that the arms of a cross below one remain visible.
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
