import { type Model, type Npu, weightOwner } from '../../design/index.ts';
import type { ResidencyPlan } from '../service-table.ts';
import { modeFacts } from './mode-facts.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import { macsOf } from './product.ts';

/**
 * Chooses the weights that stay in the large scratchpad. The remaining space is first for second copies (the originals of converted weights,
 * so that the change back is free), then for activations.
 *
 * Layers are ranked by benefit per byte. A resident byte saves the bytes that one inference would read, but only reads that computation does
 * not hide. So the first criterion is bytes read per resident byte (1, except for look-up tables), the second is multiplications per byte,
 * fewest first. The rank does not depend on capacity or bandwidth, and the plan is the longest prefix that fits. So a larger scratchpad only
 * adds layers.
 *
 * `lru`: layers are loaded and evicted at run time. An inference uses all layers in order. If they do not all fit, the least recently used
 * layer is always the next one that is needed. So either all layers stay, or none can be relied on.
 */
export function planResidency(npu: Npu, models: readonly Model[]): ResidencyPlan {
  const capacityBytes = npu.cmem?.capacityBytes ?? 0;
  const baseBytes: Float64Array[] = [];
  const burstBytes: Float64Array[] = [];
  const placed: Uint8Array[] = [];
  const items: Item[] = [];
  for (const [index, model] of models.entries()) {
    const prepared = prepare(model, 1, npu.array.convolution ?? 'im2col');
    const base = weightBytes(npu, prepared, 'base');
    const burst = npu.burst === null ? new Float64Array(0) : weightBytes(npu, prepared, 'burst');
    baseBytes.push(base);
    burstBytes.push(burst);
    placed.push(new Uint8Array(model.layers.length));
    const byOwner = new Map<number, Item>();
    for (const [layer, lowered] of prepared.layers.entries()) {
      const bytes = placeBytes(npu, base[layer] ?? 0, burst[layer] ?? 0, lowered.quantizes);
      const item = byOwner.get(weightOwner(model, layer));
      if (bytes === 0 && item === undefined) continue;
      const secondCopyBytes = lowered.quantizes ? (base[layer] ?? 0) + (burst[layer] ?? 0) - bytes : 0;
      const macs = lowered.products.reduce((sum, product) => sum + (product.weights ? macsOf(product) : 0), 0);
      const readFraction = lowered.weightElements === 0 ? 1 : lowered.weightElementsRead / lowered.weightElements;
      if (item === undefined) {
        const alone = { model: index, layers: [layer], bytes, secondCopyBytes, readFraction, macs };
        byOwner.set(layer, alone);
        items.push(alone);
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
  const macsPerByte = ({ macs, bytes }: Item) => macs / bytes;
  const first = ({ layers }: Item) => layers[0] ?? 0;
  items.sort(
    (a, b) =>
      b.readFraction - a.readFraction || macsPerByte(a) - macsPerByte(b) || a.model - b.model || first(a) - first(b),
  );

  const totalBytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const secondCopyBytes = items.reduce((sum, item) => sum + item.secondCopyBytes, 0);
  let usedBytes = 0;
  if (npu.residency === 'pinned' || totalBytes <= capacityBytes) {
    for (const item of items) {
      if (usedBytes + item.bytes > capacityBytes) break;
      usedBytes += item.bytes;
      const row = placed[item.model];
      for (const layer of item.layers) if (row !== undefined) row[layer] = 1;
    }
  }
  return {
    capacityBytes,
    placed,
    baseBytes,
    burstBytes,
    usedBytes,
    activationBytes: Math.max(0, capacityBytes - totalBytes - secondCopyBytes),
  };
}

/** Weights with one place in the large scratchpad, and the layers that read them. */
interface Item {
  readonly model: number;
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
function weightBytes(npu: Npu, prepared: PreparedModel, mode: 'base' | 'burst'): Float64Array {
  const facts = modeFacts(npu, prepared.model, mode);
  const bytes = new Float64Array(prepared.layers.length);
  if (facts === null) return bytes;
  for (const [index, layer] of prepared.layers.entries()) {
    const owner = prepared.layers[weightOwner(prepared.model, index)];
    const hasCopy = mode === 'burst' && owner !== undefined && owner.quantizes !== layer.quantizes;
    const elements = hasCopy ? layer.weightElements : layer.storedWeightElements;
    bytes[index] =
      elements * (layer.quantizes ? facts.weightBytes : facts.otherParameterBytes) +
      (prepared.otherParameters[index] ?? 0) * facts.otherParameterBytes;
  }
  return bytes;
}

/**
 * With `stored`, both copies are kept. Otherwise there is one copy, which conversion replaces in place, so the larger format determines its
 * size. Parameters that are never quantized always have one copy.
 */
function placeBytes(npu: Npu, base: number, burst: number, quantizes: boolean): number {
  return npu.quantizer.source === 'stored' && npu.burst !== null && quantizes ? base + burst : Math.max(base, burst);
}
