import { quoted } from '../../design/index.ts';
import { rawBytesOf } from './contents.ts';
import type { TensorInfo } from './graph.ts';
import type { NodeReader } from './node-reader.ts';
import type { Outcome } from './outcome.ts';
import { product, type UnreadTensor, type Value } from './value.ts';

/*
 * Tensors with their contents in another file. Weights need no contents. If an operator needs the numbers of such a tensor, the
 * import fails and names it: a guess in their place would be a wrong network.
 */

/** Runs one node. If it fails, or guesses, because another file has numbers that it needs, the reason states this. */
export function withoutGuesses(node: NodeReader, evaluate: () => Outcome): Outcome {
  const caveats = node.importer.caveats.length;
  const reports = unreadInput(node) === undefined ? undefined : node.importer.saveReports();
  const outcome = evaluate();
  const guesses = node.importer.caveats.length > caveats;
  if (typeof outcome !== 'string' && !guesses) return passedOn(node, outcome);
  const unread = node.unread ?? (node.activationCount === 0 ? unreadInput(node) : undefined);
  if (unread === undefined) return outcome;
  // The error replaces the warning about the guess.
  if (reports !== undefined) node.importer.restoreReports(reports);
  const needs = `it needs the numbers of ${quoted(unread.name)}, which are in another file, ${quoted(unread.location)}`;
  const wayOut =
    'Stimpack does not read that file. Save the model with its small tensors inside: onnx.save(model, path, save_as_external_data=True, size_threshold=1024)';
  return `${typeof outcome === 'string' ? `${outcome}: ` : ''}${needs}. ${wayOut}`;
}

function unreadInput(node: NodeReader): UnreadTensor | undefined {
  return node.constants().find(({ unread }) => unread !== undefined)?.unread;
}

/** Results that depend on numbers in another file are unknown for the same reason. */
function passedOn(node: NodeReader, outcome: readonly (Value | undefined)[]): Outcome {
  const unread = unreadInput(node);
  if (unread === undefined) return outcome;
  return outcome.map((value) =>
    value?.kind === 'constant' && value.values === undefined ? { ...value, unread: value.unread ?? unread } : value,
  );
}

/** The reason why the stated contents of a tensor cannot be those of its dimensions. Undefined if they can. */
export function contentsProblem(tensor: TensorInfo): string | undefined {
  const bits = rawBytesOf(tensor.dataType) * 8;
  if (bits === 0) return undefined;
  const expected = product(tensor.dims) * (bits / 8);
  const { external } = tensor;
  const raw = tensor.contents.findLast(({ field, start, end }) => field === 9 && end > start);
  const found = external === undefined ? raw && raw.end - raw.start : external.lengthBytes;
  if (found === undefined || found === expected) return undefined;
  const place = external === undefined ? 'contents' : `contents in ${quoted(external.location)}`;
  return `has ${tensor.dims.join(' x ') || 'one'} elements, which are ${expected} bytes, but its ${place} are ${found} bytes: one of the two is wrong. Export the model again`;
}
