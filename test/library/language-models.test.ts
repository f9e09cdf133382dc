import { describe, expect, it } from 'vitest';
import type { Model } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { costModel, kvBytesPerToken, weightBytes } from '../../simulator/index.ts';
import { fileUri, testHost } from '../language/host.ts';
import { libraryModel } from './count.ts';

const [chip] = compile(fileUri('library/stimpack/tpuv6e.npu'), testHost()).design.npus;

/** Parameters as the simulator counts them. */
function parametersOf(model: Model): number {
  if (chip === undefined) throw new Error('stimpack/tpuv6e has no chip');
  return costModel(chip, model, 'base', 1).parameters;
}

/** Parameters of the released checkpoints, and bytes of keys and values of one token in bf16. */
const published = [
  ['llama', 'Llama31_8B', 8_030_261_248, 131_072],
  ['llama', 'Llama31_70B', 70_553_706_496, 327_680],
  ['qwen3', 'Qwen3_32B', 32_762_123_264, 262_144],
  ['mixtral', 'Mixtral_8x7B', 46_702_792_704, 131_072],
  ['gpt2', 'Gpt2', 124_439_808, 36_864],
] as const;

describe.each(published)('stimpack/%s: %s', (file, name, parameters, kvBytes) => {
  const model = libraryModel(file, name);

  it('is open in tokens and has the published parameters', () => {
    expect(model.open).toBe('tokens');
    expect(parametersOf(model)).toBe(parameters);
  });

  it('needs 2 bytes for each parameter in bf16, and its keys and values', () => {
    if (chip === undefined) throw new Error('stimpack/tpuv6e has no chip');
    expect(weightBytes(chip, model, 'base')).toBe(2 * parameters);
    expect(kvBytesPerToken(model, { format: 'bf16' })).toBe(kvBytes);
  });
});
