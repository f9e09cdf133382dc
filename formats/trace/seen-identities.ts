import type { TraceRecord } from './records.ts';

/** The most identities that are kept. Our assumption: a file whose requests have several rows shows it among so many. */
const mostKept = 1e5;
/** The number of places of the hash table. It is a power of two, and more than twice `mostKept`, so that a search is short. */
const places = 2 ** 18;

/**
 * Finds identities that several rows have, in bounded memory: it keeps a hash of 64 bits of each of the first
 * `mostKept` identities, and looks no further.
 */
export class SeenIdentities {
  private readonly high = new Uint32Array(places);
  private readonly low = new Uint32Array(places);
  private kept = 0;

  get isFull(): boolean {
    return this.kept >= mostKept;
  }

  /** Whether a cell has the identity of an earlier row. Empty cells and `null` are no identities. */
  add({ bytes, starts, ends }: TraceRecord, index: number): boolean {
    let start = starts[index] ?? 0;
    let end = ends[index] ?? 0;
    while (start < end && bytes[start] === 0x20) start++;
    while (end > start && bytes[end - 1] === 0x20) end--;
    if (isMissing(bytes, start, end)) return false;
    // FNV-1a, twice with different primes and starts. A place with two zeros is free, so one bit is always set.
    let high = 0x811c9dc5;
    let low = 0x9e3779b9;
    for (let at = start; at < end; at++) {
      const code = bytes[at] ?? 0;
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ code, 0x85ebca6b);
      low ^= low >>> 13;
    }
    return this.find(high >>> 0, (low | 1) >>> 0);
  }

  private find(high: number, low: number): boolean {
    let place = (high ^ (low >>> 7)) & (places - 1);
    for (; this.low[place] !== 0; place = (place + 1) & (places - 1))
      if (this.low[place] === low && this.high[place] === high) return true;
    this.kept++;
    this.high[place] = high;
    this.low[place] = low;
    return false;
  }
}

const missing = new Set(['-', 'null', 'none', 'nil', 'nan', 'n/a', 'undefined']);

function isMissing(bytes: Uint8Array, start: number, end: number): boolean {
  if (end <= start) return true;
  const first = bytes[start] ?? 0;
  const isDigit = first >= 0x30 && first <= 0x39;
  return !isDigit && end - start <= 9 && missing.has(String.fromCharCode(...bytes.subarray(start, end)).toLowerCase());
}
