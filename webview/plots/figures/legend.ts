import type { SwatchName } from '../swatches.ts';

/** One series in a legend: its name, its swatch, and its value at the cursor (or for the whole run). */
export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  readonly swatch: SwatchName;
  readonly text: string;
  readonly value?: number;
}
