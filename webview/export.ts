import type { Actions } from './actions.ts';
import type { Chart } from './charts/registry.ts';
import type { FigureExports } from './figures/menu.ts';
import type { PictureText } from './picture.ts';
import { drawPicture } from './picture.ts';
import { chartSvg } from './svg.ts';
import type { TableData } from './table.ts';
import { tableCsv, tableJson } from './table.ts';
import { readPalette } from './theme.ts';

/** What of a figure goes out of the panel. */
export interface Exportable {
  /** Stem of the file names. */
  readonly name: string;
  readonly chart: () => Chart;
  readonly text: () => PictureText;
  readonly table: () => TableData;
  readonly reveal: () => void;
}

/** What every drawn figure offers. */
export function chartExports({ name, chart, text, table, reveal }: Exportable, actions: Actions): FigureExports {
  const picture = () => encode(drawPicture(chart().canvas, text(), readPalette()));
  return {
    ...(actions.hasHost ? { source: reveal } : {}),
    png: () => {
      void picture()
        .then((blob) => blob.arrayBuffer())
        .then((content) => actions.send({ type: 'save', suggestedName: `${name}.png`, content }));
    },
    copy: () => {
      // The promise goes into the item at once: the right to write ends with the click.
      navigator.clipboard.write([new ClipboardItem({ 'image/png': picture() })]).then(
        () => actions.announce('Image copied'),
        () => actions.announce('The image could not be copied here; save it as PNG instead'),
      );
    },
    svg: () => {
      const content = chartSvg(chart(), name, text(), readPalette());
      actions.send({ type: 'save', suggestedName: `${name}.svg`, content });
    },
    csv: () => actions.send({ type: 'save', suggestedName: `${name}.csv`, content: tableCsv(table()) }),
    json: () => actions.send({ type: 'save', suggestedName: `${name}.json`, content: tableJson(table()) }),
  };
}

function encode(canvas: HTMLCanvasElement): Promise<Blob> {
  return new Promise((resolve, reject) => {
    canvas.toBlob(
      (blob) => (blob === null ? reject(new Error('a picture without pixels')) : resolve(blob)),
      'image/png',
    );
  });
}
