import type { NodeReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, product, type Value } from '../value.ts';
import { attend, type Heads } from './attention-products.ts';

/* Attention over new keys and values and over those of earlier steps. */

/** The optional inputs of attention, in addition to queries, keys and values. */
export interface Extras {
  readonly pastKey?: Value | undefined;
  readonly pastValue?: Value | undefined;
  readonly mask?: Value | undefined;
}

/** The products of attention over the new and the earlier steps. Returns the output, then all keys, all values, and the scores. */
export function attention(node: NodeReader, parts: Heads, extras: Extras, rank: number): Outcome {
  const { batch, heads, steps } = parts;
  if (
    ![heads, parts.keyValueHeads, parts.headSize, parts.valueSize].every((size) => Number.isInteger(size) && size >= 1)
  ) {
    return `its numbers of heads (${heads} and ${parts.keyValueHeads}) do not divide its inputs`;
  }
  if (heads % parts.keyValueHeads !== 0) {
    return `${parts.keyValueHeads} heads of keys do not divide its ${heads} heads of queries`;
  }
  const sizes: readonly (readonly [Activation, number])[] = [
    [parts.query, batch * heads * steps * parts.headSize],
    [parts.key, batch * parts.keyValueHeads * parts.keySteps * parts.headSize],
    [parts.value, batch * parts.keyValueHeads * parts.keySteps * parts.valueSize],
  ];
  const wrong = sizes.find(([value, elements]) => product(value.dims) !== elements);
  if (wrong !== undefined) return `an input of ${wrong[0].dims.join(' x ')} does not fit its ${heads} heads`;
  const key = behindPast(node, extras.pastKey, parts.key, parts, parts.keySteps, parts.headSize, 'keys');
  const value = behindPast(node, extras.pastValue, parts.value, parts, parts.keySteps, parts.valueSize, 'values');
  if (typeof key === 'string') return key;
  if (typeof value === 'string') return value;
  if (key.dims[2] !== value.dims[2]) return `it has ${key.dims[2]} keys and ${value.dims[2]} values`;
  const attended = attend(node, { ...parts, key, value, keySteps: key.dims[2] ?? 1 }, extras.mask);
  if (typeof attended === 'string') return attended;
  const { context, scores } = attended;
  const batchAxis = batch === 1 ? 0 : -1;
  const output: Activation =
    rank === 4 ? context : { ...context, dims: [batch, steps, heads * parts.valueSize], batchAxis };
  return [output, key, value, scores];
}

/** The keys or values of earlier steps followed by the new ones: batch x heads x steps x size. Without earlier steps, only the new ones. */
function behindPast(
  node: NodeReader,
  past: Value | undefined,
  fresh: Activation,
  heads: Pick<Heads, 'batch' | 'keyValueHeads'>,
  steps: number,
  size: number,
  what: 'keys' | 'values',
): Activation | string {
  const { batch, keyValueHeads } = heads;
  const whole = (source: number, length: number, moved: boolean): Activation => ({
    kind: 'activation',
    dims: [batch, keyValueHeads, length, size],
    batchAxis: batch === 1 ? 0 : -1,
    spatial: 0,
    source,
    moved,
  });
  if (past === undefined || product(past.dims) === 0) return whole(fresh.source, steps, fresh.moved);
  const length = product(past.dims) / (batch * keyValueHeads * size);
  if (past.kind === 'constant') return `its earlier ${what} are constant, which is not supported`;
  if (!Number.isInteger(length))
    return `earlier ${what} of ${past.dims.join(' x ')} do not fit ${keyValueHeads} heads of ${size}`;
  const groups = batch * keyValueHeads;
  const { importer } = node;
  const reads = [importer.read(past, [groups, length, size]), importer.read(fresh, [groups, steps, size])];
  const index = importer.add(`${node.name}_${what}`, { kind: 'concat', axis: -2 }, reads, [
    groups,
    length + steps,
    size,
  ]);
  return whole(index, length + steps, false);
}
