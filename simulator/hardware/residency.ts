import { type Model, type Npu, weightOwner } from '../../design/index.ts';
import type { ResidencyPlan } from '../service-table.ts';
import { modeFacts } from './mode-facts.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import { macsOf } from './product.ts';

/**
 * Which weights stay in the large scratchpad. What they leave is for second copies first (the originals beside what was converted,
 * so that the way back is free), then for activations.
 *
 * Order: benefit per byte. Every resident byte spares the bytes that one inference would read of it, but only what
 * computation does not hide: so first by bytes read per byte kept (1, but for look-up tables), then by multiplications per
 * byte, fewest first. The order does not depend on capacity or bandwidth, and the plan is its longest prefix that fits: a larger
 * scratchpad only adds layers.
 *
 * `lru`: layers come and go at run time, each needing its place when it runs; an inference sweeps through all layers, and the least recently used of a
 * cycle longer than the memory is always the one needed next: so all stay, or none can be counted on.
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
      // Layers that read one table have their place together.
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

/** Weights that have one place in the large scratchpad, and the layers that read them. */
interface Item {
  readonly model: number;
  readonly layers: number[];
  bytes: number;
  secondCopyBytes: number;
  readFraction: number;
  macs: number;
}

/**
 * Bytes of every layer's parameters in a mode's format, those of layers fused into it included. A table that several layers read counts
 * with the first. Where another one reads it in another format (a head that is quantized, of an embedding that is not), burst mode
 * keeps a copy for that one.
 */
export function weightBytes(npu: Npu, prepared: PreparedModel, mode: 'base' | 'burst'): Float64Array {
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
 * `stored` keeps both copies; else there is one, which conversion replaces in place, so that the larger format sets its size. What is never
 * quantized has one copy in any case.
 */
function placeBytes(npu: Npu, base: number, burst: number, quantizes: boolean): number {
  return npu.quantizer.source === 'stored' && npu.burst !== null && quantizes ? base + burst : Math.max(base, burst);
}
