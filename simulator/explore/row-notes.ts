import type { Caveat } from '../../design/index.ts';

/** The caveats and the stated inputs of the runs of one design. */
export interface RowNotes {
  readonly caveats: readonly Caveat[];
  readonly statedInputs: readonly string[];
}

/** Of a design without a run. */
export const noNotes: RowNotes = { caveats: [], statedInputs: [] };

/** The caveats and stated inputs of one row. Those of all rows if the part does not state which belong to it. */
export function notesOf(
  { notes, caveats, statedInputs }: RowNotes & { readonly notes?: readonly RowNotes[] },
  row: number,
): RowNotes {
  const own = notes === undefined ? { caveats, statedInputs } : (notes[row] ?? noNotes);
  return { caveats: own.caveats, statedInputs: own.statedInputs };
}
