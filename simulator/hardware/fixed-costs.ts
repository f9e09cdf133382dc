import { elementsOf, type Npu } from '../../design/index.ts';
import type { ModeFacts } from './mode-facts.ts';
import type { PreparedModel } from './prepared.ts';

/**
 * Seconds of each layer that do not depend on the size of its work: the cost of each operator, and for the first and the last layer the
 * start of the batch and the way of its inputs and results over the link to the host. Nothing on the chip overlaps with them, except the prefetch of
 * weights. That the transfers of one batch do not overlap with the computation of another is our assumption.
 */
export function fixedSeconds(npu: Npu, prepared: PreparedModel, facts: ModeFacts): Float64Array {
  const { model, batch, graph } = prepared;
  const seconds = new Float64Array(model.layers.length);
  const { latencySeconds, perOperatorSeconds } = npu.dispatch;
  if (latencySeconds === 0 && perOperatorSeconds === 0 && npu.host === null) return seconds;
  let first = -1;
  let last = 0;
  let resultElements = 0;
  for (let index = 0; index < model.layers.length; index++) {
    const layer = model.layers[index];
    if (layer === undefined) break;
    if (graph.root[index] !== index || layer.operation.kind === 'reshape') continue;
    if (first < 0) first = index;
    last = index;
    seconds[index] = perOperatorSeconds;
    if (graph.leaves[index] === 1) resultElements += graph.outputElements[index] ?? 0;
  }
  if (first < 0) return seconds;
  seconds[first] = (seconds[first] ?? 0) + latencySeconds;
  if (npu.host !== null) {
    const { bandwidthBytesPerSecond: rate, latencySeconds: transfer } = npu.host;
    const bytesOf = (elements: number) => elements * batch * facts.activationBytes;
    seconds[first] = (seconds[first] ?? 0) + transfer + bytesOf(elementsOf(model.inputShape)) / rate;
    seconds[last] = (seconds[last] ?? 0) + transfer + bytesOf(resultElements) / rate;
  }
  return seconds;
}
