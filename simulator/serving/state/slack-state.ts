/** What the slack policy keeps between its decisions; see docs/scheduler.md for the inequality. */
export class SlackState {
  /** Per chip, 1 where the base plan misses a deadline of what the chip would serve. */
  readonly needed: Uint8Array;
  /** Per chip, the most seconds by which it does. */
  readonly shortfallSeconds: Float64Array;
  /** When all that is here would be done in base mode. */
  endSeconds = 0;
  /** The least room that any batch has in the base plan. */
  marginSeconds = 0;

  // Work space of the prediction.
  readonly baseFree: Float64Array;
  readonly burstFree: Float64Array;
  readonly taken: Int32Array;
  readonly returned: Uint8Array;

  constructor(chips: number, serves: number) {
    this.needed = new Uint8Array(chips);
    this.shortfallSeconds = new Float64Array(chips);
    this.baseFree = new Float64Array(chips);
    this.burstFree = new Float64Array(chips);
    this.taken = new Int32Array(serves);
    this.returned = new Uint8Array(chips * serves);
  }
}
