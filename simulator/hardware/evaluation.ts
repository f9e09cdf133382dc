import type { Mode, Model, Npu } from '../../design/index.ts';
import { modes } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { activationVmemBytes, moveToCmem, placeActivations } from './activation-places.ts';
import { type CellEvaluator, cellEvaluator, type EvaluatedCell, type LayerWork, workOf } from './cell.ts';
import { dynamicJoules } from './energy.ts';
import { type ModeFacts, modeFacts } from './mode-facts.ts';
import { type PreparedModel, prepare } from './prepared.ts';

/** A model on a chip in one mode, prepared to compute the costs of its layers. */
export interface ModeEvaluation {
  readonly facts: ModeFacts;
  readonly prepared: PreparedModel;
  readonly works: readonly LayerWork[];
  /** Computes the cost of a layer. The next call overwrites the result. */
  price(index: number, state: WeightState): EvaluatedCell;
  /** Dynamic energy in joules of the last result of `price`. null without energy constants. */
  joules(index: number, state: WeightState, cell: EvaluatedCell): number | null;
}

/** null if the chip does not have the mode. `activationBytes`: the part of the large scratchpad that is free for activations. */
export function evaluateMode(
  npu: Npu,
  model: Model,
  mode: Mode,
  batch: number,
  activationBytes: number,
): ModeEvaluation | null {
  const facts = modeFacts(npu, model, mode);
  if (facts === null) return null;
  const prepared = prepare(model, batch, npu.array.convolution ?? 'im2col');
  const works = prepared.layers.map((_, index) => workOf(npu, prepared, index, facts));
  const bytesPerElement = batch * facts.activationBytes;
  const places = placeActivations(prepared.graph, bytesPerElement, activationVmemBytes(npu));
  const evaluator: CellEvaluator = cellEvaluator(npu, prepared, facts, places);
  if (activationBytes > 0) {
    // Activations get space only if all weights fit.
    moveToCmem(prepared.graph, places, bytesPerElement, activationBytes, (layer) => {
      const work = works[layer];
      return work === undefined ? 0 : evaluator.evaluate(layer, work, 'resident').cost.seconds;
    });
  }
  return {
    facts,
    prepared,
    works,
    price(index, state) {
      const work = works[index];
      if (work === undefined) throw new Error(`no layer ${index}`);
      return evaluator.evaluate(index, work, state);
    },
    joules(index, state, { cost, demand }) {
      const work = works[index];
      const layer = prepared.layers[index];
      if (work === undefined || layer === undefined) throw new Error(`no layer ${index}`);
      const converts = state === 'convert' && facts.converts && demand.weightCmemBytes > 0;
      const streams = facts.quantizesStream && demand.weightHbmBytes > 0;
      const quantized = layer.quantizes && (converts || streams) ? layer.weightElementsRead : 0;
      const converted =
        layer.quantizes && converts ? layer.weightElementsRead * (facts.hbmWeightBytes + facts.weightBytes) : 0;
      return dynamicJoules(npu, facts, work, cost, quantized, converted);
    },
  };
}

/** The modes of the chip. */
export function modesOf(npu: Npu): readonly Mode[] {
  return npu.burst === null ? ['base'] : modes;
}
