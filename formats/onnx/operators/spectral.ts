import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, normalAxis, withSpatial } from '../value.ts';
import { noPadding, unit } from './images.ts';
import { approximate } from './selection.ts';

/*
 * Fourier transforms (ONNX operators DFT and STFT). An NPU has no butterfly network, so a transform is a product with the matrix of its
 * sines and cosines, as toolkits for such chips export it. A fast transform needs fewer multiplications: the count is a caveat.
 */

/** The numbers of one frequency or of one complex sample. */
const complex = 2;

function asProduct(node: NodeReader, samples: number): void {
  approximate(
    node,
    { kind: 'any' },
    `it is counted as a product with the matrix of its sines and cosines, which is stored like weights. A fast Fourier transform of its ${samples} samples needs fewer multiplications.`,
  );
}

function frequencies(samples: number, isOneSided: boolean): number {
  return isOneSided ? Math.floor(samples / 2) + 1 : samples;
}

/**
 * DFT: batch x ... x samples x (1 or 2 numbers) -> batch x ... x frequencies x 2. The axis is an attribute before operator set 20, and an
 * input from there on.
 */
function transform(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const rank = value.dims.length;
  const isOld = node.opset < 20;
  const stated = isOld ? node.int('axis', 1) : node.hasInput(2) ? node.known(2)?.[0] : -2;
  const axis = stated === undefined ? undefined : normalAxis(stated, rank);
  const numbers = value.dims.at(-1) ?? 1;
  if (axis === undefined || axis === rank - 1 || axis === value.batchAxis)
    return 'its axis is unknown or does not exist';
  if (numbers !== 1 && numbers !== complex) return `its last dimension is ${numbers}; 1 or 2 numbers were expected`;
  const size = value.dims[axis] ?? 1;
  const length = node.hasInput(1) ? node.known(1)?.[0] : size;
  if (length === undefined || length < 1) return 'its length is computed from the input, which is not supported';
  const isOneSided = node.int('onesided', 0) !== 0;
  const isInverse = node.int('inverse', 0) !== 0;
  // A one-sided inverse makes real samples from half of the frequencies (operator set 23).
  const made =
    isOneSided && isInverse
      ? { count: length, numbers: 1 }
      : { count: frequencies(length, isOneSided), numbers: complex };
  const used = Math.min(size, isOneSided && isInverse ? frequencies(length, true) : length);
  asProduct(node, length);

  const { importer, name } = node;
  const plain = withSpatial(value, 0);
  const others = plain.dims.filter((_, at) => at !== axis && at !== rank - 1 && at !== plain.batchAxis);
  const isLast = axis === rank - 2;
  const rows = [...others, used * numbers];
  let read = importer.read(plain, isLast && used === size ? rows : undefined);
  if (!isLast || used !== size) {
    const index = importer.add(`${name}_samples`, { kind: 'reshape', copies: !isLast }, [read], rows);
    read = { index, shape: rows };
  }
  const width = made.count * made.numbers;
  const dims = plain.dims.with(axis, made.count).with(-1, made.numbers);
  const output: Omit<Activation, 'kind' | 'source' | 'moved'> = { dims, batchAxis: plain.batchAxis, spatial: 0 };
  const product = { kind: 'dense', outputs: width, bias: false } as const;
  if (isLast) return [node.layer(product, [read], output, [...others, width])];
  const index = importer.add(`${name}_products`, product, [read], [...others, width]);
  return [node.layer({ kind: 'reshape', copies: true }, [{ index, shape: [...others, width] }], output)];
}

/**
 * STFT: batch x samples (x 1 or 2 numbers) -> batch x frames x frequencies x 2. The frames are the places of a convolution, whose filters
 * are the sines and cosines times the window.
 */
function shortTimeTransform(node: NodeReader): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const [signals = 1, samples = 1, numbers = 1] = value.dims;
  const step = node.known(1)?.[0];
  const length = node.hasInput(3) ? node.known(3)?.[0] : node.input(2)?.dims[0];
  if (value.dims.length < 2 || value.dims.length > 3 || numbers > complex)
    return `an input of ${value.dims.join(' x ')} is no signal`;
  if (step === undefined || step < 1 || length === undefined || length < 1)
    return 'the step or the length of its frames is computed from the input, which is not supported';
  if (length > samples) return `frames of ${length} do not fit ${samples} samples`;
  asProduct(node, length);
  const frames = Math.floor((samples - length) / step) + 1;
  const count = frequencies(length, node.int('onesided', 1) !== 0);
  const seen = withSpatial(value, 0);
  const operation = {
    kind: 'conv',
    kernel: { height: 1, width: length },
    stride: { height: 1, width: step },
    dilation: unit,
    padding: noPadding,
    filters: count * complex,
    groups: 1,
    bias: false,
  } as const;
  const output = { dims: [signals, frames, count, complex], batchAxis: seen.batchAxis === 0 ? 0 : -1, spatial: 0 };
  const read = node.importer.read(seen, [signals, samples, numbers]);
  return [node.layer(operation, [read], output, [signals, frames, count * complex])];
}

export const spectralReaders: Readonly<Record<string, OperatorReader>> = { DFT: transform, STFT: shortTimeTransform };
