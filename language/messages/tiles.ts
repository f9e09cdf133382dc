import { type MessageRegistry, message } from '../../design/index.ts';
import { allOf, didYouMean } from './wording.ts';

/** The tiles that a chip states. */
export const tileMessages = {
  missingTileSizes: message(
    'missing-property',
    ({ missing }: { missing: readonly string[] }) =>
      `The size of a tile needs 'rows', 'reduction' and 'outputs'. Add ${allOf(missing)}, or state only 'share' to search the fastest tiles.`,
  ),
  notALayerName: message(
    'unexpected-name',
    ({ written }: { written: string }) =>
      `'${written}' is not the name of a layer. Write its label, such as 'tiles conv1 { ... }'.`,
  ),
  noSuchLayer: message(
    'unknown-name',
    ({ npu, layer, close }: { npu: string; layer: string; close: string | undefined }) =>
      `'${npu}' states tiles for the layer '${layer}', but no network of this file and its imports has a layer with this name.${didYouMean(close)}`,
  ),
  tileTooLarge: message(
    'out-of-range',
    (p: { rows: number; reduction: number; outputs: number; needed: string; memory: string; available: string }) =>
      `A tile of ${p.rows} rows, a reduction of ${p.reduction} and ${p.outputs} outputs needs ${p.needed} with its buffers, but ` +
      `${p.memory} has ${p.available} for tiles. Use a smaller tile or enlarge ${p.memory}.`,
  ),
} satisfies MessageRegistry;
