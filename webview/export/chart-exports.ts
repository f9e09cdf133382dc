import type { Actions } from '../model/actions.ts';
import { tableCsv, tableJson } from '../model/table.ts';
import type { Chart } from '../plots/charts/registry.ts';
import type { Exportable, ExportsOf, PictureText } from '../plots/figures/exportable.ts';
import type { FigureExports } from '../plots/figures/menu.ts';
import { readPalette } from '../plots/theme.ts';
import { drawPicture } from './picture.ts';
import { chartSvg } from './svg.ts';

/** The export commands that every drawn figure offers. */
export function createExports(actions: Actions): ExportsOf {
  return (figure) => exportsOf(figure, actions);
}

function exportsOf({ name, chart, text, table, reveal }: Exportable, actions: Actions): FigureExports {
  const caption = () => captioned(text(), actions.scenario());
  const picture = () => encode(sharply(chart(), ({ canvas }) => drawPicture(canvas, caption(), readPalette())));
  const fileName = (ending: string) => `${[actions.scenario(), name, today()].filter(Boolean).join('-')}.${ending}`;
  return {
    ...(actions.hasHost ? { source: reveal } : {}),
    png: () => {
      void picture()
        .then((blob) => blob.arrayBuffer())
        .then((content) => actions.send({ type: 'save', suggestedName: fileName('png'), content }));
    },
    copy: () => {
      // The promise is passed at once, because the permission to write ends with the click.
      navigator.clipboard.write([new ClipboardItem({ 'image/png': picture() })]).then(
        () => actions.announce('Image copied'),
        () => actions.announce('The image could not be copied. Save it as PNG instead.'),
      );
    },
    svg: () => {
      const content = chartSvg(chart(), name, caption(), readPalette());
      actions.send({ type: 'save', suggestedName: fileName('svg'), content });
    },
    csv: () => actions.send({ type: 'save', suggestedName: `${name}.csv`, content: tableCsv(table()) }),
    json: () => actions.send({ type: 'save', suggestedName: `${name}.json`, content: tableJson(table()) }),
  };
}

/** The day on the person's clock, as 2026-11-30. */
function today(): string {
  const now = new Date();
  const two = (value: number) => String(value).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

/** A picture outside the panel states its scenario and day. They come first, because a long title is cut at its end. */
function captioned(text: PictureText, scenario: string | undefined): PictureText {
  const from = scenario === undefined ? today() : `${scenario}, ${today()}`;
  return { ...text, title: `${from}. ${text.title}` };
}

/** Pixels of a picture per CSS pixel, at least. */
const leastRatio = 2;

/** Calls `use` while the chart is drawn with enough pixels for print, then draws it as it was. */
function sharply<T>(chart: Chart, use: (chart: Chart) => T): T {
  const ratio = chart.options.devicePixelRatio;
  if (chart.currentDevicePixelRatio >= leastRatio) return use(chart);
  const redraw = (): void => {
    chart.resize();
    chart.update('none');
    chart.draw();
  };
  try {
    chart.options.devicePixelRatio = leastRatio;
    redraw();
    return use(chart);
  } finally {
    if (ratio === undefined) delete chart.options.devicePixelRatio;
    else chart.options.devicePixelRatio = ratio;
    redraw();
  }
}

function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture is empty')) : resolve(blob)), 'image/png');
  });
}
