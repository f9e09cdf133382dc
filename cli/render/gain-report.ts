import {
  type BurstGain,
  formatPercent,
  formatSeconds,
  type GainLimit,
  gainLimits,
  type LayerCost,
  type ModelCost,
} from '../../design/index.ts';
import type { Look } from '../terminal.ts';
import { paintFor } from './paint.ts';
import { renderTable, type TableColumn } from './table.ts';
import { wrap } from './text-width.ts';
import { countText, ratioText } from './value-text.ts';

const indent = 2;

/** The reason why a layer gains less than a factor of two, for a column. */
export const limitWords: Readonly<Record<GainLimit, string>> = {
  folds: 'folds',
  fill: 'fill, drain',
  stage: 'other stage',
  unpacked: 'no packing',
  'no-products': 'no products',
  overlap: 'overlap',
};

const limitSentences: Readonly<Record<GainLimit, string>> = {
  folds: 'the work is short: its folds on the array do not halve',
  fill: 'the folds halve, but loading, filling and draining do not',
  stage: 'another stage than the arrays bounds the layer',
  unpacked: 'the arrays multiply one pair for each element',
  'no-products': 'there are no products to pack',
  overlap: 'first load and last store are not overlapped',
};

/** For burst mode: the gain of the whole network over base mode, and how much of the factor of two each reason costs. */
export function gainLines(cost: ModelCost, look: Look): string[] {
  const paint = paintFor(look.colour);
  const gaining = cost.layers.flatMap((layer) => (layer.gain === null ? [] : [{ layer, gain: layer.gain }]));
  if (gaining.length === 0) return [];
  const baseCycles = gaining.reduce((total, { layer, gain }) => total + layer.cycles * gain.factor, 0);
  const factor = baseCycles / cost.cycles;
  // A layer with a gain of two would need half of the cycles of base mode. Cycles above this are lost.
  const lostOf = (layer: LayerCost, gain: BurstGain) => layer.cycles * (1 - gain.factor / 2);
  const rows = gainLimits
    .map((limit) => {
      const held = gaining.filter(({ gain }) => gain.limit === limit);
      const lost = held.reduce((total, { layer, gain }) => total + lostOf(layer, gain), 0);
      return { limit, layers: held.length, lost };
    })
    .filter((row) => row.layers > 0)
    .sort((a, b) => b.lost - a.lost);
  const whole = rows.reduce((total, row) => total + row.lost, 0);
  const columns: TableColumn[] = [
    { header: 'lost to', align: 'left' },
    { header: 'layers', align: 'right', importance: 2 },
    { header: 'cycles above half', align: 'right' },
    { header: 'share', align: 'right', importance: 3 },
    { header: 'because', align: 'left', importance: 1 },
  ];
  const cells = rows.map((row) => [
    limitWords[row.limit],
    String(row.layers),
    countText(row.lost),
    formatPercent(row.lost / whole, 2),
    limitSentences[row.limit],
  ]);
  const head = `burst takes ${formatSeconds(cost.seconds)}, base ${formatSeconds(cost.seconds * factor)}: a gain of ${ratioText(factor)}`;
  return [
    '',
    ...wrap(head, look.width - indent).map((line) => ' '.repeat(indent) + paint.bold(line)),
    '',
    ...(whole <= 0 ? [] : renderTable(columns, cells, { width: look.width, paintHeader: paint.dim, indent }).lines),
  ];
}
