import { escapeMarkup } from '../../design/index.ts';

/** Plots as text. They contain no time and no fonts, and the same numbers give the same bytes. */

/** The colours of Okabe and Ito, which colour-blind readers can distinguish, on light and on dark pages. */
const colours = ['#0072b2', '#e69f00', '#009e73', '#cc79a7', '#d55e00', '#56b4e9', '#8c8c8c', '#b8a800'];
const ink = '#6e7781';

export interface Series {
  readonly name: string;
  /** A null value is not drawn. */
  readonly values: readonly (number | null)[];
}

export interface Plot {
  readonly title: string;
  readonly yLabel: string;
  /** Drawn as a dashed line at the value that means no gain. */
  readonly reference?: number;
  /** Labels below the axis, one for each value. */
  readonly ticks: readonly string[];
  readonly series: readonly Series[];
}

const width = 860;
const height = 320;
const left = 52;
const right = 150;
const top = 34;
const bottom = 46;

const round = (value: number): string => String(Math.round(value * 10) / 10);

/** A round step that divides `most` into at most six parts. */
function stepOf(most: number): number {
  const raw = most / 6;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 2.5, 5, 10].find((one) => one * power >= raw) ?? 10;
  return factor * power;
}

function frame(
  plot: Plot,
  xLabel: string,
  body: (x: (slot: number) => number, y: (value: number) => number) => string[],
) {
  const all = plot.series.flatMap((one) => one.values).filter((one) => one !== null);
  const largest = Math.max(0, ...all, plot.reference ?? 0);
  // Without a positive value there is no scale, and a step of 0 would never end.
  const most = largest > 0 ? largest * 1.05 : 1;
  const step = stepOf(most);
  const slots = plot.ticks.length;
  const x = (slot: number): number => left + ((slot + 0.5) / slots) * (width - left - right);
  const y = (value: number): number => top + (1 - value / most) * (height - top - bottom);
  const lines = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="sans-serif" font-size="11">`,
    `<title>${escapeMarkup(plot.title)}</title>`,
    `<text x="${left}" y="16" font-size="13" fill="${ink}">${escapeMarkup(plot.title)}</text>`,
    `<text x="${left}" y="29" fill="${ink}">${escapeMarkup(plot.yLabel)}</text>`,
  ];
  for (let i = 0; i * step <= most; i++) {
    const at = round(y(i * step));
    lines.push(
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="${ink}" stroke-opacity="0.25"/>`,
      `<text x="${left - 6}" y="${round(y(i * step) + 4)}" text-anchor="end" fill="${ink}">${Number((i * step).toPrecision(4))}</text>`,
    );
  }
  for (const [slot, tick] of plot.ticks.entries()) {
    lines.push(
      `<text x="${round(x(slot))}" y="${height - bottom + 16 + (slots > 8 && slot % 2 === 1 ? 12 : 0)}" text-anchor="middle" fill="${ink}">${escapeMarkup(tick)}</text>`,
    );
  }
  lines.push(
    `<text x="${round((left + width - right) / 2)}" y="${height - 8}" text-anchor="middle" fill="${ink}">${escapeMarkup(xLabel)}</text>`,
  );
  if (plot.reference !== undefined) {
    const at = round(y(plot.reference));
    lines.push(
      `<line x1="${left}" x2="${width - right}" y1="${at}" y2="${at}" stroke="${ink}" stroke-dasharray="5 4"/>`,
    );
  }
  lines.push(...body(x, y), '</svg>');
  return `${lines.join('\n')}\n`;
}

function legend(names: readonly string[], mark: (index: number, x: number, y: number) => string): string[] {
  return names.flatMap((name, index) => {
    const at = top + 12 + index * 18;
    return [
      mark(index, width - right + 18, at),
      `<text x="${width - right + 32}" y="${at + 4}" fill="${ink}">${escapeMarkup(name)}</text>`,
    ];
  });
}

const colour = (index: number): string => colours[index % colours.length] ?? ink;

/** Bars side by side for each tick. */
export function barChart(plot: Plot, xLabel = ''): string {
  return frame(plot, xLabel, (x, y) => {
    const slot = (width - left - right) / plot.ticks.length;
    const bar = (slot * 0.84) / plot.series.length;
    const bars = plot.series.flatMap(({ values }, index) =>
      values.flatMap((value, at) => {
        if (value === null) return [];
        const from = x(at) - slot * 0.42 + index * bar;
        return [
          `<rect x="${round(from)}" y="${round(y(value))}" width="${round(bar * 0.9)}" height="${round(y(0) - y(value))}" fill="${colour(index)}"/>`,
        ];
      }),
    );
    const square = (index: number, at: number, level: number) =>
      `<rect x="${at - 5}" y="${level - 5}" width="10" height="10" fill="${colour(index)}"/>`;
    return [
      ...bars,
      ...legend(
        plot.series.map((one) => one.name),
        square,
      ),
    ];
  });
}

/** Each series has its own shape, so that colour is not the only mark. */
function marker(index: number, x: number, y: number): string {
  const fill = colour(index);
  const [at, level] = [round(x), round(y)];
  const path = (d: string) => `<path transform="translate(${at} ${level})" d="${d}" fill="${fill}"/>`;
  switch (index % 4) {
    case 0:
      return `<circle cx="${at}" cy="${level}" r="4" fill="${fill}"/>`;
    case 1:
      return path('M-4-4h8v8h-8z');
    case 2:
      return path('M0-5L5 4H-5z');
    default:
      return path('M0-5L5 0L0 5L-5 0z');
  }
}

/** Lines over evenly spaced ticks, whatever the distance between their values. */
export function lineChart(plot: Plot, xLabel: string): string {
  return frame(plot, xLabel, (x, y) => {
    const drawn = plot.series.flatMap(({ values }, index) => {
      const points = values.flatMap((value, at) => (value === null ? [] : [[x(at), y(value)] as const]));
      const line = points.map(([px, py]) => `${round(px)},${round(py)}`).join(' ');
      const dash = index < 4 ? '' : ' stroke-dasharray="6 3"';
      return [
        `<polyline points="${line}" fill="none" stroke="${colour(index)}" stroke-width="2"${dash}/>`,
        ...points.map(([px, py]) => marker(index, px, py)),
      ];
    });
    return [
      ...drawn,
      ...legend(
        plot.series.map((one) => one.name),
        marker,
      ),
    ];
  });
}
