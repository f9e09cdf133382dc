import { lineDashes } from './line-dashes.ts';
import { rampColor } from './ramp.ts';
import type { Palette } from './theme.ts';

/** A colour of the palette. The style sheet has a variable of the same name: `--sp-base`. */
export type SwatchColor = Exclude<keyof Palette, 'grid' | 'font' | 'fontSize'>;

/** One part of a swatch. CSS pixels in a box that is `swatchHeight` high and as wide as the swatch. */
export type SwatchShape =
  | {
      readonly kind: 'line';
      readonly points: readonly Point[];
      readonly color: SwatchColor;
      readonly width: number;
      readonly dash: readonly number[];
    }
  /** A filled polygon, perhaps with stripes like those of the modes. */
  | {
      readonly kind: 'area';
      readonly points: readonly Point[];
      readonly color: SwatchColor;
      readonly alpha: number;
      readonly stripes: StripeDirection | null;
    }
  | {
      readonly kind: 'disc';
      readonly center: Point;
      readonly radius: number;
      readonly color: SwatchColor;
      /** Opacity of the inside; the rim is always drawn. */
      readonly alpha: number;
    }
  /** A rectangle in a fixed colour: a step of the heat map's ramp. */
  | { readonly kind: 'step'; readonly left: number; readonly width: number; readonly color: string };

export type StripeDirection = 'diagonal' | 'vertical';
type Point = readonly [x: number, y: number];

export interface Swatch {
  readonly width: number;
  readonly shapes: readonly SwatchShape[];
  /** Whether it is between the label and the value, not before both: a ramp from one to the other. */
  readonly between: boolean;
}

export const swatchHeight = 12;
const width = 16;
const middle = swatchHeight / 2;

function swatch(...shapes: readonly SwatchShape[]): Swatch {
  return { width, shapes, between: false };
}

function line(
  color: SwatchColor,
  points: readonly Point[],
  lineWidth = 1.5,
  dash: readonly number[] = [],
): SwatchShape {
  return { kind: 'line', points, color, width: lineWidth, dash };
}

function level(color: SwatchColor, dash: readonly number[]): Swatch {
  return swatch(
    line(
      color,
      [
        [0, middle],
        [width, middle],
      ],
      2,
      dash,
    ),
  );
}

function area(
  color: SwatchColor,
  points: readonly Point[],
  alpha = 1,
  stripes: StripeDirection | null = null,
): SwatchShape {
  return { kind: 'area', points, color, alpha, stripes };
}

function box(left: number, right: number): readonly Point[] {
  return [
    [left, 1],
    [right, 1],
    [right, 11],
    [left, 11],
  ];
}

function disc(color: SwatchColor, radius: number, alpha: number): SwatchShape {
  return { kind: 'disc', center: [8, middle], radius, color, alpha };
}

const triangle: readonly Point[] = [
  [8, 1.5],
  [13, 10.5],
  [3, 10.5],
];
const diamond: readonly Point[] = [
  [8, 0.5],
  [13.5, 6],
  [8, 11.5],
  [2.5, 6],
];
/** The upper right corner of a heat map's cell. */
const corner: readonly Point[] = [
  [8, 1],
  [13, 6],
];
const rampWidth = 64;

/**
 * Every swatch of a legend. The page draws them as elements (swatch-element.ts) and pictures paint them (swatch-paint.ts), both from this
 * table. The plots draw the data with the same colours (the palette) and dashes (`lineDashes`).
 */
export const swatches = {
  line: level('text', lineDashes.line),
  dash: level('muted', lineDashes.dash),
  dot: level('muted', lineDashes.dot),
  dashdot: level('muted', lineDashes.dashdot),
  sparse: level('muted', lineDashes.sparse),
  limit: level('limit', lineDashes.limit),
  /** The same chip in base mode only, on the load curve. */
  'base-line': level('base', lineDashes['base-line']),
  /** A line above its filled area. */
  good: swatch(
    area('good', box(0, width), 0.25),
    line(
      'good',
      [
        [0, 2],
        [width, 2],
      ],
      2,
    ),
  ),
  base: swatch(area('base', box(0, width))),
  burst: swatch(area('burst', box(0, width), 1, 'diagonal')),
  quantizing: swatch(area('quantizing', box(0, width), 1, 'vertical')),
  switching: swatch(area('switching', box(7, 9))),
  idle: swatch(
    line(
      'muted',
      [
        [0, 10.5],
        [width, 10.5],
      ],
      1,
    ),
  ),
  'point-base': swatch(disc('base', 4, 0.35)),
  'point-burst': swatch(area('burst', triangle, 0.35), line('burst', [...triangle, [8, 1.5]], 1.25)),
  /** A mark in a plot over time. */
  preempted: swatch(area('limit', triangle)),
  /** Steps of a language model on the roofline. */
  'step-prefill': swatch(area('base', box(3, 13)), line('text', [...box(3, 13), [3, 1]], 1.25)),
  'step-decode': swatch(area('base', diamond), line('text', [...diamond, [8, 0.5]], 1.25)),
  'design-met': swatch(disc('good', 4.5, 1)),
  'design-violated': swatch(
    line('limit', [
      [4, 2],
      [12, 10],
    ]),
    line('limit', [
      [4, 10],
      [12, 2],
    ]),
  ),
  'design-undecided': swatch(line('undecided', [...triangle, [8, 1.5]], 1.25)),
  'design-front': swatch(
    line('text', [
      [1, 1],
      [1, 10],
      [15, 10],
    ]),
  ),
  'design-written': swatch(
    disc('text', 4, 0),
    line('text', [
      [8, 0],
      [8, 2],
    ]),
    line('text', [
      [8, 10],
      [8, 12],
    ]),
    line('text', [
      [2, 6],
      [4, 6],
    ]),
    line('text', [
      [12, 6],
      [14, 6],
    ]),
  ),
  'heat-front': swatch(disc('text', 2, 1)),
  'heat-violated': swatch(area('muted', [[3, 1], ...corner, [13, 11], [3, 11]]), line('limit', corner, 2)),
  'heat-undecided': swatch(area('muted', box(3, 13)), line('background', corner)),
  'heat-written': swatch(line('text', [...box(2, 14), [2, 1]], 2)),
  ramp: {
    width: rampWidth,
    between: true,
    shapes: Array.from({ length: rampWidth }, (_, left) => {
      return { kind: 'step', left, width: 1, color: rampColor(left / (rampWidth - 1)) } as const;
    }),
  },
  /** A value that no part of the plot shows. */
  none: { width: 0, between: false, shapes: [] },
} as const satisfies Readonly<Record<string, Swatch>>;

export type SwatchName = keyof typeof swatches;
