import { type MemoryRates, memoryRates, type Npu } from '../../design/index.ts';

/** The rates that the memories of a chip sustain. */
export interface ChipRates {
  readonly hbm: MemoryRates;
  /** Those of HBM if the chip has no large scratchpad. */
  readonly cmem: MemoryRates;
  readonly vmem: MemoryRates;
}

const known = new WeakMap<Npu, ChipRates>();

export function ratesOf(npu: Npu): ChipRates {
  let rates = known.get(npu);
  if (rates === undefined) {
    rates = { hbm: memoryRates(npu.hbm), cmem: memoryRates(npu.cmem ?? npu.hbm), vmem: memoryRates(npu.vmem) };
    known.set(npu, rates);
  }
  return rates;
}

/** Seconds in which a memory reads and writes the given bytes. */
export function transferSeconds(rates: MemoryRates, readBytes: number, writeBytes: number): number {
  return Math.max(readBytes / rates.read, writeBytes / rates.write, (readBytes + writeBytes) / rates.both);
}
