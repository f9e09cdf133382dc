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

const keyword = 'tiles';

/** The blocks `tiles { ... }` and `tiles conv1 { ... }` of a chip, with the name of the layer. */
function tileBlocks(chip: Settings): readonly { readonly layer: string | undefined; readonly settings: Settings }[] {
  return [...chip.blocks.entries()].flatMap(([key, [settings]]) => {
    if (settings === undefined || (key !== keyword && !key.startsWith(`${keyword} `))) return [];
    return [{ layer: key === keyword ? undefined : key.slice(keyword.length + 1), settings }];
  });
}

/** The settings of all `tiles` blocks. */
export function tileSettings(chip: Settings): readonly Settings[] {
  return tileBlocks(chip).map(({ settings }) => settings);
}

/** Reads the `tiles` blocks of a chip. Tiles with a missing size are left out, and `tileProblems` reports them. undefined: there is no block. */
export function readTiles(chip: Settings): TileRules | undefined {
  const blocks = tileBlocks(chip);
  if (blocks.length === 0) return undefined;
  const whole = blocks.find(({ layer }) => layer === undefined)?.settings;
  const stated = whole && sizesOf(whole);
  const layers = blocks.flatMap(({ layer, settings }) => {
    const own = sizesOf(settings);
    return layer === undefined || own === undefined ? [] : [[layer, { ...own, origin: settings.head }] as const];
  });
  return {
    share: whole?.number('share') ?? 1,
    ...(stated === undefined ? {} : { stated }),
    ...(layers.length === 0 ? {} : { layers: Object.fromEntries(layers) }),
  };
}

function sizesOf(settings: Settings): StatedTiles | undefined {
  const keep: StatedTiles['keep'] = settings.word('keep');
  const [rows, reduction, outputs] = sizes.map((name) => settings.optionalNumber(name));
  if (rows === undefined || reduction === undefined || outputs === undefined) return undefined;
  return { rows, reduction, outputs, keep };
}

/** What is wrong with the tiles of a chip: a missing size, or a tile that does not fit. */
export function tileProblems(npu: Npu, chip: Settings): readonly TileProblem[] {
  return tileBlocks(chip).flatMap(({ layer, settings }) => blockProblems(npu, settings, layer !== undefined));
}

interface TileProblem {
  readonly origin: Origin;
  readonly message: Message;
}

function blockProblems(npu: Npu, settings: Settings, isOfLayer: boolean): readonly TileProblem[] {
  const missing = sizes.filter((name) => settings.value(name) === undefined);
  if (missing.length > 0) {
    const isPartial = isOfLayer || missing.length < sizes.length || settings.has('keep');
    return isPartial ? [{ origin: settings.head, message: tileMessages.missingTileSizes({ missing }) }] : [];
  }
  const stated = sizesOf(settings);
  if (stated === undefined) return [];
  const needed = tileBytes(npu, stated);
  const available = settings.number('share') * npu.vmem.capacityBytes;
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
