import type { QuantityType } from '../../schema/index.ts';
import type { SettingValue } from '../settings.ts';
import { readQuantity } from './quantities.ts';
import { type ReadingTools, reportMisfit, type Slot } from './slot.ts';

/** Reads a list of numbers: `[128, 256, 1024]`. Each number is read and reported as a separate quantity. */
export function readNumbers(
  slot: Slot,
  { quantity, most }: { readonly quantity: QuantityType; readonly most: number },
  tools: ReadingTools,
): SettingValue | undefined {
  const { node } = slot;
  const wanted = `a list of 1 to ${most} numbers, such as ${slot.property.example ?? '[1, 2]'}`;
  if (node.kind !== 'list' || node.items.length === 0 || node.items.length > most) {
    return reportMisfit(slot, wanted, tools);
  }
  const numbers: number[] = [];
  for (const item of node.items) {
    const value = readQuantity({ ...slot, node: item }, quantity, tools);
    if (value?.kind !== 'quantity') return undefined;
    numbers.push(value.value);
  }
  return { kind: 'numbers', numbers };
}
