import { type MessageRegistry, message } from '../../design/index.ts';
import { allOf } from './wording.ts';

/** The tiles that a chip states. */
export const tileMessages = {
  missingTileSizes: message(
    'missing-property',
    ({ missing }: { missing: readonly string[] }) =>
      `The size of a tile needs 'rows', 'reduction' and 'outputs'. Add ${allOf(missing)}, or state only 'share' to search the fastest tiles.`,
  ),
  tileTooLarge: message(
    'out-of-range',
    (p: { rows: number; reduction: number; outputs: number; needed: string; memory: string; available: string }) =>
      `A tile of ${p.rows} rows, a reduction of ${p.reduction} and ${p.outputs} outputs needs ${p.needed} with its buffers, but ` +
      `${p.memory} has ${p.available} for tiles. Use a smaller tile or enlarge ${p.memory}.`,
  ),
} satisfies MessageRegistry;
