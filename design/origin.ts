/**
 * A place in a source text. Offsets count UTF-16 code units, as editors do; `end` is exclusive. The content hash of a design excludes origins,
 * so moving text does not start a run.
 */
export interface Origin {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}
