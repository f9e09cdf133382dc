import {
  accumulatorBytes,
  activationFormat,
  bytesPerElement,
  formatBytes,
  type Message,
  type Npu,
  type Origin,
  type StatedTiles,
  type TileRules,
  weightFormat,
} from '../../design/index.ts';
import { tileMessages } from '../messages/index.ts';
import type { Settings } from './settings.ts';

const sizes = ['rows', 'reduction', 'outputs'] as const;

/** Reads `tiles { ... }`. The sizes are absent if one of them is missing, which `tileProblems` reports. */
export function readTiles(settings: Settings): TileRules {
  const share = settings.number('share');
  const keep: StatedTiles['keep'] = settings.word('keep');
  const [rows, reduction, outputs] = sizes.map((name) => settings.optionalNumber(name));
  if (rows === undefined || reduction === undefined || outputs === undefined) return { share };
  return { share, stated: { rows, reduction, outputs, keep } };
}

/** What is wrong with the tiles of a chip: a missing size, or a tile that does not fit. */
export function tileProblems(
  npu: Npu,
  settings: Settings | undefined,
): readonly { readonly origin: Origin; readonly message: Message }[] {
  const { tiles } = npu;
  if (settings === undefined || tiles === undefined) return [];
  const missing = sizes.filter((name) => settings.value(name) === undefined);
  if (missing.length > 0) {
    const isPartial = missing.length < sizes.length || settings.has('keep');
    return isPartial ? [{ origin: settings.head, message: tileMessages.missingTileSizes({ missing }) }] : [];
  }
  const { stated } = tiles;
  if (stated === undefined) return [];
  const needed = tileBytes(npu, stated);
  const available = tiles.share * npu.vmem.capacityBytes;
  if (needed <= available) return [];
  const { rows, reduction, outputs } = stated;
  const message = tileMessages.tileTooLarge({
    rows,
    reduction,
    outputs,
    needed: formatBytes(needed),
    memory: npu.unified === true ? 'the buffer' : 'VMEM',
    available: formatBytes(available),
  });
  return [{ origin: settings.head, message }];
}

/** Bytes of one tile in base mode: two buffers for each operand and for the results, one for partial sums. */
function tileBytes({ base }: Npu, { rows, reduction, outputs }: StatedTiles): number {
  const activations = bytesPerElement(activationFormat(base));
  return (
    2 * reduction * outputs * bytesPerElement(weightFormat(base)) +
    2 * rows * reduction * activations +
    rows * outputs * (accumulatorBytes(base) + 2 * activations)
  );
}
