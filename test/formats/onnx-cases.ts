import { type GraphInput, type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';

/** One chain of nodes over input x, with weights w, b and so on of the given sizes. The last output is the output of the graph. */
export function chain(
  input: readonly (number | string)[],
  nodes: readonly NodeInput[],
  weights: Readonly<Record<string, readonly number[]>> = {},
  more: Partial<GraphInput> & { readonly shapes?: Readonly<Record<string, readonly number[]>> } = {},
): Uint8Array {
  const last = nodes[nodes.length - 1]?.out[0] ?? 'x';
  const tensors: TensorInput[] = Object.entries(weights).map(([name, dims]) => ({ name, dims }));
  for (const [name, ints] of Object.entries(more.shapes ?? {})) tensors.push({ name, dims: [ints.length], ints });
  const { shapes: _, ...rest } = more;
  return onnxFile({ nodes, weights: tensors, inputs: { x: input }, outputs: { [last]: [] }, ...rest });
}

export const n = (
  op: string,
  inputs: string,
  out: string,
  attributes: NodeInput['attributes'] = {},
  name = out,
): NodeInput => ({
  op,
  in: inputs === '' ? [] : inputs.split(' ').map((each) => (each === '_' ? '' : each)),
  out: out.split(' '),
  name: name.split(' ')[0] ?? name,
  attributes,
});

/** A graph and its expected layers, one line for each layer (sketch.ts). */
export const operatorCases: readonly (readonly [string, Uint8Array, readonly string[]])[] = [
  [
    'convolution with groups, stride, dilation and uneven padding',
    chain(
      [1, 8, 20, 30],
      [
        n('Conv', 'x w b', 'c', {
          group: 2,
          strides: [2, 1],
          dilations: [1, 2],
          pads: [1, 0, 2, 3],
          kernel_shape: [3, 3],
        }),
      ],
      { w: [16, 4, 3, 3], b: [16] },
    ),
    ['c: conv+bias [-1] 20x30x8 -> 11x29x16'],
  ],
  [
    'automatic padding gives ceil(size / stride) positions',
    chain([1, 3, 15, 15], [n('Conv', 'x w', 'c', { strides: [2, 2], auto_pad: 'SAME_UPPER' })], { w: [4, 3, 3, 3] }),
    ['c: conv [-1] 15x15x3 -> 8x8x4'],
  ],
  [
    'a signal is an image of width one, and needs no view layer between convolutions',
    chain(
      [1, 80, 3000],
      [
        n('Conv', 'x w', 'c', { pads: [1, 1] }),
        n('Gelu', 'c', 'g'),
        n('Conv', 'g v', 'd', { strides: [2], pads: [1, 1] }),
      ],
      { w: [384, 80, 3], v: [384, 384, 3] },
    ),
    [
      'input_view: view [-1] 3000x80 -> 3000x1x80',
      'c: conv [0] 3000x1x80 -> 3000x1x384',
      'c_view: view [1] 3000x1x384 -> 3000x384',
      'g: gelu [2] 3000x384 -> 3000x384',
      'g_view: view [3] 3000x384 -> 3000x1x384',
      'd: conv [4] 3000x1x384 -> 1500x1x384',
    ],
  ],
  [
    'a transposed convolution has its exact multiplications, then the overlapping sums',
    chain([1, 64, 16, 16], [n('ConvTranspose', 'x w', 'up', { strides: [2, 2] })], { w: [64, 32, 2, 2] }),
    ['up_products: conv [-1] 16x16x64 -> 16x16x128', 'up: copy [0] 16x16x128 -> 32x32x32'],
  ],
  [
    'pooling rounds up if the file states so',
    chain([1, 4, 112, 112], [n('MaxPool', 'x', 'p', { kernel_shape: [3, 3], strides: [2, 2], ceil_mode: 1 })]),
    ['p: max pool [-1] 112x112x4 -> 56x56x4'],
  ],
  [
    'global pooling, flatten and a dense layer: the flatten costs nothing',
    chain(
      [1, 4, 7, 7],
      [n('GlobalAveragePool', 'x', 'p'), n('Flatten', 'p', 'f'), n('Gemm', 'f w b', 'fc', { transB: 1 })],
      { w: [10, 4], b: [10] },
    ),
    ['p: average pool [-1] 7x7x4 -> 1x1x4', 'p_view: view [0] 1x1x4 -> 4', 'fc: dense+bias [1] 4 -> 10'],
  ],
  [
    'a mean over positions is global pooling',
    chain([1, 4, 7, 7], [n('Relu', 'x', 'r'), n('ReduceMean', 'r', 'm', { axes: [2, 3], keepdims: 0 })]),
    ['r: relu [-1] 7x7x4 -> 7x7x4', 'm: average pool [0] 7x7x4 -> 1x1x4'],
  ],
  [
    'batch normalization folds into the convolution before it, which gets a bias',
    chain([1, 3, 8, 8], [n('Conv', 'x w', 'c'), n('BatchNormalization', 'c s b m v', 'bn'), n('Relu', 'bn', 'r')], {
      w: [4, 3, 1, 1],
      s: [4],
      b: [4],
      m: [4],
      v: [4],
    }),
    ['c: conv+bias [-1] 8x8x3 -> 8x8x4', 'bn: batch folded norm [0] 8x8x4 -> 8x8x4', 'r: relu [1] 8x8x4 -> 8x8x4'],
  ],
  [
    'batch normalization does not fold if another node reads the convolution',
    chain([1, 3, 8, 8], [n('Conv', 'x w', 'c'), n('BatchNormalization', 'c s b m v', 'bn'), n('Add', 'bn c', 'sum')], {
      w: [4, 3, 1, 1],
      s: [4],
      b: [4],
      m: [4],
      v: [4],
    }),
    ['c: conv [-1] 8x8x3 -> 8x8x4', 'bn: batch norm [0] 8x8x4 -> 8x8x4', 'sum: add [1,0] 8x8x4, 8x8x4 -> 8x8x4'],
  ],
  [
    'scale and shift per channel, as Caffe2 writes them, fold too',
    chain(
      [1, 3, 8, 8],
      [
        n('Conv', 'x w', 'c'),
        n('BatchNormalization', 'c s b m v', 'bn'),
        n('Mul', 'bn k', 'scaled'),
        n('Add', 'scaled k', 'shifted'),
      ],
      { w: [4, 3, 1, 1], s: [4], b: [4], m: [4], v: [4], k: [4, 1, 1] },
    ),
    [
      'c: conv+bias [-1] 8x8x3 -> 8x8x4',
      'bn: batch folded norm [0] 8x8x4 -> 8x8x4',
      'scaled: batch folded norm [1] 8x8x4 -> 8x8x4',
      'shifted: batch folded norm [2] 8x8x4 -> 8x8x4',
    ],
  ],
  [
    'old operator sets state where the second operand starts',
    chain(
      [1, 3, 8, 8],
      [n('Relu', 'x', 'r'), n('Mul', 'r k', 'm', { broadcast: 1, axis: 1 })],
      { k: [3] },
      { opset: 6 },
    ),
    ['r: relu [-1] 8x8x3 -> 8x8x3', 'm: multiply [0] 8x8x3 -> 8x8x3'],
  ],
  [
    'a product with weights and the sum after it are one dense layer',
    chain([1, 128, 768], [n('MatMul', 'x w', 'q'), n('Add', 'b q', 'qb')], { w: [768, 256], b: [256] }),
    ['q: dense+bias [-1] 128x768 -> 128x256'],
  ],
  [
    'weights on the left side',
    chain([1, 64, 100], [n('MatMul', 'w x', 'y'), n('Relu', 'y', 'r')], { w: [32, 64] }),
    [
      'input_reorder: copy [-1] 64x100 -> 100x64',
      'y: dense [0] 100x64 -> 100x32',
      'y_reorder: copy [1] 100x32 -> 32x100',
      'r: relu [2] 32x100 -> 32x100',
    ],
  ],
  [
    'one weight matrix per head',
    chain(
      [1, 8, 16, 64],
      [n('Reshape', 'x shape', 'v'), n('MatMul', 'v w', 'y')],
      { w: [8, 64, 32] },
      { shapes: { shape: [8, 16, 64] } },
    ),
    ['input_reorder: copy [-1] 16x64x8 -> 16x1x512', 'y: conv [0] 16x1x512 -> 16x1x256'],
  ],
  [
    'channel shuffle is one reordering',
    chain(
      [1, 12, 7, 7],
      [
        n('Reshape', 'x a', 'r'),
        n('Transpose', 'r', 't', { perm: [0, 2, 1, 3, 4] }),
        n('Reshape', 't b', 'back'),
        n('Relu', 'back', 'y'),
      ],
      {},
      { shapes: { a: [1, 3, 4, 7, 7], b: [1, 12, 7, 7] } },
    ),
    ['input_reorder: copy [-1] 7x7x12 -> 7x7x12', 'y: relu [0] 7x7x12 -> 7x7x12'],
  ],
  [
    'transpositions from channels last to channels first and back move nothing',
    chain(
      [1, 32, 32, 3],
      [
        n('Transpose', 'x', 't', { perm: [0, 3, 1, 2] }),
        n('Conv', 't w', 'c'),
        n('Transpose', 'c', 'u', { perm: [0, 2, 3, 1] }),
        n('MatMul', 'u v', 'm'),
      ],
      { w: [8, 3, 1, 1], v: [8, 4] },
    ),
    ['c: conv [-1] 32x32x3 -> 32x32x8', 'm: dense [0] 32x32x8 -> 32x32x4'],
  ],
  [
    'patches of a vision transformer become a sequence without moving elements',
    chain(
      [1, 3, 32, 32],
      [
        n('Conv', 'x w', 'c', { strides: [8, 8] }),
        n('Reshape', 'c shape', 'r'),
        n('Transpose', 'r', 't', { perm: [0, 2, 1] }),
        n('MatMul', 't v', 'm'),
      ],
      { w: [48, 3, 8, 8], v: [48, 48] },
      { shapes: { shape: [0, 48, -1] } },
    ),
    ['c: conv [-1] 32x32x3 -> 4x4x48', 'c_view: view [0] 4x4x48 -> 16x48', 'm: dense [1] 16x48 -> 16x48'],
  ],
  [
    'split, slice, concat along channels',
    chain(
      [1, 6, 5, 5],
      [
        n('Relu', 'x', 'r'),
        n('Split', 'r', 's t', { axis: 1, split: [2, 4] }),
        n('Slice', 't from to axes', 'u'),
        n('Concat', 's u', 'y', { axis: 1 }),
      ],
      {},
      { opset: 11, shapes: { from: [1], to: [9999], axes: [1] } },
    ),
    [
      'r: relu [-1] 5x5x6 -> 5x5x6',
      's_1: copy [0] 5x5x6 -> 5x5x2',
      's_2: copy [0] 5x5x6 -> 5x5x4',
      'u: copy [2] 5x5x4 -> 5x5x3',
      'y: concat [1,3] 5x5x2, 5x5x3 -> 5x5x5',
    ],
  ],
  [
    'padding, enlargement, depth to space',
    chain(
      [1, 8, 5, 5],
      [
        n('Pad', 'x pads', 'p'),
        n('Resize', 'p _ scales', 'up'),
        n('DepthToSpace', 'up', 'd', { blocksize: 2 }),
        n('Relu', 'd', 'r'),
      ],
      {},
      {
        weights: [
          { name: 'pads', dims: [8], ints: [0, 0, 1, 1, 0, 0, 1, 1] },
          { name: 'scales', dims: [4], floats: [1, 1, 2, 2] },
        ],
      },
    ),
    [
      'p: max pool [-1] 5x5x8 -> 7x7x8',
      'up: upsample [0] 7x7x8 -> 14x14x8',
      'up_reorder: copy [1] 14x14x8 -> 28x28x2',
      'r: relu [2] 28x28x2 -> 28x28x2',
    ],
  ],
  [
    'LSTM with its squeeze, both directions',
    chain(
      [50, 1, 240],
      [
        n('LSTM', 'x w r b', 'y h', { hidden_size: 64, direction: 'bidirectional' }),
        n('Transpose', 'y', 't', { perm: [0, 2, 1, 3] }),
        n('Reshape', 't s', 'z'),
        n('Relu', 'z', 'o'),
      ],
      { w: [2, 256, 240], r: [2, 256, 64], b: [2, 512] },
      { shapes: { s: [0, 0, -1] } },
    ),
    ['y: recurrent+bias [-1] 50x240 -> 50x128', 'o: relu [0] 50x128 -> 50x128'],
  ],
  [
    'a plain RNN has one matrix for its input and one for its state',
    chain([20, 1, 16], [n('RNN', 'x w r b', 'y', { hidden_size: 32 })], { w: [1, 32, 16], r: [1, 32, 32], b: [1, 64] }),
    ['y: recurrent+bias [-1] 20x16 -> 20x32'],
  ],
  [
    'several sequences of one request step together',
    chain(
      [20, 'batch', 64],
      [n('Reshape', 'x s', 'beams'), n('LSTM', 'beams w r', 'y h', { hidden_size: 8 }), n('Relu', 'h', 'z')],
      { w: [1, 32, 16], r: [1, 32, 8] },
      { shapes: { s: [20, 4, 16] } },
    ),
    [
      'input_view: view [-1] 20x64 -> 20x4x16',
      'y: recurrent [0] 20x4x16 -> 20x4x8',
      'y_last: view [1] 20x4x8 -> 4x8',
      'y_last_view: view [2] 4x8 -> 1x4x8',
      'z: relu [3] 1x4x8 -> 1x4x8',
    ],
  ],
  [
    'if both operands are broadcast, the larger one gets the shape of the result',
    chain([1, 4, 1], [n('Mul', 'x w', 'y')], { w: [1, 1, 8] }),
    ['y_broadcast: view [-1] 4x1 -> 4x8', 'y: multiply [0] 4x8 -> 4x8'],
  ],
  [
    'a window of a dilated pool has as many elements as one without dilation',
    chain(
      [1, 4, 20, 20],
      [n('MaxPool', 'x', 'p', { kernel_shape: [3, 3], dilations: [2, 3], strides: [2, 1], pads: [1, 1, 0, 0] })],
    ),
    ['p_window: view [-1] 20x20x4 -> 19x17x4', 'p: max pool [0] 19x17x4 -> 9x15x4'],
  ],
  [
    'last state of a GRU',
    chain(
      [50, 1, 240],
      [n('GRU', 'x w r', 'y h', { hidden_size: 64 }), n('Squeeze', 'h', 's', { axes: [0] }), n('Gemm', 's v', 'o')],
      { w: [1, 192, 240], r: [1, 192, 64], v: [64, 10] },
      { opset: 11 },
    ),
    ['y: recurrent [-1] 50x240 -> 50x64', 'y_last: view [0] 50x64 -> 64', 'o: dense [1] 64 -> 10'],
  ],
  [
    'rows of a table',
    chain(['batch', 20], [n('Gather', 'w x', 'e')], { w: [30522, 64] }),
    ['e: embedding [-1] 20 -> 20x64'],
  ],
  [
    'position embeddings are parameters that each request reads',
    chain([1, 20, 64], [n('Add', 'x w', 'e')], { w: [1, 20, 64] }),
    ['e_parameters: embedding [-1] 20 -> 20x64', 'e: add [-1,0] 20x64, 20x64 -> 20x64'],
  ],
  [
    'the equation of attention scores',
    chain(
      [1, 4, 10, 8],
      [
        n('Relu', 'x', 'q'),
        n('Reshape', 'q s', 'k'),
        n('Einsum', 'k k', 'y', { equation: 'bhid,bhjd->bhij' }),
        n('Softmax', 'y', 'p'),
      ],
      {},
      { shapes: { s: [1, 4, 10, 8] } },
    ),
    [
      'q: relu [-1] 10x8x4 -> 10x8x4',
      'q_reorder: copy [0] 10x8x4 -> 4x10x8',
      'q_reorder_2: copy [0] 10x8x4 -> 4x8x10',
      'y: matmul [1,2] 4x10x8, 4x8x10 -> 4x10x10',
      'p: softmax [3] 4x10x10 -> 4x10x10',
    ],
  ],
];
