import { distinctTexts } from '../../../protocol/index.ts';
import type { TimeWindow } from '../../model/view-state.ts';
import { countedFrom, tickText, timeScale } from '../../text/time-text.ts';
import type { Palette } from '../theme.ts';

/** Left axis and right margin of every plot, so that the x axes of plots below each other align exactly. */
export const axisWidth = 72;
export const rightMargin = 14;

interface AxisLook {
  readonly palette: Palette;
  readonly title?: string;
}

/** The look of all axes: thin lines, small text, no border. */
function look({ palette, title }: AxisLook) {
  const font = { family: palette.font, size: palette.fontSize };
  return {
    border: { display: false },
    grid: { color: palette.grid, drawTicks: false, lineWidth: 1 },
    title: { display: title !== undefined, text: title ?? '', color: palette.muted, font, padding: 2 },
    ticks: { color: palette.muted, font, padding: 6, maxRotation: 0, autoSkipPadding: 14 },
  };
}

export function timeAxis(palette: Palette, window: TimeWindow) {
  const base = look({ palette });
  const { startSeconds, endSeconds } = window;
  let scale = timeScale(startSeconds, endSeconds);
  return {
    type: 'linear' as const,
    position: 'bottom' as const,
    min: startSeconds,
    max: endSeconds,
    ...base,
    // A label at the right edge would be cut. Moved inwards, it would touch its neighbour.
    afterBuildTicks: (axis: { ticks: { readonly value: number }[] }) => {
      const last = endSeconds - (endSeconds - startSeconds) * 0.04;
      axis.ticks = axis.ticks.filter(({ value }) => value <= last);
      scale = countedFrom(scale, axis.ticks[0]?.value);
    },
    ticks: {
      ...base.ticks,
      maxTicksLimit: 9,
      // The ends of a window are rarely round numbers. Labels there would be too close to their neighbours.
      includeBounds: false,
      align: 'center' as const,
      callback: (value: number | string) => tickText(Number(value), scale),
    },
  };
}

interface ValueAxis extends AxisLook {
  /** The text of a value, with a number of significant digits, or with the usual ones. */
  readonly format: (value: number, digits?: number) => string;
  readonly logarithmic?: boolean;
  readonly suggestedMax?: number;
  readonly min?: number;
  readonly max?: number;
}

/** A left axis of fixed width. */
export function valueAxis(axis: ValueAxis) {
  const base = look(axis);
  const logarithmic = axis.logarithmic ?? false;
  return {
    type: logarithmic ? ('logarithmic' as const) : ('linear' as const),
    position: 'left' as const,
    ...(logarithmic ? {} : { min: axis.min ?? 0 }),
    ...(axis.max === undefined ? {} : { max: axis.max }),
    ...(axis.suggestedMax === undefined ? {} : { suggestedMax: axis.suggestedMax }),
    ...base,
    ticks: {
      ...base.ticks,
      maxTicksLimit: 6,
      includeBounds: axis.max === undefined,
      callback: (value: number | string, index: number, ticks: readonly { readonly value: number }[]) => {
        if (logarithmic) return isRound(Number(value)) ? axis.format(Number(value)) : '';
        return tickTexts(
          ticks.map((tick) => tick.value),
          axis.format,
        )[index];
      },
    },
    afterFit: fixWidth,
  };
}

/** The usual digits of a measure may be too few for ticks that are close to each other. */
export function tickTexts(values: readonly number[], format: ValueAxis['format']): readonly string[] {
  const usual = values.map((value) => format(value));
  return new Set(usual).size === values.length ? usual : distinctTexts(values, format);
}

function fixWidth(scale: { width: number }): void {
  scale.width = axisWidth;
}

/** Whether a value is 1, 2 or 5 times a power of ten: these lines of a logarithmic axis have labels. */
export function isRound(value: number): boolean {
  if (value <= 0) return false;
  const mantissa = Number((value / 10 ** Math.floor(Math.log10(value) + 1e-9)).toPrecision(6));
  return mantissa === 1 || mantissa === 2 || mantissa === 5;
}
