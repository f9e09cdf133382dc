import type { Origin } from './origin.ts';

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

/** The tiles of one layer, and where the file states them. */
export interface LayerTiles extends StatedTiles {
  readonly origin: Origin;
}

/** The tiles that a chip states for a layer. undefined: the fastest ones are searched. */
export function tilesOfLayer(rules: TileRules | undefined, layer: string): StatedTiles | undefined {
  if (rules?.layers !== undefined && Object.hasOwn(rules.layers, layer)) return rules.layers[layer];
  return rules?.stated;
}

/** What a chip states about the tiles of its products. */
export interface TileRules {
  /** The part of the working scratchpad that the tiles of a layer may use, above 0 and at most 1. */
  readonly share: number;
  /** Absent if the fastest tiles are searched. */
  readonly stated?: StatedTiles;
  /** Tiles of single layers, by the name of the layer. They replace `stated`. Absent: none. */
  readonly layers?: Readonly<Record<string, LayerTiles>>;
}
