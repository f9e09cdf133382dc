import type { Mode, Model, Npu } from '../../design/index.ts';
import { bounds, modes } from '../../design/index.ts';
import type { WeightState } from '../service-table.ts';
import { emptyPlaces, placeActivations } from './activation-places.ts';
import { type ArrayCandidate, arrayCandidates, arrayChooser, type PricedLayer } from './array-choice.ts';
import { dynamicJoules } from './energy.ts';
import { fixedSeconds } from './fixed-costs.ts';
import type { ModeFacts } from './mode-facts.ts';
import { type Chain, type ChainLayer, chainOf } from './prefetch.ts';
import type { PreparedModel } from './prepared.ts';
import { writeStages } from './stages.ts';
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
  /** For each layer: the kind of array on which it runs. */
  readonly arrays: readonly ArrayCandidate[];
}

/** A model on a chip in one mode, prepared to compute the costs of its layers. */
export interface ModeEvaluation {
  /** On a chip with several kinds of arrays: those of the first kind. */
  readonly facts: ModeFacts;
  readonly prepared: PreparedModel;
  /** Bytes of the working scratchpad that the tiles of each layer may use. */
  readonly freeBytes: Float64Array;
  /** Computes the cost of a layer that runs alone. The next call overwrites the result. */
  price(index: number, state: WeightState): PricedLayer;
  /**
   * Seconds of each layer in the chain of all layers: with prefetch and fixed costs. The weights that have a place are in `state`; the others
   * stream.
   */
  chain(state: WeightState): PricedChain;
  /** Seconds of that chain, without what a table stores. */
  totalSeconds(state: WeightState): number;
  /** Dynamic energy in joules of the last result of `price`. null without energy constants. */
  joules(index: number, state: WeightState, priced: PricedLayer): number | null;
}

/** null if the chip does not have the mode. */
export function evaluateMode(
  npu: Npu,
  model: Model,
  mode: Mode,
  batch: number,
  placement: Placement,
): ModeEvaluation | null {
  const candidates = arrayCandidates(npu, model, mode, batch);
  const [first] = candidates ?? [];
  if (candidates === null || first === undefined) return null;
  const { facts, prepared } = first;
  const { graph } = prepared;
  const { places, freeBytes } = emptyPlaces(model.layers.length, placement.vmemBytes ?? npu.vmem.capacityBytes);
  const fixed = fixedSeconds(npu, prepared, facts);
  const chooser = arrayChooser(candidates, places, freeBytes, placement.shares, fixed);
  placeActivations(graph, { places, freeBytes }, batch * facts.activationBytes, placement.activationBytes, {
    price(layer) {
      const { seconds, hbmBytes } = chooser.price(layer, 'resident').cost;
      return { seconds, hbmBytes };
    },
    smallestTileBytes: (layer) => chooser.smallestTileBytes(layer),
  });
  const chains = new Map<WeightState, PricedChain>();
  const joulesOf = (index: number, state: WeightState, { cost, demand, work }: PricedLayer): number | null => {
    const layer = prepared.layers[index];
    if (layer === undefined) throw new Error(`no layer ${index}`);
    const converts = state === 'convert' && facts.converts && demand.quantizeSeconds > 0;
    const share = placement.shares[index] ?? 0;
    const part = layer.quantizes && converts ? share : 0;
    const converted = part * (weightBytesOf(layer, facts.baseWeights) + weightBytesOf(layer, facts.weights));
    return dynamicJoules(npu, facts, work, cost, part * layer.weightElementsRead, converted);
  };
  /** The layers of the chain. `each` gets the price of every layer, which the next one overwrites. */
  const chainLayers = (state: WeightState, each?: (index: number, priced: PricedLayer) => void): ChainLayer[] =>
    model.layers.map((_, index) => {
      const priced = chooser.price(index, state);
      const { cost, demand } = priced;
      each?.(index, priced);
      const { seconds, hbmSeconds, cmemSeconds, tileBytes } = cost;
      const { weightHbmBytes, weightCmemBytes } = demand;
      const free = freeBytes[index] ?? 0;
      const fits = weightHbmBytes + weightCmemBytes <= free;
      const prefetchedSeconds = fits ? chooser.prefetchedSeconds(index, state) : Number.POSITIVE_INFINITY;
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
  return {
    facts,
    prepared,
    freeBytes,
    price: (index, state) => chooser.price(index, state),
    chain(state) {
      const known = chains.get(state);
      if (known !== undefined) return known;
      const stages = new Float64Array(model.layers.length * bounds.length);
      const joules = npu.energy === null ? null : new Float64Array(model.layers.length);
      let hasEnergy = joules !== null;
      const arrays: ArrayCandidate[] = [];
      const layers = chainLayers(state, (index, priced) => {
        arrays.push(priced.on);
        writeStages(priced.demand, priced.cost, stages, index);
        if (joules === null) return;
        const own = joulesOf(index, state, priced);
        if (own === null) hasEnergy = false;
        else joules[index] = own;
      });
      const chain = { ...chainOf(npu, layers), stages, joules: hasEnergy ? joules : null, arrays };
      chains.set(state, chain);
      return chain;
    },
    totalSeconds: (state) => chains.get(state)?.totalSeconds ?? chainOf(npu, chainLayers(state)).totalSeconds,
    joules: joulesOf,
  };
}

/** The modes of the chip. */
export function modesOf(npu: Npu): readonly Mode[] {
  return npu.burst === null ? ['base'] : modes;
}
