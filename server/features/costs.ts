import {
  formatNumber,
  formatQuantity,
  type Layer,
  type LayerCost,
  type Model,
  type ModelCost,
} from '../../design/index.ts';
import type { Hover } from '../../language/index.ts';
import { type LayerSize, layerSize } from '../../simulator/index.ts';
import type { FeatureContext } from './context.ts';

/** The cost of a network on a chip in each of its modes, as runs computed it. */
interface KnownCosts {
  readonly npu: string;
  readonly modes: readonly ModelCost[];
  /** True if the text that was run is the present text. */
  readonly isFresh: boolean;
}

type Subject = NonNullable<Hover['about']>;

/**
 * The last part of the hover over a network or a layer, in Markdown: its size, and its cost on each chip on which it
 * was simulated.
 */
export function costsBelow(context: FeatureContext, uri: string, about: Subject): string {
  if (about.kind === 'model') return modelCosts(about.model, knownCosts(context, uri, about.model.name));
  const [layer] = about.layers;
  if (layer === undefined) return '';
  const models = context.workspace.program(uri).design.models.filter(({ layers }) => layers.includes(layer));
  return layerCosts(
    layer,
    models.flatMap(({ name }) => knownCosts(context, uri, name)),
  );
}

/** The costs from this document's runs, and from the runs of open documents that serve a network of this document. */
function knownCosts(context: FeatureContext, uri: string, model: string): readonly KnownCosts[] {
  const byNpu = new Map<string, KnownCosts>();
  for (const open of [uri, ...context.workspace.openUris()]) {
    if (!context.workspace.program(open).files.has(uri)) continue;
    const known = context.results(open);
    for (const result of known?.results ?? []) {
      const modes = result.layers.filter((cost) => cost.model === model);
      const [first] = modes;
      if (first === undefined || byNpu.has(first.npu)) continue;
      byNpu.set(first.npu, { npu: first.npu, modes, isFresh: known?.phase === 'fresh' });
    }
  }
  return [...byNpu.values()];
}

function modelCosts(model: Model, known: readonly KnownCosts[]): string {
  const sizes = model.layers.map(layerSize);
  const total: LayerSize = {
    macs: sizes.reduce((sum, { macs }) => sum + macs, 0),
    parameters: sizes.reduce((sum, { parameters }) => sum + parameters, 0),
  };
  const lines = known.flatMap((costs) =>
    costs.modes.map(({ mode, cycles, seconds, energyJoules }) => {
      const energy = energyJoules === null ? '' : `, ${formatQuantity(energyJoules, 'J')}`;
      return `- ${placeOf(costs, mode)}: ${count(cycles)} cycles, ${formatQuantity(seconds, 's')}${energy}`;
    }),
  );
  return [sizeText(total), lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

function layerCosts(layer: Layer, known: readonly KnownCosts[]): string {
  const lines = known.flatMap((costs) =>
    costs.modes.flatMap(({ mode, layers, cycles }) => {
      const cost = layers.find((one) => one.layer === layer.name);
      return cost === undefined ? [] : [`- ${placeOf(costs, mode)}: ${layerText(cost, cycles)}`];
    }),
  );
  return [sizeText(layerSize(layer)), lines.join('\n')].filter((part) => part !== '').join('\n\n');
}

function layerText({ cycles, explanation }: LayerCost, all: number): string {
  if (cycles === 0) return explanation === '' ? 'takes no extra time' : explanation;
  return `${count(cycles)} cycles (${formatNumber((cycles / all) * 100, 2)} %). ${explanation}`;
}

function placeOf({ npu, isFresh }: KnownCosts, mode: string): string {
  return `**${npu}**, ${mode}, batch 1${isFresh ? '' : ', before this edit'}`;
}

function sizeText({ macs, parameters }: LayerSize): string {
  return `${count(macs)} MACs, ${count(parameters)} parameters`;
}

/** For example "9,408" or "118 M". */
function count(value: number): string {
  const units = [
    [1e12, 'T'],
    [1e9, 'G'],
    [1e6, 'M'],
  ] as const;
  const [factor, unit] = units.find(([size]) => value >= size) ?? [1, ''];
  return unit === '' ? formatNumber(value) : `${formatNumber(value / factor)} ${unit}`;
}
