import type { Mode, Model, Npu } from '../../design/index.ts';
import { bounds, modes } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { emptyPlaces, placeActivations } from './activation-places.ts';
import { cellEvaluator, type EvaluatedCell, type LayerWork, workOf, writeStages } from './cell.ts';
import { dynamicJoules } from './energy.ts';
import { fixedSeconds } from './fixed-costs.ts';
import { type ModeFacts, modeFacts } from './mode-facts.ts';
import { type Chain, type ChainLayer, chainOf } from './prefetch.ts';
import { type PreparedModel, prepare } from './prepared.ts';
import { weightBytesOf } from './stored-weights.ts';

/** What a model has in the large scratchpad. */
export interface Placement {
  /** Bytes for activations. */
  readonly activationBytes: number;
  /** For each layer: the share of its weights that stays there, 0 to 1. */
  readonly shares: Float64Array;
  /** Bytes for tiles and activations, if weights take a part of a unified buffer. Default: the capacity of the working scratchpad. */
  readonly vmemBytes?: number;
}

/** Every weight has a place, and activations have the given space. */
export function everythingPlaced(model: Model, activationBytes: number): Placement {
  return { activationBytes, shares: new Float64Array(model.layers.length).fill(1) };
}

/** The chain of all layers, and what a table stores of each layer that runs alone. */
export interface PricedChain extends Chain {
  /** For each layer: the seconds of its stages in the order of `bounds`. */
  readonly stages: Float64Array;
  /** For each layer: dynamic energy. null without energy constants. */
  readonly joules: Float64Array | null;
}

/** A model on a chip in one mode, prepared to compute the costs of its layers. */
export interface ModeEvaluation {
  readonly facts: ModeFacts;
  readonly prepared: PreparedModel;
  readonly works: readonly LayerWork[];
  /** Bytes of the working scratchpad that the tiles of each layer may use. */
  readonly freeBytes: Float64Array;
  /** Computes the cost of a layer that runs alone. The next call overwrites the result. */
  price(index: number, state: WeightState): EvaluatedCell;
  /**
   * Seconds of each layer in the chain of all layers: with prefetch and fixed costs. The weights that have a place are in `state`; the others
   * stream.
   */
  chain(state: WeightState): PricedChain;
  /** Dynamic energy in joules of the last result of `price`. null without energy constants. */
  joules(index: number, state: WeightState, cell: EvaluatedCell): number | null;
}

/** null if the chip does not have the mode. */
export function evaluateMode(
  npu: Npu,
  model: Model,
  mode: Mode,
  batch: number,
  placement: Placement,
): ModeEvaluation | null {
  const facts = modeFacts(npu, model, mode);
  if (facts === null) return null;
  const prepared = prepare(model, batch, npu.array.convolution ?? 'im2col');
  const { graph } = prepared;
  const works = prepared.layers.map((_, index) => workOf(npu, prepared, index, facts));
  const { places, freeBytes } = emptyPlaces(model.layers.length, placement.vmemBytes ?? npu.vmem.capacityBytes);
  const fixed = fixedSeconds(npu, prepared, facts);
  const evaluator = cellEvaluator(npu, prepared, facts, places, freeBytes, placement.shares, fixed);
  const workAt = (index: number): LayerWork => {
    const work = works[index];
    if (work === undefined) throw new Error(`no layer ${index}`);
    return work;
  };
  placeActivations(graph, { places, freeBytes }, batch * facts.activationBytes, placement.activationBytes, {
    price(layer) {
      const { seconds, hbmBytes } = evaluator.evaluate(layer, workAt(layer), 'resident').cost;
      return { seconds, hbmBytes };
    },
    smallestTileBytes: (layer) => evaluator.smallestTileBytes(layer, workAt(layer)),
  });
  const chains = new Map<WeightState, PricedChain>();
  const joulesOf = (index: number, state: WeightState, { cost, demand }: EvaluatedCell): number | null => {
    const layer = prepared.layers[index];
    if (layer === undefined) throw new Error(`no layer ${index}`);
    const converts = state === 'convert' && facts.converts && demand.quantizeSeconds > 0;
    const share = placement.shares[index] ?? 0;
    const part = layer.quantizes && converts ? share : 0;
    const converted = part * (weightBytesOf(layer, facts.baseWeights) + weightBytesOf(layer, facts.weights));
    return dynamicJoules(npu, facts, workAt(index), cost, part * layer.weightElementsRead, converted);
  };
  return {
    facts,
    prepared,
    works,
    freeBytes,
    price: (index, state) => evaluator.evaluate(index, workAt(index), state),
    chain(state) {
      const known = chains.get(state);
      if (known !== undefined) return known;
      const stages = new Float64Array(works.length * bounds.length);
      const joules = npu.energy === null ? null : new Float64Array(works.length);
      let hasEnergy = joules !== null;
      const layers: ChainLayer[] = works.map((work, index) => {
        const cell = evaluator.evaluate(index, work, state);
        const { cost, demand } = cell;
        writeStages(demand, cost, stages, index);
        if (joules !== null) {
          const own = joulesOf(index, state, cell);
          if (own === null) hasEnergy = false;
          else joules[index] = own;
        }
        const { seconds, hbmSeconds, cmemSeconds, tileBytes } = cost;
        const { weightHbmBytes, weightCmemBytes } = demand;
        const free = freeBytes[index] ?? 0;
        const fits = weightHbmBytes + weightCmemBytes <= free;
        const prefetchedSeconds = fits ? evaluator.evaluatePrefetched(index, work, state) : Number.POSITIVE_INFINITY;
        return {
          seconds,
          hbmSeconds,
          cmemSeconds,
          fixedSeconds: fixed[index] ?? 0,
          hbmWeightBytes: fits ? weightHbmBytes : 0,
          cmemWeightBytes: fits ? weightCmemBytes : 0,
          prefetchedSeconds: Math.min(seconds, prefetchedSeconds),
          roomBytes: graph.root[index] === index ? Math.max(0, free - tileBytes) : free,
        };
      });
      const chain = { ...chainOf(npu, layers), stages, joules: hasEnergy ? joules : null };
      chains.set(state, chain);
      return chain;
    },
    joules: joulesOf,
  };
}

/** The modes of the chip. */
export function modesOf(npu: Npu): readonly Mode[] {
  return npu.burst === null ? ['base'] : modes;
}
