import type { TableData } from '../../model/table.ts';
import type { Chart } from '../charts/registry.ts';
import type { LegendEntry } from './legend.ts';
import type { FigureExports } from './menu.ts';

/** The title and the legend that an exported picture contains, because it is seen without the page around it. */
export interface PictureText {
  readonly title: string;
  readonly legend: readonly LegendEntry[];
}

/** What a figure makes available for export. */
export interface Exportable {
  /** Base name of the exported files. */
  readonly name: string;
  readonly chart: () => Chart;
  readonly text: () => PictureText;
  readonly table: () => TableData;
  readonly reveal: () => void;
}

/** Makes the export commands of a figure. The page passes it in, so that plots do not depend on export. */
export type ExportsOf = (figure: Exportable) => FigureExports;
