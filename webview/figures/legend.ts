/** What one series is called, how it looks and what it says at the cursor (or of the whole run). */
export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  /** Class of the swatch: `line`, `dash`, `dot`, `limit`, or an activity. */
  readonly swatch: string;
  readonly text: string;
  readonly value?: number;
}
