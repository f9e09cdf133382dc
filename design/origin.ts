/**
 * Where in a source text a thing was written. Offsets count UTF-16 code units, as editors do; `end` is exclusive.
 * An origin never takes part in the content hash of a design: moving text about runs nothing again.
 */
export interface Origin {
  readonly uri: string;
  readonly start: number;
  readonly end: number;
}
