import type { Actions } from '../model/actions.ts';
import { tableCsv, tableJson } from '../model/table.ts';
import type { Exportable, ExportsOf } from '../plots/figures/exportable.ts';
import type { FigureExports } from '../plots/figures/menu.ts';
import { readPalette } from '../plots/theme.ts';
import { drawPicture } from './picture.ts';
import { chartSvg } from './svg.ts';

/** The export commands that every drawn figure offers. */
export function createExports(actions: Actions): ExportsOf {
  return (figure) => exportsOf(figure, actions);
}

function exportsOf({ name, chart, text, table, reveal }: Exportable, actions: Actions): FigureExports {
  const picture = () => encode(drawPicture(chart().canvas, text(), readPalette()));
  return {
    ...(actions.hasHost ? { source: reveal } : {}),
    png: () => {
      void picture()
        .then((blob) => blob.arrayBuffer())
        .then((content) => actions.send({ type: 'save', suggestedName: `${name}.png`, content }));
    },
    copy: () => {
      // The promise is passed at once, because the permission to write ends with the click.
      navigator.clipboard.write([new ClipboardItem({ 'image/png': picture() })]).then(
        () => actions.announce('Image copied'),
        () => actions.announce('The image could not be copied. Save it as PNG instead.'),
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
    canvas.toBlob((blob) => (blob === null ? reject(new Error('the picture is empty')) : resolve(blob)), 'image/png');
  });
}
