import { bounds } from '../../../design/index.ts';
import { cellIndex, type ServiceTable } from '../../service-table.ts';
import type { RunInput } from '../input.ts';
import { type ChipKind, kindsOf } from '../kinds.ts';

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
const allCopies = [NO_COPY, BASE_COPY, BURST_COPY, BOTH_COPIES];

/** The service profiles of all serves, kinds of chip, batch sizes and kinds of profile. */
export class ServiceProfiles {
  /** Running sums: prefix[offset + l] is the time of layers 0 .. l - 1. One scratch row per chip follows the profiles. */
  readonly prefix: Float64Array;
  /**
   * Offset in `prefix` of each profile. The index of a profile is (firstProfile[serve] + chipKind * maxBatch + batch - 1) * KINDS + kind. Where no
   * chip kind is stated, it is the first one.
   */
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
  /** Seconds of the whole network on the fastest and on the slowest kind of chip. Only at the profiles of the first kind of chip. */
  readonly leastSeconds: Float64Array;
  readonly mostSeconds: Float64Array;
  readonly hasEnergy: boolean;
  readonly profileCount: number;
  private readonly scratchOffset: number;
  private readonly scratchStride: number;
  private readonly input: RunInput;
  private readonly chipKinds: readonly ChipKind[];
  /** For each kind of chip, 1 or 0: whether it has a large scratchpad, and whether the base copy there serves burst mode. `cell` runs for each layer. */
  private readonly hasPlan: Uint8Array;
  private readonly servesBurst: Uint8Array;
  /** For each kind of chip, in base and in burst mode. */
  private readonly cellsOfCopies: readonly Uint8Array[];

  constructor(input: RunInput) {
    this.input = input;
    const chipKinds = kindsOf(input);
    this.chipKinds = chipKinds;
    this.hasPlan = Uint8Array.from(chipKinds, ({ residency }) => (residency === null ? 0 : 1));
    this.servesBurst = Uint8Array.from(chipKinds, ({ quantizedSource }) =>
      quantizedSource === 'on-chip' || quantizedSource === 'nested' ? 1 : 0,
    );
    this.cellsOfCopies = chipKinds.flatMap((_, kind) =>
      [false, true].map((burst) => Uint8Array.from(allCopies, (copies) => this.cell(kind, 0, burst, copies))),
    );
    const serves = input.serves.length;
    this.firstProfile = new Int32Array(serves);
    this.layerCounts = new Int32Array(serves);
    let rows = 0;
    let cells = 0;
    let longest = 0;
    for (let s = 0; s < serves; s++) {
      const layers = this.table(0, s, 1).layerCount;
      const batches = (input.serves[s] as RunInput['serves'][number]).batch.maxSize * chipKinds.length;
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
    this.hasEnergy = chipKinds.every(({ serves }) =>
      serves.every((serve) => serve.tables.every((table) => table.joules !== null)),
    );
    let offset = 0;
    for (let s = 0; s < serves; s++) {
      const largest = (input.serves[s] as RunInput['serves'][number]).batch.maxSize;
      for (let chipKind = 0; chipKind < chipKinds.length; chipKind++) {
        for (let batch = 1; batch <= largest; batch++) {
          for (let kind = 0; kind < KINDS; kind++) {
            const profile = this.profile(s, chipKind * largest + batch, kind);
            this.fillProfile(profile, chipKind, s, batch, kind, offset);
            offset += (this.layerCounts[s] as number) + 1;
          }
        }
      }
    }
    const extreme = (of: (...values: number[]) => number): Float64Array =>
      chipKinds.length === 1 ? this.seconds : this.seconds.map((_, at) => of(...this.secondsOfKinds(at)));
    this.leastSeconds = extreme(Math.min);
    this.mostSeconds = extreme(Math.max);
  }

  /** The seconds of a profile of the first kind of chip, and of the same profile of each other kind. */
  private secondsOfKinds(profile: number): readonly number[] {
    let serve = 0;
    while (serve + 1 < this.firstProfile.length && profile >= (this.firstProfile[serve + 1] as number) * KINDS) serve++;
    const stride = (this.input.serves[serve]?.batch.maxSize ?? 0) * KINDS;
    const isFirst = profile < (this.firstProfile[serve] as number) * KINDS + stride;
    return this.chipKinds.flatMap((_, kind) => (isFirst ? (this.seconds[profile + kind * stride] as number) : []));
  }

  /** The index of a profile. */
  profile(serve: number, batch: number, kind: number): number {
    return ((this.firstProfile[serve] as number) + batch - 1) * KINDS + kind;
  }

  /** The offset of the scratch row of a chip in `prefix`. */
  scratch(chip: number): number {
    return this.scratchOffset + chip * this.scratchStride;
  }

  /** The service table of a serve for a batch size on a kind of chip. Throws if there is none, which is a bug. */
  table(chipKind: number, serve: number, batch: number): ServiceTable {
    const table = this.chipKinds[chipKind]?.serves[serve]?.tables[batch - 1];
    if (table === undefined) throw new Error(`no service table for serve ${serve}, batch ${batch}`);
    return table;
  }

  /** Whether the plan gives the weights of a layer a place in the scratchpad. */
  isPlaced(chipKind: number, model: number, layer: number): boolean {
    return this.chipKinds[chipKind]?.residency?.placed[model]?.[layer] === 1;
  }

  /**
   * Cell of the service table for a layer, if the weights of its model that have a place are there in `copies`. For a layer without a place,
   * `copies` are those of the other layers, or NO_COPY if they differ: then HBM is assumed to have the least time for prefetch.
   */
  cell(chipKind: number, layer: number, burst: boolean, copies: number): number {
    if (this.hasPlan[chipKind] === 0) return cellIndex(layer, burst ? 'burst' : 'base', 'fetch');
    if (!burst) return cellIndex(layer, 'base', (copies & BASE_COPY) !== 0 ? 'resident' : 'fetch');
    if ((copies & BURST_COPY) !== 0) return cellIndex(layer, 'burst', 'resident');
    // `convert` covers every way in which the base copy serves burst mode: the quantization unit, or the upper bytes of a nested copy.
    const converts = copies === BASE_COPY && this.servesBurst[chipKind] === 1;
    return cellIndex(layer, 'burst', converts ? 'convert' : 'fetch');
  }

  /** `cell` of the first layer for each possible value of `copies`. The cell of layer i is i * CELLS_PER_LAYER further. */
  firstCells(chipKind: number, burst: boolean): Uint8Array {
    return this.cellsOfCopies[2 * chipKind + (burst ? 1 : 0)] as Uint8Array;
  }

  /** Whether the quantization unit converts the resident weights of a layer while it runs in burst mode. */
  quantizes(chipKind: number, model: number, layer: number, copies: number): boolean {
    const { residency, quantizedSource, canBurst } = this.chipKinds[chipKind] as ChipKind;
    if (quantizedSource !== 'on-chip' || !canBurst) return false;
    if ((residency?.burstBytes[model]?.[layer] ?? 0) === 0) return false;
    return this.isPlaced(chipKind, model, layer) && (copies & BURST_COPY) === 0;
  }

  private fillProfile(
    profile: number,
    chipKind: number,
    serve: number,
    batch: number,
    kind: number,
    offset: number,
  ): void {
    const model = (this.input.serves[serve] as RunInput['serves'][number]).model;
    const table = this.table(chipKind, serve, batch);
    const burst = kind === BURST_STEADY || kind === BURST_ENTRY;
    const copies = kind === BASE_STEADY || kind === BURST_ENTRY ? BASE_COPY : BURST_COPY;
    this.offsets[profile] = offset;
    let sum = 0;
    let joules = 0;
    let quantizing = 0;
    this.prefix[offset] = 0;
    for (let layer = 0; layer < table.layerCount; layer++) {
      const cell = this.cell(chipKind, layer, burst, copies);
      const seconds = table.seconds[cell] as number;
      sum += seconds;
      joules += table.joules?.[cell] ?? 0;
      if (burst && this.quantizes(chipKind, model, layer, copies)) quantizing += seconds;
      const at = profile * bounds.length + (table.bound[cell] as number);
      this.boundSeconds[at] = (this.boundSeconds[at] as number) + seconds;
      this.prefix[offset + layer + 1] = sum;
    }
    this.seconds[profile] = sum;
    this.joules[profile] = joules;
    this.quantizingSeconds[profile] = quantizing;
  }
}
