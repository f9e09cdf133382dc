import { bounds } from '../../../design/index.ts';
import { cellIndex, type ServiceTable } from '../../service-table.ts';
import type { RunInput } from '../input.ts';

/**
 * Running sums of the layer times. With them, the time of consecutive layers is one subtraction, and the layer at a given
 * time is one binary search. Four kinds of profile describe a batch, except for a short time after a switch:
 *
 * - 0: base mode, weights resident.
 * - 1: burst mode, weights resident.
 * - 2: base mode, all weights must be fetched again.
 * - 3: burst mode, all weights must be converted (`on-chip`) or fetched.
 *
 * "All weights" means those with a place in the scratchpad. The other weights are fetched in each kind.
 */
export const BASE_STEADY = 0;
export const BURST_STEADY = 1;
export const BASE_RETURN = 2;
export const BURST_ENTRY = 3;
export const KINDS = 4;

/** The copies of the weights of a layer in the scratchpad, as bits: none, in base format, in burst format, or both. */
export const NO_COPY = 0;
export const BASE_COPY = 1;
export const BURST_COPY = 2;
export const BOTH_COPIES = 3;

/** The service profiles of all serves, batch sizes and kinds. */
export class ServiceProfiles {
  /** Running sums: prefix[offset + l] is the time of layers 0 .. l - 1. One scratch row per chip follows the profiles. */
  readonly prefix: Float64Array;
  /** Offset in `prefix` of each profile. The index of a profile is (firstProfile[serve] + batch - 1) * KINDS + kind. */
  readonly offsets: Int32Array;
  readonly firstProfile: Int32Array;
  readonly layerCounts: Int32Array;
  /** Seconds of the whole network, for each profile. */
  readonly seconds: Float64Array;
  /** Seconds of the layers during which the quantization unit works, for each profile. */
  readonly quantizingSeconds: Float64Array;
  /** Seconds of each profile by bound. */
  readonly boundSeconds: Float64Array;
  readonly joules: Float64Array;
  readonly hasEnergy: boolean;
  readonly profileCount: number;
  private readonly scratchOffset: number;
  private readonly scratchStride: number;
  private readonly input: RunInput;

  constructor(input: RunInput) {
    this.input = input;
    const serves = input.serves.length;
    this.firstProfile = new Int32Array(serves);
    this.layerCounts = new Int32Array(serves);
    let rows = 0;
    let cells = 0;
    let longest = 0;
    for (let s = 0; s < serves; s++) {
      const layers = this.table(s, 1).layerCount;
      const batches = (input.serves[s] as RunInput['serves'][number]).batch.maxSize;
      this.firstProfile[s] = rows;
      this.layerCounts[s] = layers;
      rows += batches;
      cells += batches * KINDS * (layers + 1);
      longest = Math.max(longest, layers);
    }
    this.profileCount = rows * KINDS;
    this.scratchOffset = cells;
    this.scratchStride = longest + 1;
    this.prefix = new Float64Array(cells + input.chips * this.scratchStride);
    this.offsets = new Int32Array(this.profileCount);
    this.seconds = new Float64Array(this.profileCount);
    this.quantizingSeconds = new Float64Array(this.profileCount);
    this.boundSeconds = new Float64Array(this.profileCount * bounds.length);
    this.joules = new Float64Array(this.profileCount);
    this.hasEnergy = input.serves.every((serve) => serve.tables.every((table) => table.joules !== null));
    let offset = 0;
    for (let s = 0; s < serves; s++) {
      for (let batch = 1; batch <= (input.serves[s] as RunInput['serves'][number]).batch.maxSize; batch++) {
        for (let kind = 0; kind < KINDS; kind++) {
          this.fillProfile(s, batch, kind, offset);
          offset += (this.layerCounts[s] as number) + 1;
        }
      }
    }
  }

  /** The index of a profile. */
  profile(serve: number, batch: number, kind: number): number {
    return ((this.firstProfile[serve] as number) + batch - 1) * KINDS + kind;
  }

  /** The offset of the scratch row of a chip in `prefix`. */
  scratch(chip: number): number {
    return this.scratchOffset + chip * this.scratchStride;
  }

  /** The service table of a serve for a batch size. Throws if there is none, which is a bug. */
  table(serve: number, batch: number): ServiceTable {
    const table = this.input.serves[serve]?.tables[batch - 1];
    if (table === undefined) throw new Error(`no service table for serve ${serve}, batch ${batch}`);
    return table;
  }

  /** Whether the plan gives the weights of a layer a place in the scratchpad. */
  isPlaced(model: number, layer: number): boolean {
    return this.input.residency?.placed[model]?.[layer] === 1;
  }

  /**
   * Cell of the service table for a layer, if the weights of its model that have a place are there in `copies`. For a layer without a place,
   * `copies` are those of the other layers, or NO_COPY if they differ: then HBM is assumed to have the least time for prefetch.
   */
  cell(layer: number, burst: boolean, copies: number): number {
    if (this.input.residency === null) return cellIndex(layer, burst ? 'burst' : 'base', 'fetch');
    if (!burst) return cellIndex(layer, 'base', (copies & BASE_COPY) !== 0 ? 'resident' : 'fetch');
    if ((copies & BURST_COPY) !== 0) return cellIndex(layer, 'burst', 'resident');
    // `convert` covers every way in which the base copy serves burst mode: the quantization unit, or the upper bytes of a nested copy.
    const { quantizedSource } = this.input;
    const converts = copies === BASE_COPY && (quantizedSource === 'on-chip' || quantizedSource === 'nested');
    return cellIndex(layer, 'burst', converts ? 'convert' : 'fetch');
  }

  /** Whether the quantization unit converts the resident weights of a layer while it runs in burst mode. */
  quantizes(model: number, layer: number, copies: number): boolean {
    if (this.input.quantizedSource !== 'on-chip' || !this.input.canBurst) return false;
    if ((this.input.residency?.burstBytes[model]?.[layer] ?? 0) === 0) return false;
    return this.isPlaced(model, layer) && (copies & BURST_COPY) === 0;
  }

  private fillProfile(serve: number, batch: number, kind: number, offset: number): void {
    const model = (this.input.serves[serve] as RunInput['serves'][number]).model;
    const table = this.table(serve, batch);
    const burst = kind === BURST_STEADY || kind === BURST_ENTRY;
    const copies = kind === BASE_STEADY || kind === BURST_ENTRY ? BASE_COPY : BURST_COPY;
    const profile = this.profile(serve, batch, kind);
    this.offsets[profile] = offset;
    let sum = 0;
    let joules = 0;
    let quantizing = 0;
    this.prefix[offset] = 0;
    for (let layer = 0; layer < table.layerCount; layer++) {
      const cell = this.cell(layer, burst, copies);
      const seconds = table.seconds[cell] as number;
      sum += seconds;
      joules += table.joules?.[cell] ?? 0;
      if (burst && this.quantizes(model, layer, copies)) quantizing += seconds;
      const at = profile * bounds.length + (table.bound[cell] as number);
      this.boundSeconds[at] = (this.boundSeconds[at] as number) + seconds;
      this.prefix[offset + layer + 1] = sum;
    }
    this.seconds[profile] = sum;
    this.joules[profile] = joules;
    this.quantizingSeconds[profile] = quantizing;
  }
}
