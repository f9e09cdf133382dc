import type { Npu, Scenario } from '../../design/index.ts';
import { type KeepTables, TableCache } from '../run-input.ts';

/** Tables that may be kept, in bytes: some hundred chips of usual networks. Our assumption. */
const mostBytes = 64 * 2 ** 20;
/** Of one layer at one batch size: seconds, joules and the bound of its six cells. */
const bytesPerLayer = 6 * (8 + 8 + 1);

interface Entry {
  readonly npu: Npu;
  readonly cache: TableCache;
  bytes: number;
}

/** What layers cost, chip by chip: designs that differ by their scheduler or their load alone are priced once. The chip that was not asked for longest goes first. */
export class ChipTables {
  private readonly entries = new Map<string, Entry>();
  private bytes = 0;

  readonly keep: KeepTables = (scenario) => {
    const { npu, cache } = this.of(scenario);
    return { scenario: { ...scenario, npu }, cache };
  };

  /** The chip to simulate with in the place of the scenario's own, which it equals. */
  private of({ npu, serves }: Scenario): Entry {
    const key = JSON.stringify(npu, (name, value: unknown) => {
      if (name === 'origin') return undefined;
      // An unlimited rate, which JSON has no word for.
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
    // At the end of the order in which they go.
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
