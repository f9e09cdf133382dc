import { type Operation, quoted, safeText, type Words } from '../../design/index.ts';
import { exportedDims } from './exported-batch.ts';
import type { GraphNode, ValueInfo } from './graph.ts';
import type { Activation, Value } from './value.ts';

/** A tensor whose stated shape contradicts the shape that its operator makes. */
interface Contradiction {
  readonly node: GraphNode;
  readonly tensor: string;
  readonly stated: string;
  readonly made: string;
  /** Whether a product depends on the tensor. Then the number of multiply-accumulates is not known. */
  affectsProducts: boolean;
}

/** Further contradictions are counted and not listed. */
const maxListed = 3;

const products: ReadonlySet<Operation['kind']> = new Set(['conv', 'dense', 'matmul', 'attention', 'recurrent']);

/**
 * Compares the shapes that operators make with those that the file states (`value_info`, outputs of the graph). A dimension is compared if
 * the file states its size, or a name whose size an input determines. The batch is not compared, because a file can state a different batch
 * in each place. Tensors that depend on a contradicted tensor are not compared.
 */
export class StatedShapes {
  readonly contradictions: Contradiction[] = [];
  private readonly affected = new Map<string, Contradiction>();
  private readonly stated: ReadonlyMap<string, ValueInfo>;

  constructor(stated: ReadonlyMap<string, ValueInfo>) {
    this.stated = stated;
  }

  /** `batch`: the exported batch if the tensor has a row for each request, otherwise 1. */
  compare(node: GraphNode, tensor: string, value: Value, batch: number, sizes: ReadonlyMap<string, number>): void {
    const cause = this.causeAmong(node.inputs);
    if (cause !== undefined) {
      this.affected.set(tensor, cause);
      return;
    }
    const dims = this.stated.get(tensor)?.dims;
    // Some writers leave the list of dimensions empty if they are unknown.
    if (dims === undefined || dims.length === 0 || value.kind !== 'activation') return;
    const made = exportedDims(value, batch);
    if (agree(dims, made, value, batch, sizes)) return;
    const contradiction = {
      node,
      tensor,
      stated: dims.map((dimension) => (dimension === '' ? '?' : dimension)).join(' x ') || 'one value',
      made: made.join(' x ') || 'one value',
      affectsProducts: false,
    };
    this.contradictions.push(contradiction);
    this.affected.set(tensor, contradiction);
  }

  /** Records the node that made a layer. */
  noteLayer(node: GraphNode, kind: Operation['kind']): void {
    if (this.affected.size === 0 || !products.has(kind)) return;
    const cause = this.causeAmong(node.inputs);
    if (cause !== undefined) cause.affectsProducts = true;
  }

  /** One sentence about the contradictions. Undefined if there are none. */
  describe(): (Words & { readonly affectsProducts: boolean }) | undefined {
    const [first] = this.contradictions;
    if (first === undefined) return undefined;
    const listed = this.contradictions.slice(0, maxListed).map(({ node, tensor, stated, made }) => {
      const name = node.name === '' ? '' : ` ${quoted(node.name)}`;
      return `the file states ${safeText(stated)} for the tensor ${quoted(tensor)}, and ${safeText(node.operator)}${name} makes ${made}`;
    });
    const more = this.contradictions.length - listed.length;
    const rest = more <= 0 ? '' : `, and so for ${more} more tensors`;
    return {
      text: `${listed.join('; ')}${rest}`,
      affectsProducts: this.contradictions.some(({ affectsProducts }) => affectsProducts),
    };
  }

  private causeAmong(inputs: readonly string[]): Contradiction | undefined {
    if (this.affected.size === 0) return undefined;
    for (const input of inputs) {
      const cause = this.affected.get(input);
      if (cause !== undefined) return cause;
    }
    return undefined;
  }
}

function agree(
  stated: readonly (number | string)[],
  made: readonly number[],
  value: Activation,
  batch: number,
  sizes: ReadonlyMap<string, number>,
): boolean {
  if (stated.length !== made.length) return false;
  // An operator may have marked another axis of size 1 as the batch.
  let batches = 0;
  return stated.every((dimension, axis) => {
    if (axis === value.batchAxis || axis === value.hiddenBatch?.axis) return true;
    const size = typeof dimension === 'number' ? dimension : sizes.get(dimension);
    const own = made[axis] ?? 1;
    // Old exporters write 0 or -1 for unknown dimensions.
    if (size === undefined || size <= 0 || size === own) return true;
    return batch > 1 && size === own * batch && ++batches === 1;
  });
}
