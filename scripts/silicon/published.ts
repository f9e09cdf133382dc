import { assertNever, type Model, type Npu } from '../../design/index.ts';
import { costModel } from '../../simulator/index.ts';
import type { PublishedFigure, PublishedUnit } from './published-figures.ts';

/** A published figure beside ours. Not a measurement of ours, and not part of the tables of a folder. */
export interface PublishedRow {
  readonly chip: string;
  readonly name: string;
  readonly published: number;
  readonly ours: number;
  readonly unit: PublishedUnit;
  /** Our time divided by the published time, minus 1. Positive: our time is too long. */
  readonly error: number;
  /** Traffic of the off-chip memory for a batch, in bytes. */
  readonly offChipBytes: number;
}

export function publishedRow(figure: PublishedFigure, npu: Npu, model: Model): PublishedRow {
  const { chip, network, batch, mode, published, unit } = figure;
  const cost = costModel(npu, model, mode, batch);
  const ours = inUnit(unit, { ...cost, batch, clockHertz: npu.clockHertz });
  const isRate = unit === 'images/s' || unit === 'TOPS';
  return {
    chip,
    name: `${chip}: ${network}${batch === 1 ? '' : `, batch ${batch}`}${mode === 'burst' ? ', burst' : ''}`,
    published,
    ours,
    unit,
    error: isRate ? published / ours - 1 : ours / published - 1,
    offChipBytes: cost.layers.reduce((sum, layer) => sum + layer.hbmBytes, 0),
  };
}

interface Work {
  readonly seconds: number;
  readonly macs: number;
  readonly batch: number;
  readonly clockHertz: number;
}

function inUnit(unit: PublishedUnit, { seconds, macs, batch, clockHertz }: Work): number {
  switch (unit) {
    case 'ms':
      return seconds * 1e3;
    case 'images/s':
      return batch / seconds;
    case 'Mcycles':
      return (seconds * clockHertz) / 1e6;
    case 'TOPS':
      return (2 * macs) / seconds / 1e12;
    default:
      return assertNever(unit);
  }
}
