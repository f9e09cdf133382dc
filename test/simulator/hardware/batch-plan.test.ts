import { describe, expect, test } from 'vitest';
import type { Mode, Npu } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, stimpack } from './fixtures.ts';

/**
 * The plan of the large scratchpad for a batch that is too large for it. The activations of one image fit, those of the batch do not. A random search
 * found batches that took up to 1.8 times as long as their parts, because the plan then left no space for activations.
 */
const small: Npu = {
  ...stimpack,
  vmem: { capacityBytes: 2 ** 17, bandwidthBytesPerSecond: 1e13 },
  cmem: { capacityBytes: 5 * 2 ** 18, bandwidthBytesPerSecond: 6e11 },
  hbm: { ...stimpack.hbm, bandwidthBytesPerSecond: 7e9 },
};

function convolutions() {
  const net = new ModelBuilder('convolutions', [56, 56, 64]);
  net.conv(64, 3, { input: -1 });
  for (let layer = 0; layer < 4; layer++) net.conv(64, 3);
  return net.build();
}

describe.each<Mode>(['base', 'burst'])('a batch takes at most 2 %% longer than its parts: %s', (mode) => {
  const model = convolutions();
  const seconds = (npu: Npu, batch: number) => costModel(npu, model, mode, batch).seconds;
  const buffer = { capacityBytes: 5 * 2 ** 18, bandwidthBytesPerSecond: 6e11 };
  const unified: Npu = { ...small, unified: true, vmem: buffer, cmem: buffer };

  test.each([
    [2, 1],
    [6, 5],
    [10, 11],
    [12, 3],
  ])('%i + %i', (a, b) => {
    for (const npu of [small, unified])
      expect(seconds(npu, a + b)).toBeLessThanOrEqual(1.02 * (seconds(npu, a) + seconds(npu, b)));
  });
});
