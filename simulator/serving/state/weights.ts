import type { RunInput } from '../input.ts';
import { type ChipKind, kindOfEachChip, kindsOf } from '../kinds.ts';
import {
  BASE_COPY,
  BASE_RETURN,
  BASE_STEADY,
  BOTH_COPIES,
  BURST_COPY,
  BURST_ENTRY,
  BURST_STEADY,
  NO_COPY,
  type ServiceProfiles,
} from './service-profiles.ts';

/** The layers of a network have different copies. */
const MIXED = 4;

/**
 * The state of the large scratchpad of each chip, which all requests share: the copies of the weights of each layer that
 * has a place in it. Burst mode replaces base weights by int8 weights, so a return to base mode fetches the base weights
 * again. The scratchpad has both copies only if the plan stores both (`stored`) or if the second copy fits into spare
 * capacity.
 */
export class Weights {
  /** The copies that all placed layers of a network have on a chip, or MIXED. Index: chip * models + model. */
  private readonly common: Uint8Array;
  private readonly models: number;
  /** The results of `kind`. Index: (chip * models + model) * 2 + burst. */
  private readonly kinds: Int8Array;
  /** Used bytes per chip. `checkRun` compares them with the capacity. */
  readonly usedBytes: Float64Array;
  /** The copies of the weights of each layer. Index: `firstCopy` + layer. */
  readonly copies: Uint8Array;
  private readonly firstLayer: Int32Array;
  private readonly layersPerChip: number;
  private readonly spareBytes: Float64Array;
  /** The kind of each chip. */
  private readonly chips: readonly ChipKind[];

  constructor(input: RunInput, profiles: ServiceProfiles) {
    const kinds = kindsOf(input);
    this.chips = kindOfEachChip(input).map((kind) => kinds[kind] as ChipKind);
    this.models = input.serves.reduce((count, serve) => Math.max(count, serve.model + 1), 0);
    this.firstLayer = new Int32Array(this.models);
    const layers = new Int32Array(this.models);
    input.serves.forEach((serve, s) => {
      layers[serve.model] = profiles.layerCounts[s] as number;
    });
    let total = 0;
    for (let model = 0; model < this.models; model++) {
      this.firstLayer[model] = total;
      total += layers[model] as number;
    }
    this.layersPerChip = total;
    this.copies = new Uint8Array(total * input.chips);
    this.common = new Uint8Array(this.models * input.chips);
    this.kinds = new Int8Array(this.models * input.chips * 2);
    this.usedBytes = new Float64Array(input.chips);
    this.spareBytes = Float64Array.from(this.chips, ({ residency }) =>
      residency === null ? 0 : Math.max(0, residency.capacityBytes - residency.usedBytes - residency.activationBytes),
    );
    for (const [chip, { residency }] of this.chips.entries()) {
      for (let model = 0; model < this.models; model++) {
        // A network without placed layers never needs a fetch or a conversion.
        const any = residency?.placed[model]?.some((placed) => placed === 1) ?? false;
        this.setCommon(chip, model, any ? NO_COPY : BOTH_COPIES);
      }
    }
  }

  /** The kind of service profile for a network on a chip in a mode. -1: no profile describes it. */
  kind(chip: number, model: number, burst: boolean): number {
    return this.kinds[(chip * this.models + model) * 2 + (burst ? 1 : 0)] as number;
  }

  private setCommon(chip: number, model: number, copies: number): void {
    const row = chip * this.models + model;
    const { canBurst, quantizedSource } = this.chips[chip] as ChipKind;
    // Without a burst mode, the base copy serves both.
    this.common[row] = canBurst || (copies & BASE_COPY) === 0 ? copies : BOTH_COPIES;
    const mixed = copies === MIXED;
    this.kinds[row * 2] = mixed ? -1 : (copies & BASE_COPY) !== 0 ? BASE_STEADY : BASE_RETURN;
    // Weights that are not in the scratchpad are fetched. Only resident weights can be converted.
    const streams = copies === NO_COPY && quantizedSource === 'on-chip';
    this.kinds[row * 2 + 1] = mixed || streams ? -1 : (copies & BURST_COPY) !== 0 ? BURST_STEADY : BURST_ENTRY;
  }

  /** Whether a chip has the weights of all placed layers of a network in the format of a mode. */
  isResident(chip: number, model: number, burst: boolean): boolean {
    return ((this.common[chip * this.models + model] as number) & (burst ? BURST_COPY : BASE_COPY)) !== 0;
  }

  /** The copies of the weights of one layer on a chip. */
  copiesOf(chip: number, model: number, layer: number): number {
    return this.copies[this.firstCopy(chip, model) + layer] as number;
  }

  /** The place of the first layer of a network on a chip in `copies`. */
  firstCopy(chip: number, model: number): number {
    return chip * this.layersPerChip + (this.firstLayer[model] as number);
  }

  /** Records that layers from .. to - 1 ran in a mode. Their weights are now resident in its format. */
  ran(chip: number, model: number, from: number, to: number, burst: boolean, layers: number): void {
    const { residency: plan, quantizedSource } = this.chips[chip] as ChipKind;
    const wanted = burst ? BURST_COPY : BASE_COPY;
    if (plan === null) return;
    const placed = plan.placed[model] as Uint8Array;
    const shares = plan.shares[model] as Float64Array;
    const baseBytes = plan.baseBytes[model] as Float64Array;
    const burstBytes = plan.burstBytes[model] as Float64Array;
    const start = this.firstCopy(chip, model);
    for (let layer = from; layer < to; layer++) {
      if (placed[layer] !== 1) continue;
      const had = this.copies[start + layer] as number;
      if ((had & wanted) !== 0) continue;
      const share = shares[layer] as number;
      const bytes = share * ((burst ? burstBytes[layer] : baseBytes[layer]) ?? 0);
      const otherBytes = share * ((burst ? baseBytes[layer] : burstBytes[layer]) ?? 0);
      const isShared = quantizedSource === 'shared';
      let now = isShared ? BOTH_COPIES : wanted;
      let delta = bytes;
      if (had !== NO_COPY) {
        const smaller = Math.min(bytes, otherBytes);
        if (quantizedSource === 'stored') {
          now = BOTH_COPIES;
          // Weights that no mode quantizes have the same size in both, and one copy serves both.
          if (bytes === otherBytes) delta = 0;
        } else if (quantizedSource === 'nested' && had === BASE_COPY) {
          // The base copy contains the quantized one.
          now = BOTH_COPIES;
          delta = 0;
        } else if (smaller <= (this.spareBytes[chip] as number)) {
          now = BOTH_COPIES;
          this.spareBytes[chip] = (this.spareBytes[chip] as number) - smaller;
        } else delta = bytes - otherBytes;
      }
      this.copies[start + layer] = now;
      this.usedBytes[chip] = (this.usedBytes[chip] as number) + delta;
    }
    this.setCommon(chip, model, this.commonState(start, placed, layers));
  }

  private commonState(start: number, placed: Uint8Array, layers: number): number {
    let state = -1;
    for (let layer = 0; layer < layers; layer++) {
      if (placed[layer] !== 1) continue;
      const copies = this.copies[start + layer] as number;
      if (state === -1) state = copies;
      else if (state !== copies) return MIXED;
    }
    return state === -1 ? BOTH_COPIES : state;
  }
}
