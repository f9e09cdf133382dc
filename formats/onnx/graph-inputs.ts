import { listed as listedNames, quoted, reasonWords, type Shape, type StatedInput } from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import { labelsFor } from '../npu-text/index.ts';
import { type Batch, findBatch } from './batch.ts';
import { hasChannelsLast } from './channels-last.ts';
import { dimsProblem } from './dims.ts';
import type { Dimension, GraphNode, ValueInfo } from './graph.ts';
import type { Importer } from './importer.ts';
import { assumedSize, exampleOf, impliedSizes, isSequence, sizeByName } from './open-dimensions.ts';
import { type Problem, unreadable } from './outcome.ts';
import { SampleRecord } from './samples/index.ts';
import { type Activation, axisOrder, constant, shapeOf } from './value.ts';
import { hasOwnWeights, isReadAsWeights, weightReaders } from './weight-inputs.ts';

/** An input of the graph that has new data in every request. */
interface DataInput {
  readonly name: string;
  readonly dims: readonly Dimension[];
  /** The axis that counts requests. -1 if there is none. */
  readonly batchAxis: number;
  /** How many of the last dimensions are positions of an image or a signal. */
  readonly spatial: number;
  readonly stated: StatedInput | undefined;
  /** The axes of the file in the order in which the user states their sizes. */
  readonly order: readonly number[];
}

/**
 * How to read an input whose first dimension may count requests. `divided`: for one request. `followed`: with the dimensions of the file, to
 * find out whether an operator combines the requests.
 */
export type BatchReading = 'divided' | 'followed';

/** The batch for which the graph was exported, as its inputs show it. */
export interface ReadInputs {
  readonly batch: Batch;
  /** What the user states: the shape of one sample, or all dimensions of the file. Undefined if nothing is stated. */
  readonly stated: 'sample' | 'whole' | undefined;
}

/**
 * Makes values of the inputs of the graph. Data of a request becomes an activation for one request. An input that operators read only as
 * their weights becomes a weight. An input with a dimension of zero becomes an empty constant.
 */
export function readInputs(importer: Importer, reading: BatchReading): ReadInputs | Problem {
  const inputs: ValueInfo[] = [];
  // Up to IR version 3, the inputs also list the weights.
  const listed = importer.graph.inputs.filter(
    ({ name }) => !importer.graph.initializers.has(name) && importer.usesOf(name) > 0,
  );
  const { weights, data: filters } = weightsAmong(importer, listed);
  for (const input of listed) {
    if (!weights.has(input)) {
      inputs.push(input);
      continue;
    }
    const dims = input.dims?.filter((dimension) => typeof dimension === 'number') ?? [];
    const problem = dimsProblem(dims);
    if (problem !== undefined) return unreadable(`the input ${quoted(input.name)} ${problem}`);
    importer.values.set(input.name, constant(dims));
  }
  const matched = matchStatements(importer, inputs);
  if ('message' in matched) return matched;
  // Data at the place of weights, such as the template of a tracker, has no batch.
  const batch = findBatch(
    importer,
    inputs.filter((input) => !filters.has(input)),
  );
  const known = new Map<string, number>();
  importer.sizes = known;
  const wholes = wholeBatches(inputs, batch, matched);
  const isWhole = (size: Dimension | undefined) =>
    size !== undefined && (wholes.has(size) || (reading === 'followed' && size === batch.size && batch.size > 1));
  importer.exportedBatch = isWhole(batch.size) ? 1 : batch.size;
  const data: DataInput[] = inputs.map((input) => {
    const stated = matched.get(input.name);
    const dims = input.dims ?? unknownDims(stated?.shape);
    const spatial = positionsOf(importer.firstReaders.get(input.name), dims);
    const axis = batch.axes.get(input.name) ?? -1;
    const isOwnWhole = isStatedWhole(input, stated);
    const batchAxis = isOwnWhole || isWhole(dims[axis]) ? -1 : axis;
    const order = statedOrder(dims, isOwnWhole ? -1 : axis, spatial, stated);
    return { name: input.name, dims, batchAxis, spatial, stated, order };
  });
  for (const input of data) {
    const problem = bindStated(input, known);
    if (problem !== undefined) return problem;
  }
  const names = new Set(data.flatMap(({ dims }) => dims.filter((dimension) => typeof dimension === 'string')));
  for (const input of data) {
    const problem = addInput(importer, input, known, names);
    if (problem !== undefined) return problem;
  }
  if (importer.inputs.length === 0) return unreadable('its graph has no input');
  if (reading === 'followed') markSamples(importer, batch);
  const isSample = inputs.some((input) => matched.has(input.name) && batch.axes.has(input.name));
  return { batch, stated: wholes.size > 0 ? 'whole' : isSample ? 'sample' : undefined };
}

/** The statement has as many dimensions as the file, so the first one does not count requests: one request has all of it. */
function isStatedWhole({ dims }: ValueInfo, stated: StatedInput | undefined): boolean {
  if (stated === undefined || dims === undefined || stated.shape.length !== dims.length) return false;
  return dims.length > 1 || stated.shape[0] !== 1;
}

/** The sizes and names of batches that the user states as a part of one request. Other inputs can have the same batch. */
function wholeBatches(
  inputs: readonly ValueInfo[],
  { axes }: Batch,
  matched: ReadonlyMap<string, StatedInput>,
): ReadonlySet<Dimension> {
  const wholes = inputs.filter((input) => isStatedWhole(input, matched.get(input.name)));
  return new Set(wholes.flatMap(({ name, dims }) => dims?.[axes.get(name) ?? -1] || []));
}

/**
 * The axes of an input in the order of the statement about it. All dimensions of the file can be stated in the order of the file, or with the channels
 * last.
 */
function statedOrder(
  dims: readonly Dimension[],
  batchAxis: number,
  spatial: number,
  stated: StatedInput | undefined,
): readonly number[] {
  const own = axisOrder(dims.length, batchAxis, spatial);
  if (stated === undefined || stated.shape.length !== dims.length) return own;
  const channelsLast = [0, ...axisOrder(dims.length, 0, spatial)];
  const fits = (order: readonly number[]) =>
    order.every((axis, at) => !isFixed(dims[axis]) || dims[axis] === stated.shape[at]);
  return [[...dims.keys()], channelsLast, own].find(fits) ?? [...dims.keys()];
}

/** Marks the samples of all inputs that have as many as the batch. */
function markSamples(importer: Importer, { size, axes }: Batch): void {
  importer.samples = new SampleRecord(size);
  for (const [name, axis] of axes) {
    const value = importer.values.get(name);
    if (value?.kind !== 'activation' || value.dims[axis] !== size) continue;
    importer.values.set(name, { ...value, samples: { axis, outer: 1 } });
  }
}

/**
 * The inputs that are weights, and those that operators read at the place of weights. An input has new data in every request, also where an operator has its weights, such as the template of a tracker. But a
 * file without any weights was exported without them, so its inputs count as weights, with a caveat.
 */
function weightsAmong(
  importer: Importer,
  listed: readonly ValueInfo[],
): { readonly weights: ReadonlySet<ValueInfo>; readonly data: ReadonlySet<ValueInfo> } {
  const readers = weightReaders(importer.graph.nodes, listed);
  const labels = labelsFor(listed.map(({ name }) => name));
  const isStatedData = (input: ValueInfo, at: number) =>
    importer.statements.inputs.some(({ name }) => name !== undefined && (name === input.name || name === labels[at]));
  const places = listed.filter(({ name }) => isReadAsWeights(readers, name));
  const open = (input: ValueInfo) => !isStatedData(input, listed.indexOf(input));
  const matrices = listed.filter((input) => open(input) && isReadAsWeights(readers, input.name, true));
  const stated = matrices.length === 0 ? undefined : importer.assumptionFor('inputs', matrices.length)?.countedAs;
  if (stated === 'weights') return { weights: new Set(matrices), data: new Set(places) };
  const guessed = hasOwnWeights(importer.graph) ? [] : places.filter(open);
  const [first] = guessed;
  if (first !== undefined) {
    const shape = first.dims?.join(' x ') ?? '';
    const label = labels[listed.indexOf(first)] ?? first.name;
    importer.caveat(onnxMessages.weightsAmongInputs({ input: first.name, label, shape, count: guessed.length }), {
      kind: 'any',
    });
  }
  return { weights: new Set(guessed), data: new Set(places) };
}

/**
 * Finds the input to which each `input` or `inputs` statement refers. A statement can use the name of the input, or the label that `import`
 * writes.
 */
function matchStatements(importer: Importer, inputs: readonly ValueInfo[]): ReadonlyMap<string, StatedInput> | Problem {
  const labels = labelsFor(inputs.map(({ name }) => name));
  const matched = new Map<string, StatedInput>();
  for (const stated of importer.statements.inputs) {
    const at =
      stated.name === undefined
        ? 0
        : inputs.findIndex(({ name }, index) => name === stated.name || labels[index] === stated.name);
    const input = inputs[at];
    if (input === undefined) {
      const known = { text: listedNames(labels.map((label) => quoted(label))) };
      return {
        message: (file) => onnxMessages.unknownInput({ file, input: stated.name ?? 'input', known }),
        origin: stated.origin,
      };
    }
    matched.set(input.name, stated);
  }
  return matched;
}

/**
 * If the file states no shape for an input, it has the dimensions that the user states, after the batch. Without a statement it has one.
 */
function unknownDims(shape: Shape | undefined): readonly Dimension[] {
  return shape === undefined ? [''] : ['', ...shape.map(() => '')];
}

/** Records the sizes of named dimensions that the statement gives. Returns a problem if the statement contradicts the file. */
function bindStated(input: DataInput, known: Map<string, number>): Problem | undefined {
  const { name, dims, order, stated } = input;
  if (stated === undefined) return undefined;
  const wrong = (why: string): Problem => ({
    message: (file) =>
      onnxMessages.inputMismatch({
        file,
        input: name,
        stated: stated.shape.join(' x '),
        shape: fileShape(input, order),
        reason: reasonWords(why),
      }),
    origin: stated.origin,
  });
  const isScalar = order.length === 0 && stated.shape.length === 1 && stated.shape[0] === 1;
  if (order.length !== stated.shape.length && !isScalar) {
    const all = order.length < dims.length ? `, or all ${dims.length} of the file if one request has all samples` : '';
    return wrong(`state ${order.length === 1 ? 'one dimension' : `${order.length} dimensions`}${all}`);
  }
  for (const [at, axis] of order.entries()) {
    const fixed = dims[axis];
    const size = stated.shape[at] ?? 1;
    if (isFixed(fixed)) {
      if (fixed === size) continue;
      return wrong(`dimension ${at + 1} is ${fixed}, not ${size}. Write ${fixed}, or leave the shape out`);
    }
    if (typeof fixed !== 'string' || fixed === '') continue;
    const before = known.get(fixed);
    if (before !== undefined && before !== size) {
      return wrong(`the dimension ${quoted(fixed)} is ${before} in another input that you state`);
    }
    known.set(fixed, size);
  }
  return undefined;
}

function fileShape({ dims }: DataInput, order: readonly number[]): string {
  return order.map((axis) => dims[axis] || 'open').join(' x ') || 'one value';
}

function isFixed(dimension: Dimension | undefined): dimension is number {
  return typeof dimension === 'number' && dimension >= 0;
}

function addInput(
  importer: Importer,
  input: DataInput,
  known: Map<string, number>,
  names: ReadonlySet<string>,
): Problem | undefined {
  const { name, batchAxis, spatial } = input;
  const dims = sizesOf(importer, input, known, names);
  const problem = dimsProblem(dims);
  if (problem !== undefined) return unreadable(`the input ${quoted(name)} ${problem}`);
  if (dims.includes(0)) {
    importer.values.set(name, constant(dims, []));
    importer.report(onnxMessages.emptyInput({ input: name, shape: dims.join(' x ') }));
    return undefined;
  }
  const value: Activation = {
    kind: 'activation',
    dims,
    batchAxis,
    spatial,
    source: -1 - importer.inputs.length,
    moved: false,
  };
  importer.inputs.push({ name, shape: shapeOf(value) });
  importer.values.set(name, value);
  if (
    importer.exportedBatch > 1 &&
    batchAxis >= 0 &&
    dims.length > 0 &&
    input.dims[batchAxis] === importer.exportedBatch
  ) {
    importer.batched.add(name);
  }
  return undefined;
}

/**
 * The dimensions for one request. An open dimension has the size that the user states or that its name implies. Otherwise the importer
 * assumes a size and adds a caveat.
 */
function sizesOf(
  importer: Importer,
  input: DataInput,
  known: Map<string, number>,
  names: ReadonlySet<string>,
): number[] {
  const { name, dims, batchAxis, order, stated } = input;
  const implied = impliedSizes(names);
  const assume = (symbol: string, axis: number): number => {
    const same = known.get(symbol);
    if (same !== undefined) return same;
    const size = implied.get(symbol) ?? assumedSize(input, axis);
    if (symbol !== '') known.set(symbol, size);
    const example = exampleOf(input);
    importer.caveat(onnxMessages.assumedDimension({ axis, input: name, symbol, size, example }), { kind: 'any' });
    return size;
  };
  return dims.map((dimension, axis) => {
    if (axis === batchAxis) return 1;
    if (isFixed(dimension)) return dimension;
    const own = stated?.shape[order.indexOf(axis)];
    if (own !== undefined) return own;
    const symbol = typeof dimension === 'string' ? dimension : '';
    return sizeByName(symbol, known, (part) => assume(part, axis), names) ?? assume(symbol, axis);
  });
}

/**
 * How many of the last dimensions of an input are positions. The first reader of the input decides. If it does not, four dimensions are an
 * image with its channels first, with two exceptions: the last dimension looks like colours and the second does not, or a dimension has the
 * name of a sequence (earlier keys and values).
 */
function positionsOf(reader: GraphNode | undefined, dims: readonly Dimension[]): number {
  const operator = reader?.operator ?? '';
  if (reader !== undefined && hasChannelsLast(reader)) return 0;
  if (dims.length > 2 && /Conv|Pool|^BatchNormalization$|^InstanceNormalization$/.test(operator))
    return dims.length - 2;
  if (dims.some(isSequence)) return 0;
  return dims.length === 4 && operator !== 'MatMul' && !(isColours(dims[3]) && !isColours(dims[1])) ? 2 : 0;
}

function isColours(size: Dimension | undefined): boolean {
  return size === 1 || size === 3 || size === 4;
}
