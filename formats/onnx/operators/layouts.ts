import { hasChannelsLast } from '../channels-last.ts';
import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { transposedActivation } from './views.ts';

/**
 * Reads an operator over images in the layout of its node. If the channels of the image are last, `read` gets it with the channels first, and its
 * outputs are turned back. Nothing moves in memory, because the importer stores channels last.
 */
export function inItsLayout(node: NodeReader, read: OperatorReader): Outcome {
  const value = node.activation(0);
  const rank = value?.dims.length ?? 0;
  if (value === undefined || rank < 3 || !hasChannelsLast(node.node)) return read(node);
  const positions = [...value.dims.keys()].slice(1, -1);
  const outcome = read(node.withInput(0, transposedActivation(value, [0, rank - 1, ...positions])));
  if (typeof outcome === 'string') return outcome;
  const back = [0, ...positions.map((axis) => axis + 1), 1];
  return outcome.map((made) =>
    made?.kind === 'activation' && made.dims.length === rank ? transposedActivation(made, back) : made,
  );
}

/** The same as a table of readers. */
export function eachInItsLayout(
  readers: Readonly<Record<string, OperatorReader>>,
): Readonly<Record<string, OperatorReader>> {
  return Object.fromEntries(
    Object.entries(readers).map(([operator, read]) => [operator, (node: NodeReader) => inItsLayout(node, read)]),
  );
}
