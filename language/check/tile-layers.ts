import type { LayerTiles, Model, Npu } from '../../design/index.ts';
import { tileMessages } from '../messages/index.ts';
import { suggest } from '../suggest.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reports tiles of a layer that no network of the program has. `models`: all networks of the program; undefined for one that has errors or is not
 * loaded. Then nothing is reported, because it may have the layer. Chips that extend another one share its tiles, which are reported once.
 */
export function checkTileLayers(
  npus: readonly Npu[],
  models: readonly (Model | undefined)[],
  reporter: Reporter,
): void {
  const known = new Set<string>();
  for (const model of models) {
    if (model === undefined) return;
    for (const { name } of model.layers) known.add(name);
  }
  if (known.size === 0) return;
  const seen = new Set<LayerTiles['origin']>();
  for (const npu of npus) {
    for (const [layer, { origin }] of Object.entries(npu.tiles?.layers ?? {})) {
      if (known.has(layer) || seen.has(origin)) continue;
      seen.add(origin);
      const close = suggest(layer, [...known]);
      reporter.report(origin, tileMessages.noSuchLayer({ npu: npu.name, layer, close }));
    }
  }
}
