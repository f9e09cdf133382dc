import { assertNever } from './assert-never.ts';
import type { Bound } from './cost.ts';
import type { MemoryNames, Npu } from './npu.ts';

/** Names for results that state none. */
const usualNames: MemoryNames = { offChip: 'HBM' };

export function memoryNamesOf({ offChip, unified }: Pick<Npu, 'offChip' | 'unified'>): MemoryNames {
  return unified === true ? { offChip, unified } : { offChip };
}

/** "HBM", "DRAM", or "the host link" on a chip without off-chip memory. */
export function offChipName({ offChip }: MemoryNames = usualNames): string {
  if (offChip === 'memory') return 'the off-chip memory';
  return offChip === 'none' ? 'the host link' : offChip;
}

/** A stage in a sentence: "the arrays", "VMEM". */
export function stageName(bound: Bound, memories: MemoryNames = usualNames): string {
  switch (bound) {
    case 'compute':
      return 'the arrays';
    case 'vector':
      return 'the vector unit';
    case 'vmem':
      return memories.unified === true ? 'the buffer' : 'VMEM';
    case 'cmem':
      return 'CMEM';
    case 'hbm':
      return offChipName(memories);
    case 'quantizer':
      return 'the quantization unit';
    case 'dispatch':
      return 'fixed costs';
    default:
      return assertNever(bound);
  }
}

/** A stage in a column of a table: "compute", "hbm", "dram". */
export function stageLabel(bound: Bound, { offChip }: MemoryNames = usualNames): string {
  if (bound !== 'hbm') return bound;
  return offChip === 'none' ? 'link' : offChip.toLowerCase();
}
