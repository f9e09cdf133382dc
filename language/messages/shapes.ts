import { type MessageRegistry, message } from '../../design/index.ts';

/** Layers whose settings and inputs do not fit together. Shapes are text that `showShape` made. */
export const shapeMessages = {
  noSuchLayer: message('shape-mismatch', ({ keyword }: { keyword: string }) => `'${keyword}' is not a layer.`),
  tooManyInputs: message(
    'shape-mismatch',
    (p: { keyword: string; most: number; count: number }) =>
      `'${p.keyword}' has ${p.count} inputs. It reads ${p.most === 1 ? 'one input' : `at most ${p.most} inputs`}.`,
  ),
  needsTwoInputs: message(
    'shape-mismatch',
    ({ keyword }: { keyword: string }) => `'${keyword}' reads two inputs. Give their labels, such as 'inputs: [a, b]'.`,
  ),
  otherInput: message(
    'shape-mismatch',
    (p: { keyword: string; wanted: string; shape: string }) =>
      `'${p.keyword}' reads ${p.wanted}, but its input is ${p.shape}.`,
  ),
  cannotJoin: message(
    'shape-mismatch',
    (p: { keyword: string; left: string; right: string }) =>
      `'${p.keyword}' cannot combine ${p.left} and ${p.right}. Each dimension must be equal, or 1 in one of them.`,
  ),
  cannotConcatenate: message(
    'shape-mismatch',
    (p: { first: string; other: string; dimension: number }) =>
      `'concat' cannot join ${p.first} and ${p.other} along dimension ${p.dimension}. All other dimensions must be equal.`,
  ),
  noSuchAxis: message(
    'shape-mismatch',
    ({ axis, shape }: { axis: number; shape: string }) => `'axis: ${axis}' is not a dimension of ${shape}.`,
  ),
  otherSize: message(
    'shape-mismatch',
    (p: { keyword: string; rule: string; input: string; before: number; output: string; after: number }) =>
      `'${p.keyword}' ${p.rule}, but ${p.input} has ${p.before} and ${p.output} has ${p.after}.`,
  ),
  scalarDense: message('shape-mismatch', "The input of 'dense' is a scalar. It needs at least one dimension."),
  notMatrices: message(
    'shape-mismatch',
    ({ left, right }: { left: string; right: string }) =>
      `'matmul' multiplies two matrices, but its inputs are ${left} and ${right}.`,
  ),
  otherDepth: message(
    'shape-mismatch',
    (p: { left: string; right: string; isTransposed: boolean; depth: number; rightDepth: number }) =>
      `'matmul' cannot multiply ${p.left} by ${p.right}${p.isTransposed ? ' transposed' : ''}: the inner dimensions ${p.depth} and ${p.rightDepth} must be equal.`,
  ),
  otherMemory: message(
    'shape-mismatch',
    ({ shape }: { shape: string }) =>
      `'attention' reads keys and values from an input of steps x features, but this input is ${shape}.`,
  ),
  headsOfFeatures: message(
    'shape-mismatch',
    ({ heads, features }: { heads: number; features: number }) =>
      `The ${features} features cannot be divided evenly by 'heads: ${heads}'.`,
  ),
  headsOfKeys: message(
    'shape-mismatch',
    ({ keyValueHeads, heads }: { keyValueHeads: number; heads: number }) =>
      `'heads: ${heads}' cannot be divided evenly by 'key-value-heads: ${keyValueHeads}'.`,
  ),
  cacheOfMemory: message(
    'shape-mismatch',
    "'cache: yes' is for attention of a sequence to itself, but this layer reads keys and values from a second input. Remove 'cache', or the second input.",
  ),
  contextOfCache: message(
    'shape-mismatch',
    "'context' and 'cache: yes' contradict each other: with a cache, each token attends to all tokens before it. Remove 'context', or state a sliding window with 'window'.",
  ),
  tooManyActive: message(
    'out-of-range',
    ({ active, experts }: { active: number; experts: number }) =>
      `'active: ${active}' is more than 'experts: ${experts}'. Each token uses at most all of the experts.`,
  ),
  groupsOfInputs: message(
    'shape-mismatch',
    ({ groups, channels }: { groups: number; channels: number }) =>
      `The ${channels} input channels cannot be divided evenly by 'groups: ${groups}'.`,
  ),
  groupsOfFilters: message(
    'shape-mismatch',
    ({ groups, filters }: { groups: number; filters: number }) =>
      `The ${filters} filters cannot be divided evenly by 'groups: ${groups}'.`,
  ),
  otherDirections: message(
    'shape-mismatch',
    (p: { name: string; count: number; directions: number; shape: string }) =>
      `'${p.name}' has ${p.count} sizes, but a window over ${p.shape} moves in ${p.directions === 1 ? 'one direction' : `${p.directions} directions`}. ` +
      `Write one size, or one for each direction.`,
  ),
  windowTooLarge: message(
    'shape-mismatch',
    (p: { kernel: string; shape: string }) =>
      `The kernel of ${p.kernel} does not fit into the input of ${p.shape}. Use a smaller kernel or more padding.`,
  ),
} satisfies MessageRegistry;
