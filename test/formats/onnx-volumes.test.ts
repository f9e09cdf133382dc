import { describe, expect, test } from 'vitest';
import { n } from './onnx-cases.ts';
import { type Case, countsOf } from './onnx-counts.ts';
import type { AttributeInput } from './onnx-file.ts';

/*
 * Convolutions and pools over three positions, over several samples of one request, and with weights that the network computes.
 * Multiplications and weights follow from the definitions of the operators (ONNX, Conv and ConvTranspose): output x kernel x channels /
 * groups, and input x kernel x filters / groups.
 */

type Sizes = readonly number[];

const conv = (
  name: string,
  x: Sizes,
  w: Sizes,
  attributes: Readonly<Record<string, AttributeInput>>,
  counts: Case['counts'],
): Case => ({
  name,
  nodes: [n('Conv', 'x w b', 'y', attributes)],
  inputs: { x },
  weights: { w, b: [w[0] ?? 1] },
  counts,
});

const around = (size: number) => ({ pads: Array.from({ length: 6 }, () => size) });

const cases: readonly Case[] = [
  conv('a volume, padded', [1, 3, 8, 56, 56], [64, 3, 3, 3, 3], around(1), [
    64 * 8 * 56 * 56 * 81,
    64 * 81 + 64,
    64 * 8 * 56 * 56,
  ]),
  conv(
    'a volume with uneven sizes and strides',
    [1, 3, 9, 55, 57],
    [64, 3, 3, 3, 3],
    { ...around(1), strides: [2, 2, 2] },
    [64 * 5 * 28 * 29 * 81, 64 * 81 + 64, 64 * 5 * 28 * 29],
  ),
  conv('a volume without padding', [1, 4, 8, 10, 10], [8, 4, 3, 3, 3], {}, [
    8 * 6 * 8 * 8 * 108,
    8 * 109,
    8 * 6 * 8 * 8,
  ]),
  conv('a volume with gaps in the kernel', [1, 4, 8, 20, 20], [8, 4, 3, 3, 3], { dilations: [2, 2, 2] }, [
    8 * 4 * 16 * 16 * 108,
    8 * 109,
    8 * 4 * 16 * 16,
  ]),
  conv(
    'the spatial half of a (2+1)-D convolution',
    [1, 3, 16, 112, 112],
    [45, 3, 1, 7, 7],
    { pads: [0, 3, 3, 0, 3, 3], strides: [1, 2, 2] },
    [45 * 16 * 56 * 56 * 147, 45 * 148, 45 * 16 * 56 * 56],
  ),
  conv('its temporal half', [1, 45, 16, 56, 56], [64, 45, 3, 1, 1], { pads: [1, 0, 0, 1, 0, 0] }, [
    64 * 16 * 56 * 56 * 135,
    64 * 136,
    64 * 16 * 56 * 56,
  ]),
  conv('each channel of a volume by itself', [1, 32, 8, 14, 14], [32, 1, 3, 3, 3], { ...around(1), group: 32 }, [
    32 * 8 * 14 * 14 * 27,
    32 * 28,
    32 * 8 * 14 * 14,
  ]),
  conv('patches of a video', [1, 3, 16, 224, 224], [96, 3, 2, 4, 4], { strides: [2, 4, 4] }, [
    96 * 8 * 56 * 56 * 96,
    96 * 97,
    96 * 8 * 56 * 56,
  ]),
  {
    name: 'a transposed convolution over a volume',
    nodes: [n('ConvTranspose', 'x w', 'y', { strides: [2, 2, 2] })],
    inputs: { x: [1, 64, 8, 8, 8] },
    weights: { w: [64, 32, 2, 2, 2] },
    counts: [512 * 64 * 32 * 8, 64 * 32 * 8, 32 * 4096],
  },
  {
    name: 'pools over a volume: over two axes, then over the third',
    nodes: [
      n('MaxPool', 'x', 'p', { kernel_shape: [3, 3, 3], strides: [2, 2, 2], ...around(1) }),
      n('GlobalAveragePool', 'p', 'q'),
      n('Flatten', 'q', 'f'),
      n('Gemm', 'f w', 'y', { transB: 1 }),
    ],
    inputs: { x: [1, 64, 8, 56, 56] },
    weights: { w: [10, 64] },
    counts: [640, 640, 10],
  },
  {
    name: 'the views of six cameras',
    nodes: [
      n('Reshape', 'x s', 'r'),
      n('Conv', 'r w', 'c', { pads: [1, 1, 1, 1], strides: [2, 2] }),
      n('BatchNormalization', 'c g g g g', 'bn'),
      n('MaxPool', 'bn', 'p', { kernel_shape: [3, 3], strides: [2, 2], pads: [1, 1, 1, 1] }),
      n('Conv', 'p v', 'd', { pads: [1, 1, 1, 1] }),
      n('GlobalAveragePool', 'd', 'm'),
      n('Reshape', 'm t', 'y'),
    ],
    inputs: { x: [1, 6, 3, 32, 64] },
    weights: { w: [16, 3, 3, 3], v: [32, 16, 3, 3], g: [16] },
    values: [
      { name: 's', dims: [4], ints: [6, 3, 32, 64] },
      { name: 't', dims: [3], ints: [1, 6, 32] },
    ],
    // The convolution gets the bias of the normalization.
    counts: [6 * (16 * 16 * 32 * 27 + 32 * 8 * 16 * 144), 16 * 27 + 16 + 32 * 144, 6 * 32],
  },
  {
    name: 'a tracker compares each channel with its template',
    nodes: [
      n('Slice', 'x st en ax', 't'),
      n('Transpose', 't', 'k', { perm: [1, 0, 2, 3] }),
      n('Conv', 'x k', 'y', { group: 256 }),
    ],
    inputs: { x: [1, 256, 31, 31] },
    values: [
      { name: 'st', dims: [2], ints: [0, 0] },
      { name: 'en', dims: [2], ints: [5, 5] },
      { name: 'ax', dims: [2], ints: [2, 3] },
    ],
    counts: [256 * 27 * 27 * 25, 0, 256 * 27 * 27],
  },
  {
    name: 'filters that the network computes, and a bias',
    nodes: [
      n('GlobalAveragePool', 'x', 'g'),
      n('Flatten', 'g', 'f'),
      n('Gemm', 'f w', 'h'),
      n('Reshape', 'h s', 'k'),
      n('Conv', 'x k b', 'y', { pads: [1, 1, 1, 1] }),
    ],
    inputs: { x: [1, 16, 31, 31] },
    weights: { w: [16, 8 * 16 * 9], b: [8] },
    values: [{ name: 's', dims: [4], ints: [8, 16, 3, 3] }],
    counts: [16 * 8 * 16 * 9 + 8 * 31 * 31 * 144, 16 * 8 * 16 * 9, 8 * 31 * 31],
  },
];

describe('volumes, samples and computed weights have the counts of their definitions', () => {
  test.each(cases)('$name', (each) => {
    const { counts, problems, text, messages } = countsOf(each);
    expect(messages).toEqual([]);
    expect(counts).toEqual(each.counts);
    expect(problems).toEqual([]);
    expect(text?.after).toEqual(text?.before);
  });
});
