/** The operand that stays in the working scratchpad while the tiles of the others stream past: the innermost loop runs over the dimension that it lacks. */
export type KeptOperand = 'sums' | 'weights' | 'inputs';

/** The largest tile of a product, in elements, as the software of the chip uses it. */
export interface StatedTiles {
  /** Rows of activations. For a convolution: output pixels of all requests of a batch. */
  readonly rows: number;
  /** Elements of the reduction K. */
  readonly reduction: number;
  readonly outputs: number;
  readonly keep: KeptOperand;
}

/** What a chip states about the tiles of its products. */
export interface TileRules {
  /** The part of the working scratchpad that the tiles of a layer may use, above 0 and at most 1. */
  readonly share: number;
  /** Absent if the fastest tiles are searched. */
  readonly stated?: StatedTiles;
}
