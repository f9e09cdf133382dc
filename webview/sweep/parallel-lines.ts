import { exploredVerdicts } from '../../protocol/index.ts';
import { type Dimension, rangeOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import type { Chart } from '../plots/charts/registry.ts';
import { type Palette, withAlpha } from '../plots/theme.ts';

/** Lines that are drawn before the page can react again: a few milliseconds. Our assumption. */
const perTurn = 400;

/** Between the values of a dimension and its position from 0 (bottom) to 1. */
interface UprightScale {
  readonly share: (value: number) => number;
  readonly value: (share: number) => number;
}

/** What a line looks like, in the order of drawing. */
const layers = ['rest', 'violated', 'undecided', 'met', 'front'] as const;
type Layer = (typeof layers)[number];

/**
 * The lines of a plot with parallel axes. They are drawn on a canvas behind the plot, some hundred at a time, so that the page reacts while thousands
 * of them are drawn. The plot then shows this canvas.
 */
export class ParallelLines {
  /** The part of an upright that a person is choosing. */
  preview: { readonly dimension: Dimension; readonly from: number; readonly to: number } | undefined;
  private readonly chartOf: () => Chart;
  private readonly onDrawn: (lines: number, uprights: readonly number[]) => void;
  private readonly canvas = document.createElement('canvas');
  private shown: ExploreShown | undefined;
  private palette: Palette | undefined;
  /** By the key of the dimension: each update has new dimensions. */
  private scales = new Map<string, UprightScale>();
  private order: readonly { readonly design: number; readonly layer: Layer }[] = [];
  private drawn = 0;
  private request = 0;

  /** `onDrawn` gets the number of lines that are drawn so far, and the positions of the uprights in CSS pixels. */
  constructor(chart: () => Chart, onDrawn: (lines: number, uprights: readonly number[]) => void) {
    this.chartOf = chart;
    this.onDrawn = onDrawn;
  }

  show(shown: ExploreShown, palette: Palette): void {
    this.palette = palette;
    const { result, dimensions, included } = shown;
    this.scales = new Map(dimensions.map((dimension) => [dimension.key, uprightScale(shown, dimension)]));
    this.shown = shown;
    const found: Record<Layer, { readonly design: number; readonly layer: Layer }[]> = {
      rest: [],
      violated: [],
      undecided: [],
      met: [],
      front: [],
    };
    for (let design = 0; design < result.count; design++) {
      const verdict = exploredVerdicts[result.verdicts[design] ?? -1] ?? 'unbuilt';
      if (verdict === 'unbuilt') continue;
      const layer = included[design] !== 1 ? 'rest' : result.front[design] === 1 ? 'front' : verdict;
      found[layer].push({ design, layer });
    }
    this.order = layers.flatMap((layer) => found[layer]);
    this.restart();
  }

  scaleOf(dimension: Dimension): UprightScale | undefined {
    return this.scales.get(dimension.key);
  }

  /** A value between two values of an axis is written as the nearer one. */
  textOf(dimension: Dimension, value: number): string {
    return dimension.text(dimension.kind === 'axis' ? Math.round(value) : value);
  }

  /** Draws all lines again: the data or the size has changed. */
  restart(): void {
    this.drawn = 0;
    cancelAnimationFrame(this.request);
    this.request = requestAnimationFrame(() => this.turn());
  }

  private turn(): void {
    const chart = this.chartOf();
    const { canvas, palette, shown } = this;
    const context = canvas.getContext('2d');
    if (shown === undefined || palette === undefined || context === null || chart.width === 0) return;
    const ratio = chart.currentDevicePixelRatio;
    if (this.drawn === 0) {
      canvas.width = chart.width * ratio;
      canvas.height = chart.height * ratio;
    }
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    const end = Math.min(this.order.length, this.drawn + perTurn);
    for (; this.drawn < end; this.drawn++) {
      const one = this.order[this.drawn];
      if (one === undefined) break;
      lookOf(context, one.layer, palette, this.order.length);
      this.line(context, one.design);
    }
    chart.draw();
    this.onDrawn(
      this.drawn,
      shown.dimensions.map((_, place) => Math.round(this.left(place))),
    );
    if (this.drawn < this.order.length) this.request = requestAnimationFrame(() => this.turn());
  }

  /** Called by the chart after its axes. */
  paint(pointed: number | null): void {
    const { shown, palette } = this;
    const chart = this.chartOf();
    const { ctx: context, chartArea } = chart;
    if (shown === undefined || palette === undefined || chartArea === undefined) return;
    context.save();
    if (this.canvas.width > 0 && this.drawn > 0) context.drawImage(this.canvas, 0, 0, chart.width, chart.height);
    context.font = `${palette.fontSize}px ${palette.font}`;
    context.textAlign = 'center';
    for (const [place, dimension] of shown.dimensions.entries()) {
      const x = this.left(place);
      const scale = this.scales.get(dimension.key);
      if (scale === undefined) continue;
      context.strokeStyle = palette.muted;
      context.lineWidth = 1;
      stroke(context, x, chartArea.top, x, chartArea.bottom);
      const brush = shown.view.brushes[dimension.key];
      const preview = this.preview?.dimension.key === dimension.key ? this.preview : undefined;
      const ends = preview === undefined ? brush?.map((value) => scale.share(value)) : [preview.from, preview.to];
      if (ends !== undefined) {
        context.strokeStyle = palette.text;
        context.lineWidth = 5;
        stroke(context, x, this.top(ends[0] ?? 0), x, this.top(ends[1] ?? 1));
      }
      // A narrow page condenses the words, so that neighbours do not overlap.
      const room = 0.9 * (this.left(1) - this.left(0));
      context.fillStyle = palette.text;
      context.fillText(dimension.title, x, chartArea.top - 2 * palette.fontSize, room);
      context.fillStyle = palette.muted;
      context.fillText(this.textOf(dimension, scale.value(1)), x, chartArea.top - 6, room);
      context.fillText(this.textOf(dimension, scale.value(0)), x, chartArea.bottom + palette.fontSize + 2, room);
    }
    if (pointed !== null) {
      context.strokeStyle = palette.text;
      context.lineWidth = 3;
      this.line(context, pointed);
    }
    context.restore();
  }

  /** The upright within `reach` of a position. */
  dimensionAt(left: number, reach: number): Dimension | undefined {
    return this.shown?.dimensions.find((_, place) => Math.abs(this.left(place) - left) <= reach);
  }

  /** The share of an upright at a height, from 0 to 1. */
  shareAt(top: number): number {
    const share = this.chartOf().scales.y?.getValueForPixel(top) ?? 0;
    return Math.min(1, Math.max(0, share));
  }

  /** The design whose line is nearest to a position, within `reach`. */
  designAt(left: number, top: number, reach: number): number | null {
    const { shown } = this;
    const place = Math.floor(this.chartOf().scales.x?.getValueForPixel(left) ?? -1);
    const [first, second] = [shown?.dimensions[place], shown?.dimensions[place + 1]];
    if (shown === undefined || first === undefined || second === undefined) return null;
    const along = (left - this.left(place)) / (this.left(place + 1) - this.left(place));
    let nearest: number | null = null;
    let distance = reach;
    for (const design of shown.order) {
      const [from, to] = [this.share(first, design), this.share(second, design)];
      const away = Math.abs(this.top(from + along * (to - from)) - top);
      if (away < distance) {
        distance = away;
        nearest = design;
      }
    }
    return nearest;
  }

  private share(dimension: Dimension, design: number): number {
    const { shown } = this;
    return shown === undefined
      ? 0
      : (this.scales.get(dimension.key)?.share(dimension.value(shown.result, design)) ?? 0);
  }

  private left(place: number): number {
    return this.chartOf().scales.x?.getPixelForValue(place) ?? 0;
  }

  private top(share: number): number {
    return this.chartOf().scales.y?.getPixelForValue(share) ?? 0;
  }

  /** A design without a value has a gap at this upright. */
  private line(context: CanvasRenderingContext2D, design: number): void {
    context.beginPath();
    let isOpen = false;
    for (const [place, dimension] of (this.shown?.dimensions ?? []).entries()) {
      const share = this.share(dimension, design);
      if (Number.isNaN(share)) {
        isOpen = false;
        continue;
      }
      if (isOpen) context.lineTo(this.left(place), this.top(share));
      else context.moveTo(this.left(place), this.top(share));
      isOpen = true;
    }
    context.stroke();
  }
}

function stroke(context: CanvasRenderingContext2D, x1: number, y1: number, x2: number, y2: number): void {
  context.beginPath();
  context.moveTo(x1, y1);
  context.lineTo(x2, y2);
  context.stroke();
}

/** A dashed line violates an objective, a dotted one is undecided, and a strong one is on the front, in addition to the colours. */
function lookOf(context: CanvasRenderingContext2D, layer: Layer, palette: Palette, count: number): void {
  const colors = {
    rest: palette.muted,
    violated: palette.limit,
    undecided: palette.undecided,
    met: palette.good,
    front: palette.text,
  };
  const alpha = layer === 'front' ? 1 : layer === 'rest' ? 0.08 : Math.max(0.12, Math.min(0.8, 40 / count));
  context.strokeStyle = withAlpha(colors[layer], alpha);
  context.lineWidth = layer === 'front' ? 1.75 : 1;
  context.setLineDash(layer === 'violated' ? [5, 3] : layer === 'undecided' ? [1, 3] : []);
}

function uprightScale({ result, exploration }: ExploreShown, dimension: Dimension): UprightScale {
  const range = rangeOf(result, dimension) ?? { low: 0, high: 1 };
  // An axis shows all of its values, also those that a search has not tried.
  const isAxis = dimension.kind === 'axis';
  const low = isAxis ? 0 : range.low;
  const high = isAxis ? (exploration.axes[dimension.index]?.values.length ?? 1) - 1 : range.high;
  const span = high > low ? high - low : 1;
  return { share: (value) => (value - low) / span, value: (share) => low + share * (high - low) };
}
