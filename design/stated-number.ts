/** A number that a file states with a unit. */
export interface StatedNumber {
  /** The number under the names of its blocks: `Rush.ResNet50.p99 latency`. Numbers with the same path are counted: `M.a #2`. */
  readonly path: string;
  /** As written: `13000` and `rps`. */
  readonly text: string;
  readonly unit: string;
  /** The place of `text` in the file. */
  readonly start: number;
  readonly end: number;
  /** The scenario that contains the number. null: it is outside of scenarios, so every scenario may use it. */
  readonly scenario: string | null;
}
