import { expect, test } from 'vitest';
import { n } from './onnx-cases.ts';
import { type Case, countsOf, ms } from './onnx-counts.ts';

/*
 * Products of matrices in the forms that exporters write. Multiplications and parameters are counted by hand from NumPy's matmul, ONNX's
 * Operators.md (Gemm, MatMul) and ONNX Runtime's ContribOperators.md. The stated shapes check the axes of the results.
 */

const rows = n('Reshape', 'a s', 'rows');
const matrix = n('Reshape', 'b t', 'matrix');
const shapes = [
  { name: 's', dims: [2], ints: [16, 64] },
  { name: 't', dims: [2], ints: [64, 32] },
];
const swapped = n('Transpose', 'h', 'y', { perm: [0, 2, 1, 3] });

const cases: readonly Case[] = [
  {
    name: 'Gemm that adds an activation, not a bias',
    nodes: [n('Gemm', 'x w c', 'y')],
    inputs: { x: [1, 64], c: [1, 32] },
    weights: { w: [64, 32] },
    stated: { y: [1, 32] },
    counts: [64 * 32, 64 * 32, 32],
  },
  {
    name: 'Gemm of two activations and a bias (addmm)',
    nodes: [rows, matrix, n('Gemm', 'rows matrix c', 'y')],
    inputs: { a: [1, 16, 64], b: [1, 64, 32] },
    weights: { c: [32] },
    values: shapes,
    stated: { y: [16, 32] },
    counts: [16 * 64 * 32, 0, 16 * 32],
  },
  {
    name: 'Gemm that adds one number',
    nodes: [n('Gemm', 'x w c', 'y')],
    inputs: { x: [1, 64] },
    weights: { w: [64, 32], c: [1] },
    stated: { y: [1, 32] },
    counts: [64 * 32, 64 * 32, 32],
  },
  {
    name: 'Gemm that adds a table',
    nodes: [rows, n('Gemm', 'rows w c', 'y')],
    inputs: { a: [1, 16, 64] },
    weights: { w: [64, 128], c: [16, 128] },
    values: shapes.slice(0, 1),
    stated: { y: [16, 128] },
    counts: [16 * 64 * 128, 64 * 128 + 16 * 128, 16 * 128],
  },
  {
    name: 'Gemm that multiplies its sum by zero',
    nodes: [n('Gemm', 'x w c', 'y', { beta: { float: 0 } })],
    inputs: { x: [1, 64] },
    weights: { w: [64, 32], c: [32] },
    stated: { y: [1, 32] },
    counts: [64 * 32, 64 * 32, 32],
  },
  {
    name: 'FusedGemm with a function',
    nodes: [ms(n('FusedGemm', 'x w c', 'y', { transB: 1, activation: 'Relu' }))],
    inputs: { x: [1, 64] },
    weights: { w: [32, 64], c: [32] },
    stated: { y: [1, 32] },
    counts: [64 * 32, 64 * 32 + 32, 32],
  },
  {
    name: 'FusedMatMulActivation',
    nodes: [ms(n('FusedMatMulActivation', 'x w', 'y', { transB: 1, activation: 'Relu' }))],
    inputs: { x: [1, 16, 64] },
    weights: { w: [32, 64] },
    stated: { y: [1, 16, 32] },
    counts: [16 * 64 * 32, 64 * 32, 16 * 32],
  },
  {
    name: 'FusedMatMul that moves its first axis to the rows',
    nodes: [
      n('Transpose', 'a', 'u', { perm: [1, 0, 2, 3] }),
      n('Transpose', 'b', 'v', { perm: [1, 0, 2, 3] }),
      ms(n('FusedMatMul', 'u v', 'y', { transBatchA: 1, transBatchB: 1, transB: 1 })),
    ],
    inputs: { a: ['batch', 16, 4, 8], b: ['batch', 16, 4, 8] },
    stated: { y: ['batch', 4, 16, 16] },
    counts: [4 * 16 * 16 * 8, 0, 4 * 16 * 16],
  },
  {
    name: 'weights with a leading axis of one',
    nodes: [n('MatMul', 'x w', 'y')],
    inputs: { x: ['batch', 64] },
    weights: { w: [1, 64, 32] },
    stated: { y: [1, 'batch', 32] },
    counts: [64 * 32, 64 * 32, 32],
  },
  {
    name: 'a matrix for each head',
    nodes: [n('MatMul', 'x w', 'h'), swapped],
    inputs: { x: ['batch', 4, 16, 8] },
    weights: { w: [4, 8, 32] },
    stated: { y: ['batch', 16, 4, 32] },
    counts: [4 * 16 * 8 * 32, 4 * 8 * 32, 16 * 4 * 32],
  },
  {
    name: 'a matrix for each head on the left side',
    nodes: [n('MatMul', 'w x', 'h'), swapped],
    inputs: { x: ['batch', 4, 8, 16] },
    weights: { w: [4, 32, 8] },
    stated: { y: ['batch', 32, 4, 16] },
    counts: [4 * 16 * 8 * 32, 4 * 8 * 32, 4 * 16 * 32],
  },
  {
    name: 'four matrices for the same rows',
    nodes: [n('MatMul', 'x w', 'h'), swapped],
    inputs: { x: ['batch', 1, 16, 8] },
    weights: { w: [4, 8, 32] },
    stated: { y: ['batch', 16, 4, 32] },
    counts: [4 * 16 * 8 * 32, 4 * 8 * 32, 4 * 16 * 32],
  },
  {
    name: 'a matrix for each head of several samples',
    nodes: [n('MatMul', 'x w', 'y')],
    inputs: { x: ['batch', 5, 4, 16, 8] },
    weights: { w: [4, 8, 32] },
    stated: { y: ['batch', 5, 4, 16, 32] },
    counts: [5 * 4 * 16 * 8 * 32, 4 * 8 * 32, 5 * 4 * 16 * 32],
  },
  {
    name: 'four matrices for the same rows of several samples',
    nodes: [n('MatMul', 'x w', 'y')],
    inputs: { x: ['batch', 5, 1, 16, 8] },
    weights: { w: [4, 8, 32] },
    stated: { y: ['batch', 5, 4, 16, 32] },
    counts: [5 * 4 * 16 * 8 * 32, 4 * 8 * 32, 5 * 4 * 16 * 32],
  },
  {
    name: 'weights with two outer axes, one of which the input has',
    nodes: [n('MatMul', 'x w', 'y')],
    inputs: { x: ['batch', 2, 1, 16, 8] },
    weights: { w: [2, 3, 8, 32] },
    stated: { y: ['batch', 2, 3, 16, 32] },
    counts: [6 * 16 * 8 * 32, 6 * 8 * 32, 6 * 16 * 32],
  },
  {
    name: 'a product with a column that the network computes',
    nodes: [n('Relu', 'v', 'u'), n('MatMul', 'x u', 'h'), n('Softmax', 'h', 'y')],
    inputs: { x: ['batch', 16, 8], v: [8] },
    stated: { y: ['batch', 16] },
    counts: [16 * 8, 0, 16],
  },
  {
    name: 'a row that the network computes, times a matrix',
    nodes: [n('Relu', 'v', 'u'), n('MatMul', 'u x', 'h'), n('Relu', 'h', 'y')],
    inputs: { x: ['batch', 8, 16], v: [8] },
    stated: { y: ['batch', 16] },
    counts: [16 * 8, 0, 16],
  },
  {
    name: 'a row of weights, times a matrix',
    nodes: [n('MatMul', 'w x', 'y')],
    inputs: { x: ['batch', 8, 16] },
    weights: { w: [8] },
    stated: { y: ['batch', 16] },
    counts: [16 * 8, 8, 16],
  },
  {
    name: 'a column of weights',
    nodes: [n('MatMul', 'x w', 'h'), n('Softmax', 'h', 'y')],
    inputs: { x: ['batch', 16, 8] },
    weights: { w: [8] },
    stated: { y: ['batch', 16] },
    counts: [16 * 8, 8, 16],
  },
];

test.each(cases)('$name', (each) => {
  const { counts, problems, text, messages } = countsOf(each);
  expect(messages).toEqual([]);
  expect(counts).toEqual(each.counts);
  expect(problems).toEqual([]);
  expect(text?.after).toEqual(text?.before);
});
