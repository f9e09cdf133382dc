import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ModelStatements, noStatements } from '../../design/index.ts';
import { readOnnx } from '../../formats/index.ts';
import { series } from '../series.ts';
import { n } from './onnx-cases.ts';
import { type NodeInput, onnxFile, type TensorInput } from './onnx-file.ts';
import { roundTrip } from './onnx-round-trip.ts';
import { macsOf, shapeProblems, total } from './sketch.ts';

/*
 * Random graphs with valid shapes. The shapes and multiply-accumulates are computed here from the definitions of the operators, in the
 * order of ONNX. No operator touches axis 0, so that a batch changes nothing for one request.
 */

interface Draft {
  readonly nodes: NodeInput[];
  readonly weights: TensorInput[];
  dims: number[];
  /** The multiply-accumulates of one sample. */
  macs: number;
}

type Draw = (choices: number) => number;
/** Adds nodes from tensor `x` to tensor `y`. Returns false if the operator does not fit. */
type Step = (graph: Draft, draw: Draw, x: string, y: string) => boolean;

const size = (dims: readonly number[]) => dims.reduce((product, dimension) => product * dimension, 1);
const inner = ({ dims }: Draft) => size(dims.slice(1));
/** An axis after the first. */
const axisOf = ({ dims }: Draft, draw: Draw) => 1 + draw(dims.length - 1);

function weights(graph: Draft, y: string, dims: readonly number[]): string {
  graph.weights.push({ name: `${y}_w`, dims });
  return `${y}_w`;
}

function whole(graph: Draft, name: string, ...ints: number[]): string {
  graph.weights.push({ name, dims: [ints.length], ints });
  return name;
}

const steps: readonly Step[] = [
  function conv(graph, draw, x, y) {
    const [batch = 1, channels = 1, ...positions] = graph.dims;
    if (positions.length !== 2) return false;
    const group = channels % 2 === 0 ? 1 + draw(2) : 1;
    const filters = group * (1 + draw(3));
    const [kernel, strides, pads] = [
      [1 + draw(3), 1 + draw(3)],
      [1 + draw(2), 1 + draw(2)],
      [0, 0, 0, 0].map(() => draw(2)),
    ];
    const made = positions.map(
      (from, at) =>
        Math.floor((from + (pads[at] ?? 0) + (pads[at + 2] ?? 0) - (kernel[at] ?? 1)) / (strides[at] ?? 1)) + 1,
    );
    if (made.some((one) => one < 1)) return false;
    const w = weights(graph, y, [filters, channels / group, ...kernel]);
    graph.nodes.push(n('Conv', `${x} ${w}`, y, { group, strides, pads, kernel_shape: kernel }));
    graph.dims = [batch, filters, ...made];
    graph.macs += inner(graph) * (channels / group) * size(kernel);
    return true;
  },
  function product(graph, draw, x, y) {
    const columns = 1 + draw(6);
    const w = weights(graph, y, [graph.dims.at(-1) ?? 1, columns]);
    graph.macs += inner(graph) * columns;
    graph.nodes.push(n('MatMul', `${x} ${w}`, y));
    graph.dims = graph.dims.with(-1, columns);
    return true;
  },
  function productOnTheLeft(graph, draw, x, y) {
    if (graph.dims.length < 3) return false;
    const rows = 1 + draw(6);
    const w = weights(graph, y, [rows, graph.dims.at(-2) ?? 1]);
    graph.macs += inner(graph) * rows;
    graph.nodes.push(n('MatMul', `${w} ${x}`, y));
    graph.dims = graph.dims.with(-2, rows);
    return true;
  },
  function pool(graph, draw, x, y) {
    if (graph.dims.length !== 4 || graph.dims.slice(2).some((one) => one < 2)) return false;
    const strides = [1 + draw(2), 1 + draw(2)];
    graph.nodes.push(n(draw(2) === 0 ? 'MaxPool' : 'AveragePool', x, y, { kernel_shape: [2, 2], strides }));
    graph.dims = graph.dims.map((one, axis) => (axis < 2 ? one : Math.floor((one - 2) / (strides[axis - 2] ?? 1)) + 1));
    return true;
  },
  function resize(graph, draw, x, y) {
    if (graph.dims.length !== 4) return false;
    const scales = [1, 1, ...[0, 0].map(() => [0.5, 1.3, 2, 0.7, 0.9][draw(5)] ?? 1)];
    const made = graph.dims.map((one, axis) => Math.floor(Math.fround(one * Math.fround(scales[axis] ?? 1))));
    if (made.some((one) => one < 1)) return false;
    graph.weights.push({ name: `${y}_s`, dims: [4], floats: scales });
    graph.nodes.push(n('Resize', `${x} _ ${y}_s`, y));
    graph.dims = made;
    return true;
  },
  function pad(graph, draw, x, y) {
    const [before, after] = [
      graph.dims.map((_, axis) => (axis === 0 ? 0 : draw(2))),
      graph.dims.map((_, axis) => (axis === 0 ? 0 : draw(2))),
    ];
    graph.nodes.push(n('Pad', `${x} ${whole(graph, `${y}_p`, ...before, ...after)}`, y));
    graph.dims = graph.dims.map((one, axis) => one + (before[axis] ?? 0) + (after[axis] ?? 0));
    return true;
  },
  function transpose(graph, draw, x, y) {
    const [left, right] = [axisOf(graph, draw), axisOf(graph, draw)];
    const perm = graph.dims.map((_, axis) => (axis === left ? right : axis === right ? left : axis));
    graph.nodes.push(n('Transpose', x, y, { perm }));
    graph.dims = perm.map((axis) => graph.dims[axis] ?? 1);
    return true;
  },
  function join(graph, draw, x, y) {
    if (graph.dims.length < 3) return false;
    const at = 1 + draw(graph.dims.length - 2);
    const dims = [
      ...graph.dims.slice(0, at),
      (graph.dims[at] ?? 1) * (graph.dims[at + 1] ?? 1),
      ...graph.dims.slice(at + 2),
    ];
    graph.nodes.push(n('Reshape', `${x} ${whole(graph, `${y}_r`, ...(draw(2) === 0 ? dims : dims.with(at, -1)))}`, y));
    graph.dims = dims;
    return true;
  },
  function part(graph, draw, x, y) {
    const at = axisOf(graph, draw);
    const one = graph.dims[at] ?? 1;
    if (one % 2 !== 0 || graph.dims.length > 4) return false;
    const dims = [...graph.dims.slice(0, at), 2, one / 2, ...graph.dims.slice(at + 1)];
    graph.nodes.push(n('Reshape', `${x} ${whole(graph, `${y}_r`, ...dims)}`, y));
    graph.dims = dims;
    return true;
  },
  function slice(graph, draw, x, y) {
    const at = axisOf(graph, draw);
    const one = graph.dims[at] ?? 1;
    const step = 1 + draw(2);
    if (one < 2) return false;
    const [from, to, axes, by] = [
      ['f', 1],
      ['t', 9999],
      ['a', at],
      ['b', step],
    ].map(([name, value]) => whole(graph, `${y}_${name}`, Number(value)));
    graph.nodes.push(n('Slice', `${x} ${from} ${to} ${axes} ${by}`, y));
    graph.dims = graph.dims.with(at, Math.ceil((one - 1) / step));
    return true;
  },
  function concat(graph, draw, x, y) {
    const at = axisOf(graph, draw);
    graph.nodes.push(n('Tanh', x, `${y}_c`), n('Concat', `${x} ${y}_c`, y, { axis: at }));
    graph.dims = graph.dims.with(at, 2 * (graph.dims[at] ?? 1));
    return true;
  },
  function mean(graph, draw, x, y) {
    if (graph.dims.length < 3) return false;
    const [at, keepdims] = [axisOf(graph, draw), draw(2)];
    graph.nodes.push(n('ReduceMean', x, y, { axes: [at], keepdims }));
    graph.dims = keepdims === 1 ? graph.dims.with(at, 1) : graph.dims.toSpliced(at, 1);
    return true;
  },
  function gather(graph, draw, x, y) {
    const at = axisOf(graph, draw);
    graph.nodes.push(n('Gather', `${x} ${whole(graph, `${y}_i`, 0, -1, 0)}`, y, { axis: at }));
    graph.dims = graph.dims.with(at, 3);
    return true;
  },
];

/** The graph that the numbers choose, for `batch` samples of the shape `sample`. */
function graphOf(numbers: readonly number[], sample: readonly number[], batch: number): Draft {
  const graph: Draft = { nodes: [], weights: [], dims: [batch, ...sample], macs: 0 };
  let at = 0;
  const draw: Draw = (choices) => (numbers[at++ % numbers.length] ?? 0) % choices;
  let x = 'x';
  for (let count = 0; count < 6; count++) {
    const y = `t${count}`;
    if (inner(graph) < 2000 && steps[draw(steps.length)]?.(graph, draw, x, y) === true) x = y;
  }
  graph.nodes.push(n('Relu', x, 'last'));
  return graph;
}

function counted(graph: Draft, sample: readonly number[], batch: number, statements: ModelStatements = noStatements) {
  const file = onnxFile({
    nodes: graph.nodes,
    weights: graph.weights,
    inputs: { x: [batch, ...sample] },
    outputs: { [graph.nodes.at(-1)?.out[0] ?? '']: graph.dims },
  });
  const { value, diagnostics } = readOnnx(file, 'Net', origin, statements);
  const text = roundTrip(file);
  expect(text?.after).toEqual(text?.before);
  expect(value === undefined ? ['not imported'] : shapeProblems(value)).toEqual([]);
  return { macs: total(value, macsOf), messages: diagnostics.map(({ message }) => message) };
}

const origin = { uri: 'test.npu', start: 0, end: 0 };
const numbers = fc.array(fc.nat({ max: 30_030 }), { minLength: 40, maxLength: 40 });
const samples = fc.constantFrom([8, 12, 10], [6, 9], [5, 12], [4, 6, 8], [12], [3, 6, 7, 4]);

test('random graphs: shapes, products, and the text of import', () => {
  fc.assert(
    fc.property(numbers, samples, (list, sample) => {
      const graph = graphOf(list, sample, 1);
      expect(counted(graph, sample, 1)).toEqual({ macs: graph.macs, messages: [] });
    }),
    { numRuns: series(100, 3000), seed: 51 },
  );
});

test('random graphs for a batch: one request costs as much as in a file without a batch', () => {
  fc.assert(
    fc.property(numbers, samples, fc.integer({ min: 2, max: 12 }), (list, sample, batch) => {
      const graph = graphOf(list, sample, batch);
      const { macs, messages } = counted(graph, sample, batch);
      expect(macs).toBe(graph.macs);
      // The first dimension of a convolution or a pool is a batch by definition. Otherwise the user has to confirm it.
      expect(messages).toEqual([
        expect.stringMatching(
          /^'x' was exported for a batch of|^Dimension 0 of the input 'x', \d+, is counted as a batch/,
        ),
      ]);
    }),
    { numRuns: series(100, 3000), seed: 52 },
  );
});

test('random graphs whose samples a mean combines: one request has all of them', () => {
  fc.assert(
    fc.property(numbers, samples, fc.integer({ min: 2, max: 6 }), (list, sample, batch) => {
      const graph = graphOf(list, sample, batch);
      graph.nodes.push(n('ReduceMean', 'last', 'mean', { axes: [0], keepdims: 1 }));
      graph.dims = graph.dims.with(0, 1);
      const { macs, messages } = counted(graph, sample, batch);
      expect(macs).toBe(batch * graph.macs);
      // Without a convolution or a pool, the output has to have the batch too, and it has one row. Then there is no doubt.
      for (const text of messages) expect(text).toContain("but ReduceMean 'mean' combines its samples");
    }),
    { numRuns: series(100, 3000), seed: 53 },
  );
});
