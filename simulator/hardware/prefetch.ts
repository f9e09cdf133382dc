import type { Npu } from '../../design/index.ts';
import { ratesOf } from './chip-rates.ts';

/** What the chain of layers needs from one layer that runs alone. Seconds are non-negative. */
export interface ChainLayer {
  /** Time if the layer loads its own weights, and the parts of it in which HBM and the large scratchpad are busy. */
  readonly seconds: number;
  readonly hbmSeconds: number;
  readonly cmemSeconds: number;
  /** Time that does not overlap with anything on the chip (dispatch). HBM is idle. */
  readonly fixedSeconds: number;
  /** Weights by source that may be in the working scratchpad before the layer starts. 0 if there is no room for them. */
  readonly hbmWeightBytes: number;
  readonly cmemWeightBytes: number;
  /** Time if all of these weights are there already. */
  readonly prefetchedSeconds: number;
  /** Bytes of the working scratchpad that neither activations nor tiles use while the layer runs. */
  readonly roomBytes: number;
}

/** How far ahead weights are fetched, in layers. Our assumption: a compiler schedules loads within a window. */
const window = 16;

/** The times of a chain of layers. */
export interface Chain {
  readonly seconds: Float64Array;
  /** Bytes that HBM moved for each layer while earlier layers ran. */
  readonly prefetchedBytes: Float64Array;
  readonly totalSeconds: number;
}

/**
 * The time of each layer of a chain in which the weights of the next layers are loaded while one layer computes, as far as the memories are
 * idle and the working scratchpad has room.
 *
 * If a share p of the weights of a layer (of each source) is prefetched, its time is (1 - p) times the time with all loads plus
 * p times the time without loads. The exact time is a convex function of p (a maximum of linear functions), so this estimate is
 * never too short. Bounds: no layer is slower than without prefetch, and
 * the chain is never faster than its computation or its HBM traffic.
 */
export function chainOf(npu: Npu, layers: readonly ChainLayer[]): Chain {
  const rates = ratesOf(npu);
  const hbmRate = rates.hbm.read;
  const cmemRate = npu.cmem === null ? 0 : rates.cmem.read;
  const count = layers.length;
  const seconds = new Float64Array(count);
  const fromHbm = new Float64Array(count);
  const fromCmem = new Float64Array(count);
  const held = new Float64Array(count);
  let totalSeconds = 0;
  for (let at = 0; at < count; at++) {
    const layer = layers[at];
    if (layer === undefined) break;
    const { hbmWeightBytes: hbm, cmemWeightBytes: cmem } = layer;
    const share = Math.min(shareOf(fromHbm[at] ?? 0, hbm), shareOf(fromCmem[at] ?? 0, cmem));
    // Prefetch saves at most the time that the loads take.
    const loads = Math.max(hbm / hbmRate, cmem === 0 ? 0 : cmem / cmemRate);
    const saved = share * Math.min(loads, layer.seconds - layer.prefetchedSeconds);
    const own = layer.seconds - saved + layer.fixedSeconds;
    seconds[at] = own;
    totalSeconds += own;
    // What arrived no longer loads during the layer.
    let idleHbm = Math.max(0, own - layer.hbmSeconds + (fromHbm[at] ?? 0) / hbmRate) * hbmRate;
    let idleCmem =
      cmemRate === 0 ? 0 : Math.max(0, own - layer.cmemSeconds + (fromCmem[at] ?? 0) / cmemRate) * cmemRate;
    let room = layer.roomBytes - (held[at] ?? 0);
    const end = Math.min(count, at + 1 + window);
    for (let next = at + 1; next < end && idleHbm + idleCmem > 0 && room > 0; next++) {
      const later = layers[next];
      if (later === undefined) break;
      if (later.prefetchedSeconds < later.seconds) {
        const byHbm = Math.max(0, Math.min(later.hbmWeightBytes - (fromHbm[next] ?? 0), idleHbm, room));
        fromHbm[next] = (fromHbm[next] ?? 0) + byHbm;
        idleHbm -= byHbm;
        room -= byHbm;
        const byCmem = Math.max(0, Math.min(later.cmemWeightBytes - (fromCmem[next] ?? 0), idleCmem, room));
        fromCmem[next] = (fromCmem[next] ?? 0) + byCmem;
        idleCmem -= byCmem;
        room -= byCmem;
        for (let during = at; during < next; during++) held[during] = (held[during] ?? 0) + byHbm + byCmem;
      }
      room = Math.min(room, later.roomBytes - (held[next] ?? 0));
    }
  }
  return { seconds, prefetchedBytes: fromHbm, totalSeconds };
}

function shareOf(part: number, whole: number): number {
  return whole === 0 ? 1 : Math.min(1, part / whole);
}
