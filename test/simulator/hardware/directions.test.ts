import { expect, it } from 'vitest';
import type { Conv, DepthAxis, Shape } from '../../../design/index.ts';
import { costModel } from '../../../simulator/hardware/index.ts';
import { ModelBuilder, plainTpu } from './fixtures.ts';

const conv = (kernel: Conv['kernel'], filters: number, groups = 1, depth?: DepthAxis): Conv => ({
  kind: 'conv',
  kernel,
  stride: { height: 1, width: 1 },
  padding: { top: 0, bottom: 0, left: 0, right: 0 },
  dilation: { height: 1, width: 1 },
  ...(depth === undefined ? {} : { depth }),
  filters,
  groups,
  bias: false,
});

/** Multiplications: output positions x window x channels of a group x filters. Parameters: the same without the positions. */
const cases: readonly (readonly [
  name: string,
  operation: Conv,
  input: Shape,
  output: Shape,
  macs: number,
  weights: number,
])[] = [
  ['1-D', conv({ height: 1, width: 3 }, 32), [128, 64], [126, 32], 126 * 3 * 64 * 32, 3 * 64 * 32],
  ['1-D depthwise', conv({ height: 1, width: 3 }, 64, 64), [128, 64], [126, 64], 126 * 3 * 64, 3 * 64],
  ['2-D', conv({ height: 3, width: 3 }, 8), [10, 10, 4], [8, 8, 8], 64 * 9 * 4 * 8, 9 * 4 * 8],
  [
    '3-D',
    conv({ height: 3, width: 3 }, 8, 1, { kernel: 5, stride: 1, dilation: 1, front: 0, back: 0 }),
    [16, 10, 10, 4],
    [12, 8, 8, 8],
    12 * 64 * 45 * 4 * 8,
    45 * 4 * 8,
  ],
];

it.each(cases)('counts the work of a %s convolution', (_, operation, input, output, macs, weights) => {
  const net = new ModelBuilder('Net', input);
  net.add(operation, output, [-1]);
  const [layer] = costModel(plainTpu, net.build(), 'base', 1).layers;
  expect(layer).toMatchObject({ macs, parameters: weights });
});
