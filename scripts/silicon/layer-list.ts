import type { Layer, Model, Npu, Operation, Shape } from '../../design/index.ts';
import { bytesPerElement, elementsOf, storedAs, weightElementsOf } from '../../design/index.ts';
import { costModel } from '../../simulator/index.ts';

/** A layer that does not read the output of another layer. */
export interface ListedLayer {
  readonly name: string;
  readonly operation: Operation;
  readonly input: Shape;
  readonly output: Shape;
}

const origin = { uri: 'silicon:', start: 0, end: 0 };

/** A network of independent layers, which run one after another. */
export function networkOf(name: string, layers: readonly ListedLayer[]): Model {
  const built: readonly Layer[] = layers.map(({ name, operation, input, output }) => ({
    name,
    operation,
    inputs: [-1],
    inputShapes: [input],
    outputShape: output,
    origin,
  }));
  return {
    name,
    origin,
    inputShape: layers[0]?.input ?? [1],
    layers: built,
    quantization: 'static',
    accuracy: null,
  };
}

/** Seconds of the layers for one sample in base mode. */
export function secondsOf(npu: Npu, layers: readonly ListedLayer[]): number {
  return costModel(npu, networkOf('Measured', layers), 'base', 1).seconds;
}

/** Peak multiply-accumulates of a chip per second. */
export function peakMacsPerSecond(npu: Npu): number {
  return npu.array.rows * npu.array.columns * npu.array.count * npu.clockHertz;
}

/** max(MACs / peak, bytes / bandwidth) over all layers together. Each weight, input and output counts once, at the nominal bandwidth. */
export function rooflineSeconds(npu: Npu, layers: readonly ListedLayer[], macs: number): number {
  const elements = layers.reduce(
    (sum, { operation, input, output }) =>
      sum + weightElementsOf(operation, [input], output) + elementsOf(input) + elementsOf(output),
    0,
  );
  const bytes = elements * bytesPerElement(storedAs(npu.base.precision));
  return Math.max(macs / peakMacsPerSecond(npu), bytes / npu.hbm.bandwidthBytesPerSecond);
}
