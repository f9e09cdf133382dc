import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Constant, constant, normalAxis, product, sameShape, type Value } from '../value.ts';
import { bodyOf, readBody } from './bodies.ts';
import { join, sliceAt } from './loops.ts';
import { concatenate, splitInto } from './parts.ts';

/*
 * Sequences and optional values (ONNX operators SequenceConstruct, SplitToSequence and others). The importer tracks each item of a sequence,
 * so building a sequence and reading an item cost nothing.
 */

function sequenceOf(items: readonly Value[]): Constant {
  return { ...constant([items.length]), items };
}

function itemsAt(node: NodeReader, index: number): readonly Value[] | undefined {
  const value = node.input(index);
  return value?.kind === 'constant' ? value.items : undefined;
}

const notKnown = 'its sequence is not known item by item';

/** The position in input `index`. `fallback` if there is no such input. Undefined if it is computed. */
function placeAt(node: NodeReader, index: number, count: number, fallback: number): number | undefined {
  if (!node.hasInput(index)) return fallback;
  const stated = node.known(index)?.[0];
  return stated === undefined ? undefined : stated < 0 ? stated + count : stated;
}

function construct(node: NodeReader): Outcome {
  const items: Value[] = [];
  for (const index of node.node.inputs.keys()) {
    const item = node.input(index);
    if (item === undefined) return 'an input is missing';
    items.push(item);
  }
  return [sequenceOf(items)];
}

function insert(node: NodeReader): Outcome {
  const items = itemsAt(node, 0);
  const item = node.input(1);
  if (items === undefined || item === undefined) return notKnown;
  const place = placeAt(node, 2, items.length, items.length);
  return place === undefined
    ? 'where it inserts is computed from the input, which is not supported'
    : [sequenceOf([...items.slice(0, place), item, ...items.slice(place)])];
}

function erase(node: NodeReader): Outcome {
  const items = itemsAt(node, 0);
  if (items === undefined) return notKnown;
  const place = placeAt(node, 1, items.length, items.length - 1);
  return place === undefined
    ? 'which item it erases is computed from the input, which is not supported'
    : [sequenceOf(items.filter((_, at) => at !== place))];
}

/** SequenceAt: if all items have the same shape, it makes no difference for the counts which one is read. */
function at(node: NodeReader): Outcome {
  const items = itemsAt(node, 0);
  if (items === undefined) return notKnown;
  const place = placeAt(node, 1, items.length, 0);
  const [first] = items;
  if (place === undefined && items.some(({ dims }) => !sameShape(dims, first?.dims ?? [])))
    return 'which item it takes is computed from the input, and the items have different shapes';
  const item = items[place ?? 0];
  return item === undefined ? `it takes item ${place} of ${items.length}` : [item];
}

function length(node: NodeReader): Outcome {
  const items = itemsAt(node, 0);
  return items === undefined ? notKnown : [constant([], [items.length], true)];
}

/**
 * SplitToSequence: parts of the stated sizes, parts of one stated size, or slices of size 1. With `keepdims` 0, the axis of such slices is
 * removed.
 */
function splitToSequence(node: NodeReader): Outcome {
  const value = node.input(0);
  if (value === undefined) return 'its input is missing';
  const axis = normalAxis(node.int('axis', 0), value.dims.length);
  if (axis === undefined) return 'its axis does not exist';
  const size = value.dims[axis] ?? 1;
  if (size > 4096) return `it makes ${size} parts, which is not supported`;
  if (!node.hasInput(1) && node.int('keepdims', 1) === 0)
    return [sequenceOf(Array.from({ length: size }, (_, index) => sliceAt(node, value, axis, index)))];
  const stated = node.hasInput(1) ? node.known(1) : [1];
  if (stated === undefined) return 'the sizes of its parts are computed from the input, which is not supported';
  const each = stated[0] ?? 1;
  const isOne = !node.hasInput(1) || node.input(1)?.dims.length === 0;
  if (each < 1) return `it makes parts of ${each}`;
  const sizes = isOne
    ? Array.from({ length: Math.ceil(size / each) }, (_, index) => Math.min(each, size - index * each))
    : stated;
  if (sizes.reduce((sum, one) => sum + one, 0) !== size) return `parts of ${sizes.join(', ')} do not add up to ${size}`;
  const parts = splitInto(
    node,
    value,
    axis,
    sizes.map((one) => ({ size: one, tensor: undefined })),
  );
  return [sequenceOf(parts.filter((part) => part !== undefined))];
}

function concatFromSequence(node: NodeReader): Outcome {
  const items = itemsAt(node, 0);
  if (items === undefined) return notKnown;
  if (node.int('new_axis', 0) !== 0) {
    const joined = join(node, items, node.int('axis', 0));
    return typeof joined === 'string' ? joined : [joined];
  }
  if (items.some(({ kind }) => kind === 'activation')) return concatenate(node, items);
  const [first] = items;
  const axis = normalAxis(node.int('axis', 0), first?.dims.length ?? 0);
  if (first === undefined || axis === undefined) return 'its sequence is empty, or has no such axis';
  const total = items.reduce((sum, { dims }) => sum + (dims[axis] ?? 0), 0);
  const dims = first.dims.with(axis, total);
  const values = items.flatMap((item) => (item.kind === 'constant' ? (item.values ?? []) : []));
  return [constant(dims, dims.length === 1 && values.length === product(dims) ? values : undefined)];
}

/**
 * SequenceMap: reads its body once for each item of the first sequence, one after another. Further inputs are sequences of the same length, of
 * which each round reads one item, or tensors, which each round reads as a whole.
 */
function map(node: NodeReader): Outcome {
  const body = bodyOf(node, 'body');
  const items = itemsAt(node, 0);
  if (body === undefined) return 'its body is missing';
  if (items === undefined) return notKnown;
  const made: Value[][] = node.node.outputs.map(() => []);
  for (const [index, item] of items.entries()) {
    const further = node.node.inputs.slice(1).map((_, at) => {
      const list = itemsAt(node, at + 1);
      return list === undefined ? node.input(at + 1) : list[index];
    });
    const results = readBody(node, body, [item, ...further]);
    if (typeof results === 'string') return results;
    for (const [at, list] of made.entries()) {
      const result = results[at];
      if (result === undefined) return `its body does not make output ${at}`;
      list.push(result);
    }
  }
  return made.map(sequenceOf);
}

const given: OperatorReader = (node) => {
  const value = node.input(0);
  return value === undefined ? 'its input is missing, and an empty optional value is not supported' : [value];
};

/** These operators are read even if their inputs are constant. */
export const sequenceReaders: ReadonlyMap<string, OperatorReader> = new Map<string, OperatorReader>([
  ['ConcatFromSequence', concatFromSequence],
  ['Optional', given],
  ['OptionalGetElement', given],
  ['OptionalHasElement', (node) => [constant([], [node.input(0) === undefined ? 0 : 1], true)]],
  ['SequenceAt', at],
  ['SequenceConstruct', construct],
  ['SequenceEmpty', () => [sequenceOf([])]],
  ['SequenceErase', erase],
  ['SequenceInsert', insert],
  ['SequenceLength', length],
  ['SequenceMap', map],
  ['SplitToSequence', splitToSequence],
]);
