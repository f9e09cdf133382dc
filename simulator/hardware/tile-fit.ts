import {
  arraysOf,
  type Caveat,
  formatBytes,
  type Layer,
  type Model,
  type Npu,
  type SystolicArray,
  safeText,
} from '../../design/index.ts';
import { effectiveSize } from './array-timing.ts';
import { modesOf } from './evaluation.ts';
import { type ModeFacts, modeFacts } from './mode-facts.ts';
import { prepare } from './prepared.ts';
import type { Product } from './product.ts';
import { rightBytesOf } from './stored-weights.ts';

/** A layer whose smallest tiles do not fit into VMEM. */
export interface TileShortage {
  readonly layer: Layer;
  /** Bytes of one fold of weights, and of two buffers for one row of inputs, partial sums and results. */
  readonly neededBytes: number;
}

/**
 * The layer of a model that lacks the most buffer space on a chip. null if every layer fits. Such a layer is timed as if it fitted, so
 * the real chip can only be slower. Vector work does not need the tile of an array, so its tiles can be as small as needed.
 */
function tileShortage(npu: Npu, model: Model): TileShortage | null {
  const availableBytes = npu.vmem.capacityBytes;
  let worst: TileShortage | null = null;
  for (const mode of modesOf(npu)) {
    const facts = modeFacts(npu, model, mode);
    if (facts === null) continue;
    const kinds = arraysOf(npu).map((array) => ({
      needs: (product: Product) => tileBytes(product, facts, array),
      layers: prepare(model, 1, array.convolution ?? 'im2col').layers,
    }));
    for (const [index, layer] of model.layers.entries()) {
      // The layer runs on the kind of array that needs the least, unless the tiles of another kind fit too.
      const needs = kinds.map(({ needs, layers }) => Math.max(0, ...(layers[index]?.products ?? []).map(needs)));
      const neededBytes = Math.min(...needs);
      if (neededBytes > availableBytes && neededBytes > (worst?.neededBytes ?? 0)) worst = { layer, neededBytes };
    }
  }
  return worst;
}

/** Bytes of the smallest tiles of a product on one kind of array. */
function tileBytes(product: Product, facts: ModeFacts, array: SystolicArray): number {
  const { rows, columns } = effectiveSize(array, facts.packing, facts.products);
  const { k, n, weights } = product;
  const [depth, width] = [Math.min(k, rows), Math.min(n, columns)];
  const fold = { ...product, k: depth, parts: 1, n: width };
  const right = weights ? rightBytesOf(fold, facts.weights) : depth * width * facts.activationBytes;
  const sums = k > rows ? facts.accumulatorBytes : 0;
  return right + 2 * (depth * facts.activationBytes + width * (sums + facts.activationBytes));
}

/** The caveats of a chip for the networks that it serves, each with the layer that causes it. */
export function tileCaveats(
  npu: Npu,
  models: readonly Model[],
): readonly { readonly caveat: Caveat; readonly layer: Layer }[] {
  return models.flatMap((model) => {
    const found = tileShortage(npu, model);
    if (found === null) return [];
    const { layer, neededBytes } = found;
    const text =
      `VMEM of ${safeText(npu.name)} has ${formatBytes(npu.vmem.capacityBytes)}, but the smallest tiles of layer ` +
      `${safeText(layer.name)} of ${safeText(model.name)} need ${formatBytes(neededBytes)}. ` +
      `It is timed as if they fitted. Enlarge VMEM to ${formatBytes(neededBytes)} or more, use a smaller array, or accept it in the scenario: accept { small-vmem: yes }.`;
    return [{ layer, caveat: { code: 'small-vmem', origin: npu.origin, text, effect: { kind: 'heavier' } } as const }];
  });
}
