import type { Npu, Scenario } from '../../design/index.ts';
import { type KeepTables, TableCache } from '../run-input.ts';

/** The largest size of all stored tables in bytes. Our assumption: enough for some hundred chips with usual networks. */
const mostBytes = 64 * 2 ** 20;
/** The size of the table of one layer for one batch size: seconds, joules and the bound of its six cells. */
const bytesPerLayer = 6 * (8 + 8 + 1);

interface Entry {
  readonly npu: Npu;
  readonly cache: TableCache;
  bytes: number;
}

/**
 * Stores the tables of several chips. So designs that differ only in their scheduler or load share their tables. If there are too
 * many, it removes the tables of the chip that was not used for the longest time.
 */
export class ChipTables {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  readonly keep: KeepTables = (scenario) => {
    const { npu, cache } = this.of(scenario);
    return { scenario: { ...scenario, npu }, cache };
  };

  /** The stored chip, which is equal to the chip of the scenario and replaces it. */
  private of({ npu, serves }: Scenario): Entry {
    const key = JSON.stringify(npu, (name, value: unknown) => {
      if (name === 'origin') return undefined;
      // JSON cannot represent Infinity, which is the value of an unlimited rate.
      return value === Number.POSITIVE_INFINITY ? 'unlimited' : value;
    });
    const entry = this.entries.get(key) ?? { npu, cache: new TableCache(), bytes: 0 };
    this.bytes -= entry.bytes;
    const grown = serves.reduce(
      (sum, { model, batch }) => sum + model.layers.length * batch.maxSize * bytesPerLayer,
      0,
    );
    entry.bytes = Math.max(entry.bytes, grown);
    this.bytes += entry.bytes;
    // Move it to the end of the order of removal.
    this.entries.delete(key);
    this.entries.set(key, entry);
    for (const [oldest, { bytes }] of this.entries) {
      if (this.bytes <= mostBytes || oldest === key) break;
      this.entries.delete(oldest);
      this.bytes -= bytes;
    }
    return entry;
  }
}
