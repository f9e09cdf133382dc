import { type Model, type Npu, weightCopiesOf, weightOwner } from '../../design/index.ts';
import { modeFacts } from './mode-facts.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import { macsOf } from './product.ts';
import { weightBytesOf } from './stored-weights.ts';

/** Weights with one place in the large scratchpad, and the layers that read them. */
export interface WeightItem {
  /** Index of the model in the list of models. */
  readonly model: number;
  readonly layers: readonly number[];
  /** Bytes of the place. */
  readonly bytes: number;
  /** Bytes of the copy in the other format, which would make the change back free. */
  readonly secondCopyBytes: number;
}

/** The weights of several models, best first, and their sizes by layer. */
export interface RankedWeights {
  readonly items: readonly WeightItem[];
  /** For each model and layer, bytes in the format of base mode and of burst mode (empty without burst mode). */
  readonly baseBytes: readonly Float64Array[];
  readonly burstBytes: readonly Float64Array[];
}

/**
 * Ranks the weights of several models by the benefit of each resident byte. A resident byte saves the bytes that one inference would read, but
 * only reads that computation does not hide. So the first criterion is bytes read per resident byte (1, except for look-up tables), the second
 * is multiplications per byte, fewest first. The rank does not depend on capacity or bandwidth.
 */
export function rankWeights(npu: Npu, models: readonly Model[]): RankedWeights {
  const baseBytes: Float64Array[] = [];
  const burstBytes: Float64Array[] = [];
  const ranked: MutableItem[] = [];
  for (const [index, model] of models.entries()) {
    const prepared = prepare(model, 1, npu.array.convolution ?? 'im2col');
    const base = weightBytes(npu, prepared, 'base');
    const burst = npu.burst === null ? new Float64Array(0) : weightBytes(npu, prepared, 'burst');
    baseBytes.push(base);
    burstBytes.push(burst);
    const byOwner = new Map<number, MutableItem>();
    for (let layer = 0; layer < prepared.layers.length; layer++) {
      const lowered = prepared.layers[layer];
      if (lowered === undefined) break;
      const bytes = placeBytes(npu, base[layer] ?? 0, burst[layer] ?? 0, lowered.quantizes);
      const item = byOwner.get(weightOwner(model, layer));
      if (bytes === 0 && item === undefined) continue;
      const secondCopyBytes =
        lowered.quantizes && weightCopiesOf(npu) !== 'shared' ? (base[layer] ?? 0) + (burst[layer] ?? 0) - bytes : 0;
      const macs = lowered.products.reduce((sum, product) => sum + (product.weights ? macsOf(product) : 0), 0);
      const readFraction = lowered.weightElements === 0 ? 1 : lowered.weightElementsRead / lowered.weightElements;
      if (item === undefined) {
        const alone = { model: index, layers: [layer], bytes, secondCopyBytes, readFraction, macs };
        byOwner.set(layer, alone);
        ranked.push(alone);
        continue;
      }
      // Layers that share a table share its place.
      item.layers.push(layer);
      item.bytes += bytes;
      item.secondCopyBytes += secondCopyBytes;
      item.readFraction = Math.max(item.readFraction, readFraction);
      item.macs += macs;
    }
  }
  const macsPerByte = ({ macs, bytes }: MutableItem) => macs / bytes;
  const first = ({ layers }: MutableItem) => layers[0] ?? 0;
  const items = ranked.sort(
    (a, b) =>
      b.readFraction - a.readFraction || macsPerByte(a) - macsPerByte(b) || a.model - b.model || first(a) - first(b),
  );
  return { items, baseBytes, burstBytes };
}

interface MutableItem extends WeightItem {
  readonly layers: number[];
  bytes: number;
  secondCopyBytes: number;
  readFraction: number;
  macs: number;
}

/**
 * Bytes of the parameters of every layer in the format of a mode, including layers fused into it. A table that several layers read counts for
 * the first one. If another layer reads it in another format (a quantized head that shares an unquantized embedding), burst mode keeps a copy
 * for that layer.
 */
export function weightBytes(npu: Npu, prepared: PreparedModel, mode: 'base' | 'burst'): Float64Array {
  const facts = modeFacts(npu, prepared.model, mode);
  const bytes = new Float64Array(prepared.layers.length);
  if (facts === null) return bytes;
  for (let index = 0; index < prepared.layers.length; index++) {
    const layer = prepared.layers[index];
    if (layer === undefined) break;
    const owner = prepared.layers[weightOwner(prepared.model, index)];
    const hasCopy = mode === 'burst' && owner !== undefined && owner.quantizes !== layer.quantizes;
    const elements = hasCopy ? layer.weightElements : layer.storedWeightElements;
    const quantized = elements === 0 ? 0 : weightBytesOf(layer, facts.weights);
    bytes[index] =
      (layer.quantizes ? quantized : elements * facts.otherParameterBytes) +
      (prepared.otherParameters[index] ?? 0) * facts.otherParameterBytes;
  }
  return bytes;
}

/**
 * With `stored`, both copies are kept. Otherwise there is one copy, which conversion replaces in place, so the larger format determines its
 * size. Parameters that are never quantized always have one copy.
 */
function placeBytes(npu: Npu, base: number, burst: number, quantizes: boolean): number {
  return npu.burst !== null && quantizes && weightCopiesOf(npu) === 'stored' ? base + burst : Math.max(base, burst);
}
