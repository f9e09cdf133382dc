import { expect } from 'vitest';
import type { AssumedOperator } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import type { GraphInput, NodeInput, TensorInput } from './onnx-file.ts';
import { shapeProblems, sketch } from './sketch.ts';

/* Parts of the tests of bodies (If, Loop, Scan) and model-local functions. */

export const origin = { uri: 'test.npu', start: 0, end: 0 };
export const w = (name: string, ...dims: number[]): TensorInput => ({ name, dims });
export const whole = (name: string, value: number): TensorInput => ({ name, dims: [], ints: [value] });

export function check(file: Uint8Array, layers: readonly string[], messages: readonly RegExp[] = []): void {
  const { value, diagnostics } = readOnnx(file, 'Net', origin);
  expect(diagnostics.map(({ message }) => message)).toEqual(messages.map((each) => expect.stringMatching(each)));
  expect(sketch(value)).toEqual(layers);
  if (value !== undefined) expect(shapeProblems(value)).toEqual([]);
}

export const body = (
  nodes: readonly NodeInput[],
  output: string,
  weights: readonly TensorInput[] = [],
): GraphInput => ({
  nodes,
  weights,
  inputs: {},
  outputs: { [output]: [] },
});

export const assumed = (operator: string, countedAs: AssumedOperator) => ({
  inputs: [],
  assumptions: [{ operator, countedAs, origin }],
});
