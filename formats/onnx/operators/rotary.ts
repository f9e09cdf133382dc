import type { NodeReader, OperatorReader } from '../node-reader.ts';
import type { Outcome } from '../outcome.ts';
import { type Activation, shapeOf, withSpatial } from '../value.ts';

/**
 * Computes x cos + rotate(x) sin for the first `part` elements of each head (ONNX operator RotaryEmbedding; ContribOperators.md,
 * RotaryEmbedding): two multiplications and one addition for each element. All heads share the tables of cosines, which are not counted.
 */
function rotate(node: NodeReader, value: Activation, headSize: number, part: number, suffix: string): Activation {
  const { importer } = node;
  const name = `${node.name}${suffix}`;
  const seen = withSpatial(value, 0);
  const whole = shapeOf(seen);
  const apply = (read: ReturnType<typeof importer.read>, last: string): number => {
    const multiply = (kind: string) =>
      importer.add(`${name}_${kind}`, { kind: 'elementwise', operation: 'multiply' }, [read], read.shape);
    const reads = [multiply('cos'), multiply('sin')].map((index) => ({ index, shape: read.shape }));
    return importer.add(last, { kind: 'elementwise', operation: 'add' }, reads, read.shape);
  };
  if (part <= 0 || part >= headSize) return { ...seen, source: apply(importer.read(seen), name), moved: false };
  const rows = whole.reduce((elements, each) => elements * each, 1) / headSize;
  const heads = importer.read(seen, [rows, headSize]);
  const cut = (kind: string, width: number) => ({
    index: importer.add(`${name}_${kind}`, { kind: 'reshape', copies: false }, [heads], [rows, width]),
    shape: [rows, width],
  });
  const turned = { index: apply(cut('part', part), `${name}_turned`), shape: [rows, part] };
  const rest = cut('rest', headSize - part);
  const source = importer.add(name, { kind: 'concat', axis: -1 }, [turned, rest], [rows, headSize]);
  return { ...seen, source, moved: false };
}

/** Rotates the queries and the keys of an attention in the same way. */
export function rotateQueryAndKey(
  node: NodeReader,
  query: Activation,
  key: Activation,
  headSize: number,
  part: number,
): readonly [query: Activation, key: Activation] {
  return [rotate(node, query, headSize, part, '_turned_queries'), rotate(node, key, headSize, part, '_turned_keys')];
}

function rotaryEmbedding(node: NodeReader, cosines: number): Outcome {
  const value = node.activation(0);
  if (value === undefined) return 'its input is missing or constant';
  const rank = value.dims.length;
  const last = value.dims[rank - 1] ?? 1;
  const part = node.int('rotary_embedding_dim', 0);
  const heads = node.int('num_heads', 0);
  // The table is half as wide as the elements that it rotates.
  const table = node.input(cosines)?.dims.at(-1);
  const headSize = rank === 4 ? last : heads > 0 ? last / heads : part > 0 ? last : 2 * (table ?? last / 2);
  if (!Number.isInteger(headSize) || last % headSize !== 0)
    return `${heads} heads do not fit an input of ${value.dims.join(' x ')}`;
  return [rotate(node, value, headSize, part, '')];
}

export const rotaryReaders: Readonly<Record<string, OperatorReader>> = {
  RotaryEmbedding: (node) => rotaryEmbedding(node, 1),
};

export const microsoftRotaryReaders: Readonly<Record<string, OperatorReader>> = {
  MRotaryEmbedding: (node) => rotaryEmbedding(node, 2),
  RotaryEmbedding: (node) => rotaryEmbedding(node, 2),
};
