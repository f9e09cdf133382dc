import { type MessageRegistry, message } from '../../design/index.ts';

/** Layers whose settings or inputs do not fit each other. Shapes as `showShape` writes them. */
export const shapeMessages = {
  noSuchLayer: message('shape-mismatch', ({ keyword }: { keyword: string }) => `'${keyword}' is not a layer`),
  tooManyInputs: message(
    'shape-mismatch',
    (p: { keyword: string; most: number; count: number }) =>
      `'${p.keyword}' reads ${p.most === 1 ? 'one input' : `at most ${p.most} inputs`}, not ${p.count}`,
  ),
  needsTwoInputs: message(
    'shape-mismatch',
    ({ keyword }: { keyword: string }) => `'${keyword}' reads two inputs: name them with 'inputs: [a, b]'`,
  ),
  otherInput: message(
    'shape-mismatch',
    (p: { keyword: string; wanted: string; shape: string }) =>
      `'${p.keyword}' reads ${p.wanted}, but its input is ${p.shape}`,
  ),
  cannotJoin: message(
    'shape-mismatch',
    (p: { keyword: string; left: string; right: string }) => `'${p.keyword}' cannot join ${p.left} and ${p.right}`,
  ),
  cannotConcatenate: message(
    'shape-mismatch',
    (p: { first: string; other: string; dimension: number }) =>
      `'concat' cannot join ${p.first} and ${p.other} along dimension ${p.dimension}`,
  ),
  noSuchAxis: message(
    'shape-mismatch',
    ({ axis, shape }: { axis: number; shape: string }) => `'axis: ${axis}' is not a dimension of ${shape}`,
  ),
  otherSize: message(
    'shape-mismatch',
    (p: { keyword: string; rule: string; input: string; before: number; output: string; after: number }) =>
      `'${p.keyword}' ${p.rule}: ${p.input} has ${p.before}, ${p.output} has ${p.after}`,
  ),
  scalarDense: message('shape-mismatch', "'dense' reads at least one dimension"),
  notMatrices: message(
    'shape-mismatch',
    ({ left, right }: { left: string; right: string }) => `'matmul' reads two matrices, not ${left} and ${right}`,
  ),
  otherDepth: message(
    'shape-mismatch',
    (p: { left: string; right: string; isTransposed: boolean; depth: number; rightDepth: number }) =>
      `'matmul' cannot multiply ${p.left} by ${p.right}${p.isTransposed ? ' transposed' : ''}: ${p.depth} is not ${p.rightDepth}`,
  ),
  otherMemory: message(
    'shape-mismatch',
    ({ shape }: { shape: string }) => `'attention' takes keys and values from steps x features, not ${shape}`,
  ),
  headsOfFeatures: message(
    'shape-mismatch',
    ({ heads, features }: { heads: number; features: number }) =>
      `'heads: ${heads}' does not divide the ${features} features`,
  ),
  headsOfKeys: message(
    'shape-mismatch',
    ({ keyValueHeads, heads }: { keyValueHeads: number; heads: number }) =>
      `'key-value-heads: ${keyValueHeads}' does not divide 'heads: ${heads}'`,
  ),
  groupsOfInputs: message(
    'shape-mismatch',
    ({ groups, channels }: { groups: number; channels: number }) =>
      `'groups: ${groups}' does not divide the ${channels} input channels`,
  ),
  groupsOfFilters: message(
    'shape-mismatch',
    ({ groups, filters }: { groups: number; filters: number }) =>
      `'groups: ${groups}' does not divide the ${filters} filters`,
  ),
  windowTooLarge: message(
    'shape-mismatch',
    (p: { height: number; width: number; shape: string }) =>
      `a window of ${p.height} x ${p.width} does not fit into ${p.shape}`,
  ),
} satisfies MessageRegistry;
