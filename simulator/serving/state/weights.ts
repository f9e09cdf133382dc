import type { RunInput } from '../input.ts';
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

/** A model whose layers do not all stand alike. */
const MIXED = 4;

/**
 * The state of each chip's large scratchpad, which all requests share: for every layer that has a place in it, which copies of
 * its weights lie there. Burst turns base weights into int8 in their place, so that the way back fetches them again, but where
 * the plan keeps both (`stored`) or room is left over for the second copy.
 */
export class Weights {
  /** Copies common to all placed layers of a model on a chip, or MIXED: [chip * models + model]. */
  private readonly common: Uint8Array;
  private readonly models: number;
  /** What `kind` says: [(chip * models + model) * 2 + burst]. */
  private readonly kinds: Int8Array;
  /** Bytes per chip, kept to hold against the capacity. */
  readonly usedBytes: Float64Array;
  private readonly copies: Uint8Array;
  private readonly firstLayer: Int32Array;
  private readonly layersPerChip: number;
  private readonly spareBytes: Float64Array;
  private readonly input: RunInput;

  constructor(input: RunInput, profiles: ServiceProfiles) {
    this.input = input;
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
    const plan = input.residency;
    const spare = plan === null ? 0 : plan.capacityBytes - plan.usedBytes - (plan.activationBytes ?? 0);
    this.spareBytes = new Float64Array(input.chips).fill(Math.max(0, spare));
    for (let model = 0; model < this.models; model++) {
      // A model with nothing to keep is always in the state that needs no change.
      const any = plan?.placed[model]?.some((placed) => placed === 1) ?? false;
      for (let chip = 0; chip < input.chips; chip++) {
        this.setCommon(chip * this.models + model, any ? NO_COPY : BOTH_COPIES);
      }
    }
  }

  /** Profile kind for a model on a chip in a mode; -1 where no profile covers it. */
  kind(chip: number, model: number, burst: boolean): number {
    return this.kinds[(chip * this.models + model) * 2 + (burst ? 1 : 0)] as number;
  }

  private setCommon(row: number, copies: number): void {
    this.common[row] = copies;
    const mixed = copies === MIXED;
    this.kinds[row * 2] = mixed ? -1 : (copies & BASE_COPY) !== 0 ? BASE_STEADY : BASE_RETURN;
    // Weights that are nowhere yet stream in; only those that are there can be converted.
    const streams = copies === NO_COPY && this.input.quantizedSource === 'on-chip';
    this.kinds[row * 2 + 1] = mixed || streams ? -1 : (copies & BURST_COPY) !== 0 ? BURST_STEADY : BURST_ENTRY;
  }

  /** Whether all placed layers of a model lie on a chip in a mode's format. */
  stands(chip: number, model: number, burst: boolean): boolean {
    return ((this.common[chip * this.models + model] as number) & (burst ? BURST_COPY : BASE_COPY)) !== 0;
  }

  copiesOf(chip: number, model: number, layer: number): number {
    return this.copies[chip * this.layersPerChip + (this.firstLayer[model] as number) + layer] as number;
  }

  /** Layers from .. to - 1 have run in a mode: their weights now stand in its format. */
  ran(chip: number, model: number, from: number, to: number, burst: boolean, layers: number): void {
    const row = chip * this.models + model;
    const wanted = burst ? BURST_COPY : BASE_COPY;
    const plan = this.input.residency;
    if (plan === null) return;
    const placed = plan.placed[model] as Uint8Array;
    const baseBytes = plan.baseBytes[model] as Float64Array;
    const burstBytes = plan.burstBytes[model] as Float64Array;
    const start = chip * this.layersPerChip + (this.firstLayer[model] as number);
    for (let layer = from; layer < to; layer++) {
      if (placed[layer] !== 1) continue;
      const had = this.copies[start + layer] as number;
      if ((had & wanted) !== 0) continue;
      const bytes = (burst ? burstBytes[layer] : baseBytes[layer]) ?? 0;
      const otherBytes = (burst ? baseBytes[layer] : burstBytes[layer]) ?? 0;
      let now = wanted;
      let delta = bytes;
      if (had !== NO_COPY) {
        const smaller = Math.min(bytes, otherBytes);
        if (this.input.quantizedSource === 'stored') now = BOTH_COPIES;
        else if (smaller <= (this.spareBytes[chip] as number)) {
          now = BOTH_COPIES;
          this.spareBytes[chip] = (this.spareBytes[chip] as number) - smaller;
        } else delta = bytes - otherBytes;
      }
      this.copies[start + layer] = now;
      this.usedBytes[chip] = (this.usedBytes[chip] as number) + delta;
    }
    this.setCommon(row, this.commonState(start, placed, layers));
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
