/** The state of the slack policy between its decisions. docs/scheduler.md explains its inequality. */
export class SlackState {
  /** Per chip: 1 if the base plan misses the deadline of a batch on this chip. */
  readonly needed: Uint8Array;
  /** Per chip: the largest number of seconds by which the base plan misses a deadline. */
  readonly shortfallSeconds: Float64Array;
  /** The time when base mode would finish all running and waiting requests. */
  endSeconds = 0;
  /** The smallest time between the end of a batch in the base plan and its deadline. */
  marginSeconds = 0;
  /** How many more decisions the last prediction covers. Infinity: it planned all batches. */
  plannedStarts = 0;

  // Temporary columns of the prediction.
  readonly baseFree: Float64Array;
  readonly burstFree: Float64Array;
  readonly taken: Int32Array;
  readonly counts: Int32Array;
  readonly returned: Uint8Array;

  constructor(chips: number, serves: number) {
    this.needed = new Uint8Array(chips);
    this.shortfallSeconds = new Float64Array(chips);
    this.baseFree = new Float64Array(chips);
    this.burstFree = new Float64Array(chips);
    this.taken = new Int32Array(serves);
    this.counts = new Int32Array(serves);
    this.returned = new Uint8Array(chips * serves);
  }
}
