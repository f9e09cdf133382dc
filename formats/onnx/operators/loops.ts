import type { GraphBody } from '../graph.ts';
import type { Read } from '../layers.ts';
import type { NodeReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { shifted, withoutAxis } from '../samples/sample-axis.ts';
import {
  type Activation,
  type Constant,
  constant,
  normalAxis,
  product,
  sameShape,
  shapeOf,
  type Value,
  withSpatial,
} from '../value.ts';
import { bodyOf, readBody } from './bodies.ts';
import { approximate } from './selection.ts';

/** A loop bound of this size or more means "until the condition is false". */
const endless = 2 ** 31 - 1;

const untold =
  "how often it runs is computed from the input. To count one round, write 'assume { Loop: once }' beside 'from'";

/**
 * Loop (ONNX operator Loop). Its inputs are the number of rounds, a condition and the carried values. The body reads the round, the
 * condition and the carried values. It makes a condition, the carried values and one slice of each scan output. Rounds run one after
 * another, so the layers of the body are repeated. If only data can end the loop earlier, all rounds up to the bound are counted, with a
 * caveat.
 */
export function readLoop(node: NodeReader): Outcome {
  const body = bodyOf(node, 'body');
  if (body === undefined) return 'its body is missing';
  const carriedCount = node.node.inputs.length - 2;
  const bound = node.hasInput(0) ? node.known(0)?.[0] : endless;
  if (carriedCount < 0) return 'its number of rounds or its condition is missing';
  const makes = node.node.outputs.length - carriedCount;
  let condition: Value | undefined = node.hasInput(1) ? node.input(1) : constant([], [1], true);
  let carried = node.node.inputs.slice(2).map((_, index) => node.input(index + 2));
  const slices: Value[][] = Array.from({ length: Math.max(0, makes) }, () => []);
  let isOpen = false;
  let isOnce = false;
  let round = 0;
  for (; round < (bound ?? endless); round++) {
    const goesOn = node.numbersOf(condition)?.[0];
    if (goesOn === 0) break;
    isOpen ||= goesOn === undefined;
    if (bound === undefined || (isOpen && bound >= endless)) {
      isOnce ||= node.importer.assumptionFor(node.node.operator)?.countedAs === 'once';
      if (!isOnce) return untold;
      if (round > 0) break;
    }
    const made = readBody(node, body, [constant([], [round], true), condition, ...carried]);
    if (typeof made === 'string') return made;
    condition = made[0];
    carried = made.slice(1, 1 + carriedCount);
    for (const [index, list] of slices.entries()) {
      const slice = made[1 + carriedCount + index];
      if (slice !== undefined) list.push(slice);
    }
  }
  if (isOpen && bound !== undefined && bound < endless) {
    approximate(
      node,
      { kind: 'any' },
      `a value that is computed from the input ends it. All of its ${round} rounds are counted.`,
    );
  }
  return collect(
    node,
    carried,
    slices,
    round,
    slices.map(() => 0),
  );
}

/**
 * Scan from operator set 9 on (ONNX operator Scan). Its inputs are states, then tensors. Each round reads one slice of each tensor along
 * the tensor's axis. The length of that axis is the number of rounds.
 */
export function readScan(node: NodeReader): Outcome {
  const body = bodyOf(node, 'body');
  const scanned = node.int('num_scan_inputs', 0);
  if (body === undefined) return 'its body is missing';
  if (node.opset < 9) return readOldScan(node, body, scanned);
  const stateCount = node.node.inputs.length - scanned;
  if (scanned < 1 || stateCount < 0) return `it states ${scanned} scan inputs for ${node.node.inputs.length} inputs`;
  const sources: Scanned[] = [];
  let rounds: number | undefined;
  for (let index = 0; index < scanned; index++) {
    const value = node.input(stateCount + index);
    const axis = normalAxis(node.ints('scan_input_axes')?.[index] ?? 0, value?.dims.length ?? 0);
    if (value === undefined || axis === undefined) return 'an input that it runs over is missing or has no such axis';
    const length = value.dims[axis] ?? 0;
    if (rounds !== undefined && rounds !== length)
      return `its inputs have ${rounds} and ${length} slices, but the numbers must be equal`;
    rounds = length;
    sources.push({ value, axis, isReversed: node.ints('scan_input_directions')?.[index] === 1 });
  }
  const states = node.node.inputs.slice(0, stateCount).map((_, index) => node.input(index));
  const makes = node.node.outputs.length - stateCount;
  const scan = runScan(node, body, states, sources, rounds ?? 0, makes);
  if (typeof scan === 'string') return scan;
  const axes = scan.slices.map((_, index) => node.ints('scan_output_axes')?.[index] ?? 0);
  return collect(node, scan.states, scan.slices, rounds ?? 0, axes);
}

/** A tensor of which each round reads one slice. */
interface Scanned {
  readonly value: Value;
  readonly axis: number;
  readonly isReversed: boolean;
}

/** Reads all rounds. Returns the last states and the joined slices that the rounds made. */
function runScan(
  node: NodeReader,
  body: GraphBody,
  first: readonly (Value | undefined)[],
  sources: readonly Scanned[],
  rounds: number,
  makes: number,
): { readonly states: readonly (Value | undefined)[]; readonly slices: readonly (readonly Value[])[] } | string {
  let states = first;
  const slices: Value[][] = Array.from({ length: Math.max(0, makes) }, () => []);
  for (let round = 0; round < rounds; round++) {
    const parts = sources.map(({ value, axis, isReversed }) =>
      sliceAt(node, value, axis, isReversed ? rounds - 1 - round : round),
    );
    const made = readBody(node, body, [...states, ...parts]);
    if (typeof made === 'string') return made;
    states = made.slice(0, first.length);
    for (const [index, list] of slices.entries()) {
      const slice = made[first.length + index];
      if (slice !== undefined) list.push(slice);
    }
  }
  return { states, slices };
}

/**
 * Scan of operator set 8. Its first input has the lengths of the sequences. Every other tensor has the batch on axis 0, which the body does
 * not see, and the rounds on axis 1.
 */
function readOldScan(node: NodeReader, body: GraphBody, scanned: number): Outcome {
  const stateCount = node.node.inputs.length - 1 - scanned;
  if (scanned < 1 || stateCount < 0) return `it states ${scanned} scan inputs for ${node.node.inputs.length} inputs`;
  const inputs: Value[] = [];
  for (let index = 1; index < node.node.inputs.length; index++) {
    const value = node.input(index);
    if (value === undefined) return 'an input is missing';
    if (value.dims[0] !== 1) return `its input has ${value.dims[0]} sequences; one for each request is supported`;
    inputs.push(sliceAt(node, value, 0, 0));
  }
  const sources = inputs
    .slice(stateCount)
    .map((value, index) => ({ value, axis: 0, isReversed: node.ints('directions')?.[index] === 1 }));
  const rounds = sources[0]?.value.dims[0] ?? 0;
  if (sources.some(({ value }) => value.dims[0] !== rounds)) return 'its inputs have different lengths';
  const makes = node.node.outputs.length - stateCount;
  const scan = runScan(node, body, inputs.slice(0, stateCount), sources, rounds, makes);
  if (typeof scan === 'string') return scan;
  const axes = scan.slices.map(() => 0);
  const outcome = collect(node, scan.states, scan.slices, rounds, axes);
  return typeof outcome === 'string' ? outcome : outcome.map((value) => value && withBatch(value));
}

/** The value after a new axis of size 1, which is the batch of one sequence. */
function withBatch(value: Value): Value {
  const dims = [1, ...value.dims];
  return value.kind === 'constant' ? { ...value, dims } : { ...withSpatial(value, 0), dims, batchAxis: 0 };
}

/** One slice of a value along an axis. The axis is removed. */
export function sliceAt(node: NodeReader, value: Value, axis: number, at: number): Value {
  const dims = value.dims.filter((_, index) => index !== axis);
  if (value.kind === 'constant') {
    const values =
      axis === 0 && value.values !== undefined
        ? value.values.slice(at * product(dims), (at + 1) * product(dims))
        : undefined;
    return { ...value, dims, values };
  }
  const seen = withSpatial(value, 0);
  const batchAxis = seen.batchAxis === axis ? -1 : seen.batchAxis > axis ? seen.batchAxis - 1 : seen.batchAxis;
  const { samples, ...plain } = seen;
  if (samples?.axis === axis) node.importer.samples?.note('combined', node.node);
  const kept = samples === undefined || samples.axis === axis ? {} : { samples: withoutAxis(samples, axis) };
  const output: Activation = { ...plain, ...kept, dims, batchAxis, moved: false };
  const before = seen.dims.slice(0, axis).some((size) => size !== 1);
  const source = node.importer.add(
    `${node.name}_slice`,
    { kind: 'reshape', copies: before },
    [node.importer.read(seen)],
    shapeOf(output),
  );
  return { ...output, source };
}

/** The last carried values, then the slices of all rounds, joined along a new axis. */
function collect(
  node: NodeReader,
  carried: readonly (Value | undefined)[],
  slices: readonly (readonly Value[])[],
  rounds: number,
  axes: readonly number[],
): Outcome {
  const joined: (Value | undefined)[] = [];
  for (const [index, list] of slices.entries()) {
    const tensor = node.node.outputs[carried.length + index] ?? '';
    if (tensor === '' || node.importer.usesOf(tensor) === 0) {
      joined.push(undefined);
      continue;
    }
    const value = join(node, list, axes[index] ?? 0);
    if (typeof value === 'string') return value;
    if (list.length !== rounds) return `its output ${carried.length + index} is not made by any of its rounds`;
    joined.push(value);
  }
  return [...carried, ...joined];
}

/** Joins values of one shape along a new axis. */
export function join(node: NodeReader, list: readonly Value[], stated: number): Value | string {
  const [first] = list;
  if (first === undefined) return 'it has no round, so one of its outputs is empty';
  if (list.some((value) => !sameShape(value.dims, first.dims))) return 'its rounds make slices of different shapes';
  const axis = normalAxis(stated, first.dims.length + 1);
  if (axis === undefined) return `its axis ${stated} does not exist`;
  const dims = [...first.dims.slice(0, axis), list.length, ...first.dims.slice(axis)];
  const constants = list.filter((value): value is Constant => value.kind === 'constant');
  if (constants.length === list.length) {
    const known = axis === 0 && product(dims) <= 4096 && constants.every(({ values }) => values !== undefined);
    return constant(dims, known ? constants.flatMap(({ values }) => values ?? []) : undefined, constants[0]?.integer);
  }
  const reads: Read[] = [];
  for (const value of list) {
    if (value.kind === 'constant') return 'some of its rounds make constants, others do not';
    const plain = withSpatial(value, 0);
    reads.push(node.importer.read(plain, [1, ...plain.dims]));
  }
  const shape = [list.length, ...first.dims];
  const source = node.importer.add(`${node.name}_join`, { kind: 'concat', axis: -shape.length }, reads, shape);
  const moved = axis > 0 && first.dims.slice(0, axis).some((size) => size !== 1);
  const samples = first.kind === 'activation' ? first.samples : undefined;
  const kept = samples === undefined ? {} : { samples: shifted(samples, axis) };
  return { kind: 'activation', dims, batchAxis: -1, spatial: 0, source, moved, ...kept };
}
