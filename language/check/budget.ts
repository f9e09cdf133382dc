import type { Layer, Message } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { limitMessages } from '../messages/index.ts';
import { type Entry, structureByKeyword } from './layer-entries.ts';

/** The remaining budget of all networks of one check together. The first caller that exceeds it reports that, once. */
export class Budget {
  private layers: number = limits.programLayers;
  private entries: number = limits.programEntries;
  private characters: number = limits.layerNameCharacters;
  private isReported = false;

  /**
   * Counts an entry that is read while a network is unrolled, by the length of its text. The entries inside a structure are counted
   * separately.
   */
  countEntry({ keyword, origin, parameters }: Entry): void {
    const own = structureByKeyword.has(keyword.text) ? (parameters ?? keyword) : origin;
    this.countEntries(1 + Math.floor((own.end - own.start) / limits.entryCharacters));
  }

  countEntries(count: number): void {
    this.entries -= count;
  }

  /** Counts a layer with its name. */
  countLayer(name: string): void {
    this.layers--;
    this.characters -= name.length;
  }

  /** Counts a network that is not unrolled: one of another format, or of an earlier check. */
  countLayers(layers: readonly Layer[]): void {
    for (const { name } of layers) this.countLayer(name);
  }

  /** Whether a network that is already built still fits. */
  fits(layers: readonly Layer[]): boolean {
    if (layers.length > this.layers) return false;
    return layers.reduce((sum, { name }) => sum + name.length, 0) <= this.characters;
  }

  get isSpent(): boolean {
    return this.layers < 0 || this.entries < 0 || this.characters < 0;
  }

  /** The message for the exceeded budget. Only the first call returns one, because everything after it exceeds the budget too. */
  takeMessage(): Message | undefined {
    if (this.isReported || !this.isSpent) return undefined;
    this.isReported = true;
    if (this.layers < 0) return limitMessages.programLayers({ most: limits.programLayers });
    if (this.characters < 0) return limitMessages.layerNames({ most: limits.layerNameCharacters });
    return limitMessages.programEntries({ most: limits.programEntries });
  }
}
