import {
  assertNever,
  type Bound,
  bounds,
  formatNumber,
  formatPercent,
  formatQuantity,
  formatSeconds,
  type LayerCost,
  type MemoryNames,
  type ModelCost,
  offChipName,
  stageLabel,
} from '../../design/index.ts';
import type { Look } from '../terminal.ts';
import { bar } from './bars.ts';
import { gainLines, limitWords } from './gain-report.ts';
import { type Paint, paintFor } from './paint.ts';
import { reportOf } from './safe-lines.ts';
import { renderTable, type TableColumn } from './table.ts';
import { joinLines, wrap } from './text-width.ts';
import { countText, ratioText } from './value-text.ts';

const indent = 2;

/** The cost of each layer, the total, and what bounds the layers. Ends with a newline. */
export function renderLayersReport(cost: ModelCost, look: Look): string {
  const paint = paintFor(look.colour);
  const title = [
    paint.bold(`${cost.model} on ${cost.npu}`),
    ...joinLines([`${cost.mode} mode`, `batch ${cost.batch}`, 'steady state'], ', ', look.width - indent).map(
      (line) => ' '.repeat(indent) + paint.dim(line),
    ),
  ];
  // The cost of a fused activation or a folded normalization is part of the layer that includes it, so its row would contain only zeros.
  const shown = cost.layers.filter((layer) => layer.cycles > 0);
  const carried = cost.layers.length - shown.length;
  const hasKinds = cost.layers.some(({ array }) => array !== undefined);
  const rows = shown.map((layer) => layerCells(layer, paint, cost.memories, hasKinds));
  const total = [
    'total',
    '',
    '',
    formatQuantity(cost.macs, '').trim(),
    formatQuantity(cost.parameters, '').trim(),
    countText(sum(cost.layers, (layer) => layer.computeCycles)),
    countText(sum(cost.layers, (layer) => layer.vectorCycles)),
    countText(sum(cost.layers, (layer) => layer.memoryCycles)),
    countText(cost.cycles),
    '',
    '',
    formatPercent(averageUtilization(cost), 2),
  ];
  const isBurst = cost.layers.some((layer) => layer.gain !== null);
  const table = renderTable(
    [...layerTable, ...(hasKinds ? [arrayColumn] : []), ...(isBurst ? gainColumns : [])],
    [...rows, undefined, total],
    {
      width: look.width,
      paintHeader: paint.dim,
      indent,
    },
  );
  const notes = [
    ...(table.hidden.length === 0
      ? []
      : [`no room for ${table.hidden.join(', ')}: use a wider terminal or --format csv`]),
    ...(carried === 0
      ? []
      : [
          `${carried} more ${carried === 1 ? 'layer is part of these and needs' : 'layers are part of these and need'} no further cycles; --format csv lists them`,
        ]),
  ].flatMap((note) => wrap(note, look.width - indent));
  const facts = [
    `${paint.bold(formatSeconds(cost.seconds))} a batch`,
    `${formatNumber(cost.batch / cost.seconds)} inferences/s`,
    ...(cost.energyJoules === null ? [] : [`${formatQuantity(cost.energyJoules, 'J')} a batch`]),
  ];
  return reportOf([
    ...title,
    '',
    ...table.lines,
    ...notes.map((line) => ' '.repeat(indent) + paint.dim(line)),
    '',
    ...joinLines(facts, ', ', look.width),
    '',
    ...boundsTable(cost, look),
    '',
    ...rooflineLines(cost, look),
    ...gainLines(cost, look),
  ]);
}

const layerTable: readonly TableColumn[] = [
  { header: 'layer', align: 'left', shrinkTo: 24, floor: 16, cut: 'start' },
  { header: 'kind', align: 'left', importance: 5 },
  { header: 'M x K x N', align: 'left', importance: 4 },
  { header: 'MACs', align: 'right', importance: 6 },
  { header: 'params', align: 'right', importance: 1 },
  { header: 'compute', align: 'right', importance: 3 },
  { header: 'vector', align: 'right', importance: 2 },
  { header: 'memory', align: 'right', importance: 2.5 },
  { header: 'cycles', align: 'right' },
  { header: 'bound', align: 'left' },
  { header: 'over next', align: 'left', importance: 6.6 },
  { header: 'util', align: 'right', importance: 6.2 },
  { header: 'MACs/B', align: 'right', importance: 4.5 },
];

/** For a chip with several kinds of arrays. */
const arrayColumn: TableColumn = { header: 'array', align: 'left', importance: 7.5 };

/** For burst mode: the gain of the layer, and the reason why it is below two. */
const gainColumns: readonly TableColumn[] = [
  { header: 'gain', align: 'right', importance: 8 },
  { header: 'lost to', align: 'left', importance: 7 },
];

/** Green if the arrays bound the layer, which is the goal. The vector unit, the memories the quantization unit and fixed costs have one colour each. */
function boundPaint(bound: Bound, paint: Paint): (text: string) => string {
  switch (bound) {
    case 'compute':
      return paint.green;
    case 'vector':
      return paint.cyan;
    case 'quantizer':
      return paint.magenta;
    case 'dispatch':
      return paint.red;
    case 'vmem':
    case 'cmem':
    case 'hbm':
      return paint.yellow;
    default:
      return assertNever(bound);
  }
}

function layerCells(layer: LayerCost, paint: Paint, memories: MemoryNames | undefined, hasKinds: boolean): string[] {
  const { runnerUp, gain } = layer;
  return [
    layer.layer,
    layer.kind,
    productText(layer),
    layer.macs === 0 ? '' : formatQuantity(layer.macs, '').trim(),
    layer.parameters === 0 ? '' : formatQuantity(layer.parameters, '').trim(),
    countText(layer.computeCycles),
    countText(layer.vectorCycles),
    countText(layer.memoryCycles),
    countText(layer.cycles),
    boundPaint(layer.bound, paint)(stageLabel(layer.bound, memories)),
    runnerUp === null ? 'alone' : `${ratioText(runnerUp.ratio)} ${stageLabel(runnerUp.bound, memories)}`,
    layer.macs === 0 ? '' : formatPercent(layer.utilization, 2),
    intensityText(layer),
    ...(hasKinds ? [layer.array ?? ''] : []),
    ...(gain === null ? [] : [ratioText(gain.factor), gain.limit === null ? '' : limitWords[gain.limit]]),
  ];
}

/** The place of the layer on the roofline. A layer that never uses HBM is below the flat part. */
function intensityText(layer: LayerCost): string {
  if (layer.macs === 0) return '';
  return Number.isFinite(layer.operationalIntensity) ? formatNumber(layer.operationalIntensity) : 'on chip';
}

function productText(layer: LayerCost): string {
  if (layer.macs === 0) return '';
  const groups = layer.groups > 1 ? ` (${layer.groups})` : '';
  return `${layer.m} x ${layer.k} x ${layer.n}${groups}`;
}

/** The average weighted by cycles: the share of all operations that the arrays could have done in the whole pass. */
function averageUtilization(cost: ModelCost): number {
  return cost.cycles === 0 ? 0 : sum(cost.layers, (layer) => layer.utilization * layer.cycles) / cost.cycles;
}

function sum(layers: readonly LayerCost[], read: (layer: LayerCost) => number): number {
  return layers.reduce((total, layer) => total + read(layer), 0);
}

/** For each stage of the pipeline: the cycles and the layers that it bounds. */
function boundsTable(cost: ModelCost, look: Look): string[] {
  const paint = paintFor(look.colour);
  const rows = bounds
    .map((bound: Bound) => {
      const bounded = cost.layers.filter((layer) => layer.bound === bound && layer.cycles > 0);
      return { bound, cycles: sum(bounded, (layer) => layer.cycles), layers: bounded.length };
    })
    .filter((row) => row.cycles > 0)
    .sort((a, b) => b.cycles - a.cycles);
  const whole = rows.reduce((total, row) => total + row.cycles, 0);
  const columns: TableColumn[] = [
    { header: 'bound by', align: 'left' },
    { header: 'layers', align: 'right', importance: 2 },
    { header: 'cycles', align: 'right', importance: 3 },
    { header: 'share', align: 'right' },
    ...(look.plots ? [{ header: '', align: 'left', importance: 1 } as const] : []),
  ];
  const cells = rows.map((row) => [
    boundPaint(row.bound, paint)(stageLabel(row.bound, cost.memories)),
    String(row.layers),
    countText(row.cycles),
    formatPercent(row.cycles / whole, 2),
    ...(look.plots ? [paint.cyan(bar(row.cycles / whole, 24, look.unicode))] : []),
  ]);
  return [...renderTable(columns, cells, { width: look.width, paintHeader: paint.dim, indent }).lines];
}

/** The shares of the cycles of layers on each side of the ridge of the roofline. */
function rooflineLines(cost: ModelCost, look: Look): string[] {
  const paint = paintFor(look.colour);
  const ridge = cost.ridgeMacsPerHbmByte;
  const products = cost.layers.filter((layer) => layer.macs > 0 && layer.cycles > 0);
  const sides = [
    { words: 'below the ridge', layers: products.filter((layer) => layer.operationalIntensity < ridge) },
    {
      words: 'above it',
      layers: products.filter((layer) => layer.operationalIntensity >= ridge && layer.hbmBytes > 0),
    },
    { words: 'on chip alone', layers: products.filter((layer) => layer.hbmBytes === 0) },
  ];
  const parts = sides
    .filter(({ layers }) => layers.length > 0)
    .map(({ words, layers }) => {
      const share = sum(layers, (layer) => layer.cycles) / cost.cycles;
      return `${layers.length} ${words} (${formatPercent(share, 2)} of the cycles)`;
    });
  if (parts.length === 0) return [];
  const head = `roofline: ${offChipName(cost.memories)} meets the arrays' peak at ${formatNumber(ridge)} MACs per byte; of the layers with products`;
  return wrap(`${head}, ${parts.join(', ')}`, look.width - indent).map((line) => ' '.repeat(indent) + paint.dim(line));
}
