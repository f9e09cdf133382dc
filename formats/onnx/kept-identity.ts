import type { NodeReader } from './node-reader.ts';
import type { Value } from './value.ts';
import { identityOf } from './weight-identity.ts';

/** Operators whose output has the elements of their first input, in any order, format or shape. */
const sameElements: ReadonlySet<string> = new Set([
  ...['Identity', 'Cast', 'CastLike', 'Reshape', 'Flatten', 'Squeeze', 'Unsqueeze', 'Transpose'],
  ...['QuantizeLinear', 'DequantizeLinear'],
]);

/** Operators whose output is a part of their first input. */
const taking: ReadonlySet<string> = new Set(['Slice', 'Split', 'Gather']);

/** For each tensor: its parts that were made so far. */
const parts = new WeakMap<object, Map<string, object>>();

/**
 * The identity of an output of a node. A constant with the same elements as the first input is the same tensor. A part of a tensor that is taken
 * twice in the same way is the same part. Parts that overlap otherwise count twice.
 */
export function keepIdentity(node: NodeReader, index: number, output: Value): Value {
  const input = node.node.inputs[0] === undefined ? undefined : node.importer.values.get(node.node.inputs[0]);
  if (output.kind !== 'constant' || input?.kind !== 'constant' || output.tensor !== undefined) return output;
  const { operator } = node.node;
  if (sameElements.has(operator)) return { ...output, tensor: identityOf(input) };
  const way = taking.has(operator) && output.dims.length > 1 ? wayOf(node, index) : undefined;
  if (way === undefined) return output;
  const whole = identityOf(input);
  const known = parts.get(whole) ?? new Map<string, object>();
  parts.set(whole, known);
  const tensor = known.get(way) ?? {};
  known.set(way, tensor);
  return { ...output, tensor };
}

/** How a node takes a part: its operator, its attributes, the numbers of its further inputs, and the output. */
function wayOf(node: NodeReader, index: number): string | undefined {
  const { operator, inputs, outputs, attributes } = node.node;
  // An attribute of 0 can also be left out.
  const stated = [...attributes.values()].filter(({ integer, integers }) => integer !== 0 || integers.length > 0);
  const settings = stated.map(({ name, integer, integers }) => `${name} ${integer} ${integers.join()}`);
  const numbers = inputs.slice(1).map((_, at) => node.known(at + 1)?.join());
  if (inputs.slice(1).some((name, at) => name !== '' && numbers[at] === undefined)) return undefined;
  return [operator, index, outputs.length, ...settings.toSorted(), ...numbers].join(';');
}
