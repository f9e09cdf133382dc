import type { Actions } from './actions.ts';
import type { Chart } from './charts/registry.ts';
import type { FigureExports } from './figures/menu.ts';
import type { TableData } from './table.ts';
import { tableCsv } from './table.ts';
import { readPalette } from './theme.ts';

/** What every drawn figure offers. */
export function chartExports(
  id: string,
  chart: () => Chart,
  table: () => TableData,
  actions: Actions,
  reveal: () => void,
): FigureExports {
  return {
    ...(actions.hasHost ? { source: reveal } : {}),
    png: () => {
      void imageOf(chart().canvas)
        .then((blob) => blob.arrayBuffer())
        .then((content) => actions.send({ type: 'save', suggestedName: `${id}.png`, content }));
    },
    copy: () => {
      const item = new ClipboardItem({ 'image/png': imageOf(chart().canvas) });
      navigator.clipboard.write([item]).then(
        () => actions.announce('Image copied'),
        () => actions.announce('The image could not be copied here; save it as PNG instead'),
      );
    },
    csv: () => actions.send({ type: 'save', suggestedName: `${id}.csv`, content: tableCsv(table()) }),
  };
}

/** The canvas on the theme's background: a transparent picture is unreadable in a document of the other brightness. */
function imageOf(source: HTMLCanvasElement): Promise<Blob> {
  const copy = document.createElement('canvas');
  copy.width = source.width;
  copy.height = source.height;
  const context = copy.getContext('2d');
  if (context === null) return Promise.reject(new Error('no canvas context'));
  context.fillStyle = readPalette().background;
  context.fillRect(0, 0, copy.width, copy.height);
  context.drawImage(source, 0, 0);
  return new Promise((resolve, reject) => {
    copy.toBlob((blob) => (blob === null ? reject(new Error('canvas without pixels')) : resolve(blob)), 'image/png');
  });
}
