import type { LayerCost, ModelCost } from '../../design/index.ts';
import { writeCsv } from '../../design/index.ts';
import type { Json } from './document.ts';

type LayerValue = string | number | boolean | null;

/** The keys of the row of a layer in JSON and CSV, in their order. They are stable and documented in docs/json.md. */
const layerColumns: readonly (readonly [key: string, read: (cost: LayerCost) => LayerValue])[] = [
  ['layer', (cost) => cost.layer],
  ['kind', (cost) => cost.kind],
  ['m', (cost) => cost.m],
  ['n', (cost) => cost.n],
  ['k', (cost) => cost.k],
  ['groups', (cost) => cost.groups],
  ['macs', (cost) => cost.macs],
  ['parameters', (cost) => cost.parameters],
  ['computeCycles', (cost) => cost.computeCycles],
  ['vectorCycles', (cost) => cost.vectorCycles],
  ['memoryCycles', (cost) => cost.memoryCycles],
  ['hbmCycles', (cost) => cost.hbmCycles],
  ['quantizeCycles', (cost) => cost.quantizeCycles],
  ['cycles', (cost) => cost.cycles],
  ['bound', (cost) => cost.bound],
  ['runnerUp', (cost) => cost.runnerUp?.bound ?? null],
  ['overRunnerUp', (cost) => cost.runnerUp?.ratio ?? null],
  ['utilization', (cost) => cost.utilization],
  ['hbmBytes', (cost) => cost.hbmBytes],
  ['cmemBytes', (cost) => cost.cmemBytes],
  ['vmemBytes', (cost) => cost.vmemBytes],
  ['weightBytes', (cost) => cost.weightBytes],
  ['resident', (cost) => cost.resident],
  ['macsPerHbmByte', (cost) => (Number.isFinite(cost.operationalIntensity) ? cost.operationalIntensity : null)],
  ['burstGain', (cost) => cost.gain?.factor ?? null],
  ['gainLimit', (cost) => cost.gain?.limit ?? null],
  ['energyJoules', (cost) => cost.energyJoules],
  ['explanation', (cost) => cost.explanation],
];

const arrayColumn: (typeof layerColumns)[number] = ['array', (cost) => cost.array ?? null];

/** A chip with several kinds of arrays has one more column: the kind on which the layer runs. */
function columnsOf({ layers }: ModelCost): typeof layerColumns {
  return layers.some(({ array }) => array !== undefined) ? [...layerColumns, arrayColumn] : layerColumns;
}

function layerRow(cost: LayerCost, columns: typeof layerColumns): { readonly [key: string]: Json } {
  return Object.fromEntries(columns.map(([key, read]) => [key, read(cost)]));
}

export function costJson(cost: ModelCost): { readonly [key: string]: Json } {
  const columns = columnsOf(cost);
  return {
    model: cost.model,
    npu: cost.npu,
    mode: cost.mode,
    batch: cost.batch,
    cycles: cost.cycles,
    latencySeconds: cost.seconds,
    ridgeMacsPerHbmByte: cost.ridgeMacsPerHbmByte,
    macs: cost.macs,
    parameters: cost.parameters,
    energyJoules: cost.energyJoules,
    layers: cost.layers.map((layer) => layerRow(layer, columns)),
  };
}

/** RFC 4180 with line feeds. A missing number is an empty field. */
export function layersCsv(cost: ModelCost): string {
  const columns = columnsOf(cost);
  const header = columns.map(([key]) => key);
  const rows = cost.layers.map((row) => columns.map(([, read]) => read(row)));
  return writeCsv(header, rows).replaceAll('\r\n', '\n');
}
