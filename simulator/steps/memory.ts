import { bytesPerElement, type Mode, type Model, type Npu, type StoredFormat } from '../../design/index.ts';
import { storedWeightBytes } from '../hardware/index.ts';

/**
 * Bytes of all weights of a model in the formats of a mode. Tables, scales and biases stay in base precision. A chip without burst mode has the
 * same bytes in both modes.
 */
export function weightBytes(npu: Npu, model: Model, mode: Mode): number {
  const bytes = storedWeightBytes(npu, model, npu.burst === null ? 'base' : mode);
  return bytes.reduce((sum, one) => sum + one, 0);
}

/**
 * Bytes that one token adds to the KV cache: keys and values of all attention layers. A layer with a sliding window adds them too. Our assumption:
 * the cache keeps the tokens that have left the window, as engines with one block table for all layers do.
 */
export function kvBytesPerToken(model: Model, format: StoredFormat): number {
  let elements = 0;
  for (const { operation } of model.layers) {
    if (operation.kind === 'attention' && operation.cache === true) {
      elements += 2 * operation.keyValueHeads * operation.headSize;
    }
  }
  return elements * bytesPerElement(format);
}
