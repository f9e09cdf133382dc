import type { Model, Npu } from '../../design/index.ts';
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
  const items: {
    model: number;
    layer: number;
    bytes: number;
    secondCopyBytes: number;
    readFraction: number;
    macsPerByte: number;
  }[] = [];
  for (const [index, model] of models.entries()) {
    const prepared = prepare(model, 1, npu.array.convolution ?? 'im2col');
    const base = weightBytes(npu, prepared, 'base');
    const burst = npu.burst === null ? new Float64Array(0) : weightBytes(npu, prepared, 'burst');
    baseBytes.push(base);
    burstBytes.push(burst);
    placed.push(new Uint8Array(model.layers.length));
    for (const [layer, lowered] of prepared.layers.entries()) {
      const bytes = placeBytes(npu, base[layer] ?? 0, burst[layer] ?? 0, lowered.quantizes);
      if (bytes === 0) continue;
      const secondCopyBytes = lowered.quantizes ? (base[layer] ?? 0) + (burst[layer] ?? 0) - bytes : 0;
      const macs = lowered.products.reduce((sum, product) => sum + (product.weights ? macsOf(product) : 0), 0);
      const readFraction = lowered.weightElements === 0 ? 1 : lowered.weightElementsRead / lowered.weightElements;
      items.push({ model: index, layer, bytes, secondCopyBytes, readFraction, macsPerByte: macs / bytes });
    }
  }
  items.sort(
    (a, b) =>
      b.readFraction - a.readFraction || a.macsPerByte - b.macsPerByte || a.model - b.model || a.layer - b.layer,
  );

  const totalBytes = items.reduce((sum, item) => sum + item.bytes, 0);
  const secondCopyBytes = items.reduce((sum, item) => sum + item.secondCopyBytes, 0);
  let usedBytes = 0;
  if (npu.residency === 'pinned' || totalBytes <= capacityBytes) {
    for (const item of items) {
      if (usedBytes + item.bytes > capacityBytes) break;
      usedBytes += item.bytes;
      const row = placed[item.model];
      if (row !== undefined) row[item.layer] = 1;
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

/** Bytes of every layer's parameters in a mode's format, those of layers fused into it included. */
export function weightBytes(npu: Npu, prepared: PreparedModel, mode: 'base' | 'burst'): Float64Array {
  const facts = modeFacts(npu, prepared.model, mode);
  const bytes = new Float64Array(prepared.layers.length);
  if (facts === null) return bytes;
  for (const [index, layer] of prepared.layers.entries()) {
    bytes[index] =
      layer.weightElements * (layer.quantizes ? facts.weightBytes : facts.otherParameterBytes) +
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
