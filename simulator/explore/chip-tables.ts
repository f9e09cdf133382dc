import type { Npu } from '../../design/index.ts';
import { type KeepTables, TableCache } from '../run-input.ts';

/** The largest size of all stored tables in bytes. Our assumption: enough for some hundred chips with usual networks. */
const mostBytes = 64 * 2 ** 20;
/** Chips that differ at most in the capacity of their large scratchpad, and their tables. */
interface Entry {
  readonly npus: Map<number, Npu>;
  readonly cache: TableCache;
}

/**
 * Stores the tables of several chips. So designs that differ only in their scheduler or load share their tables, and so do designs that keep the
 * same weights and activations in large scratchpads of different capacities. If there are too many tables, it removes those of the chips that were
 * not used for the longest time.
 */
export class ChipTables {
  private readonly entries = new Map<string, Entry>();

  readonly keep: KeepTables = (scenario) => {
    const { cache, npus } = this.of(scenario.npu);
    const capacity = scenario.npu.cmem?.capacityBytes ?? 0;
    const npu = npus.get(capacity) ?? scenario.npu;
    npus.set(capacity, npu);
    return { scenario: { ...scenario, npu }, cache };
  };

  private of(npu: Npu): Entry {
    const cmem = npu.cmem === null ? null : { ...npu.cmem, capacityBytes: 0 };
    const key = JSON.stringify({ ...npu, cmem }, (name, value: unknown) => {
      if (name === 'origin') return undefined;
      // JSON cannot represent Infinity, which is the value of an unlimited rate.
      return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
    });
    const entry = this.entries.get(key) ?? { npus: new Map<number, Npu>(), cache: new TableCache(npu) };
    // Move it to the end of the order of removal.
    this.entries.delete(key);
    this.entries.set(key, entry);
    let bytes = 0;
    for (const { cache } of this.entries.values()) bytes += cache.bytes;
    for (const [oldest, { cache }] of this.entries) {
      if (bytes <= mostBytes || oldest === key) break;
      this.entries.delete(oldest);
      bytes -= cache.bytes;
    }
    return entry;
  }
}
