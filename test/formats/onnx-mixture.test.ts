import { expect, test } from 'vitest';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, ms } from './onnx-counts.ts';

/* Mixture of experts: `k` experts compute each row, and all experts are stored (ContribOperators.md of ONNX Runtime, MoE and QMoE). */

const router = n('MatMul', 'x r', 'p');

const cases: readonly Case[] = [
  {
    name: 'two of eight experts for each of 16 rows; tables of equal size are stored separately',
    nodes: [router, ms(n('MoE', 'x p a _ b', 'y', { k: 2, activation_type: 'gelu' }))],
    inputs: { x: [16, 64] },
    weights: { r: [64, 8], a: [8, 256, 64], b: [8, 64, 256] },
    counts: [16 * 64 * 8 + 32 * 64 * 256 * 2, 512 + 8 * 64 * 256 * 2, 16 * 64],
  },
  {
    name: 'one row uses two experts with a separate gate',
    nodes: [router, ms(n('MoE', 'x p a _ b _ c', 'y', { k: 2, activation_type: 'silu' }))],
    inputs: { x: [1, 64] },
    weights: { r: [64, 8], a: [8, 64, 256], b: [8, 256, 64], c: [8, 64, 256] },
    counts: [64 * 8 + 2 * 64 * 256 * 3, 512 + 8 * 64 * 256 * 3, 64],
  },
  {
    name: 'rows that eight experts do not divide evenly',
    nodes: [router, ms(n('MoE', 'x p a _ b', 'y', { k: 1 }))],
    inputs: { x: [13, 64] },
    weights: { r: [64, 8], a: [8, 256, 64], b: [8, 64, 256] },
    counts: [13 * 64 * 8 + 13 * 64 * 256 * 2, 512 + 8 * 64 * 256 * 2, 13 * 64],
  },
  {
    name: 'the old order of inputs: biases after weights',
    nodes: [router, ms(n('MoE', 'x p a b', 'y', { k: 1 }))],
    inputs: { x: [16, 64] },
    weights: { r: [64, 8], a: [8, 64, 256], b: [8, 256, 64] },
    counts: [16 * 64 * 8 + 16 * 64 * 256 * 2, 512 + 8 * 64 * 256 * 2, 16 * 64],
  },
  {
    name: 'four bits for a weight, the gate in the first product',
    nodes: [router, ms(n('QMoE', 'x p a s _ b t', 'y', { k: 4, activation_type: 'swiglu', expert_weight_bits: 4 }))],
    inputs: { x: [1, 10, 64] },
    weights: { r: [64, 32], a: [32, 512, 32], s: [32, 512], b: [32, 64, 128], t: [32, 64] },
    counts: [10 * 64 * 32 + 40 * 64 * (512 + 256), 64 * 32 + 32 * 64 * (512 + 256), 640],
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual([expect.stringContaining('which experts its rows choose depends on the data')]);
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});
