import type { ChipArea, MemoryNames, WeightCopies } from '../../design/index.ts';
import type { ResidencyPlan, ServiceTable } from '../service-table.ts';

/*
 * The kinds of chip behind one queue. A run with one kind is described by the fields of its input alone. A run with several kinds has a list of
 * them, and the chips are numbered in the order of the list.
 */

/** One kind of chip of a run. A run whose chips are all equal is such a kind itself. */
export interface ChipKind {
  readonly npuName: string;
  /** The number of chips of this kind. */
  readonly chips: number;
  readonly canBurst: boolean;
  readonly quantizedSource: WeightCopies;
  readonly switchLatencySeconds: number;
  readonly residency: ResidencyPlan | null;
  /** Static power of one chip. null: the chip has no energy figures. */
  readonly staticWatts: number | null;
  /** The area of one chip. Absent if it states none. */
  readonly area?: ChipArea;
  /** The names of the memories of the chip. Absent: HBM, and no unified buffer. */
  readonly memories?: MemoryNames;
  /** What the hardware model computed for each serve of the run, in the same order. */
  readonly serves: readonly { readonly tables: readonly ServiceTable[] }[];
}

/** The chips of a run. */
interface RunChips extends ChipKind {
  readonly kinds?: readonly ChipKind[];
}

/** All kinds of chip of a run. */
export function kindsOf(input: RunChips): readonly ChipKind[] {
  return input.kinds ?? [input];
}

/** The kind of each chip, as an index of `kindsOf`. */
export function kindOfEachChip(input: RunChips): readonly number[] {
  return kindsOf(input).flatMap(({ chips }, kind) => Array.from({ length: chips }, () => kind));
}

/** The static power of all chips. null: a chip has no energy figures. */
export function totalStaticWatts(input: RunChips): number | null {
  let sum = 0;
  for (const { staticWatts, chips } of kindsOf(input)) {
    if (staticWatts === null) return null;
    sum += staticWatts * chips;
  }
  return sum;
}
