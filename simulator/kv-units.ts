import { bytesPerElement, isSameFormat, type Mode, type StoredFormat } from '../design/index.ts';
import type { BlockUnits } from './sequences/index.ts';

/**
 * Parts of a block in the format of base mode. Our choice: every format with groups of a power of two, such as int4(128), is a whole number of
 * parts. Others are rounded up, by at most 0.4 % of a block.
 */
const PARTS = 256;

/** The memory of the blocks of both formats in the largest common unit. undefined: all blocks have one format. */
export function blockUnitsOf({ base, burst }: Readonly<Record<Mode, StoredFormat>>): BlockUnits | undefined {
  if (isSameFormat(base, burst)) return undefined;
  const parts = Math.max(1, Math.ceil((PARTS * bytesPerElement(burst)) / bytesPerElement(base)));
  const common = commonDivisor(PARTS, parts);
  return { base: PARTS / common, burst: parts / common };
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}
