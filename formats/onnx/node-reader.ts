import type { Operation, Shape } from '../../design/index.ts';
import { constantForOne } from './exported-batch.ts';
import { type Attribute, blankAttribute, type GraphNode } from './graph.ts';
import type { Importer } from './importer.ts';
import type { Read } from './layers.ts';
import type { Outcome } from './outcome.ts';
import { type Activation, type Constant, shapeOf, type UnreadTensor, type Value } from './value.ts';

export type OperatorReader = (node: NodeReader) => Outcome;

/** One node with the values of its inputs. */
export class NodeReader {
  readonly importer: Importer;
  readonly node: GraphNode;
  private readonly replaced: ReadonlyMap<number, Value>;
  private ownName: string | undefined;
  private asked: UnreadTensor | undefined;

  constructor(importer: Importer, node: GraphNode, replaced: ReadonlyMap<number, Value> = new Map()) {
    this.importer = importer;
    this.node = node;
    this.replaced = replaced;
  }

  /** The same node with another value for one of its inputs, for example the same image in another layout. */
  withInput(index: number, value: Value): NodeReader {
    return new NodeReader(this.importer, this.node, new Map([...this.replaced, [index, value]]));
  }

  /** Computed only when it is needed. Nodes that only make constants never need a name. */
  get name(): string {
    this.ownName ??= layerName(this.node);
    return this.ownName;
  }

  /** The same node with other integers in some of its attributes, for operators that are defined by another one. */
  withIntegers(changed: Readonly<Record<string, number | readonly number[]>>): NodeReader {
    const attributes = new Map(this.node.attributes);
    for (const [name, value] of Object.entries(changed)) {
      attributes.set(name, integerAttribute(name, value));
    }
    return new NodeReader(this.importer, { ...this.node, attributes }, this.replaced);
  }

  get opset(): number {
    return this.node.opset ?? this.importer.graph.opset;
  }

  input(index: number): Value | undefined {
    const value = this.lookUp(index);
    const batch = this.importer.exportedBatch;
    if (batch === 1 || value?.kind !== 'constant') return value;
    const beside = this.node.inputs.map((name, at) => (this.importer.isBatched(name) ? this.lookUp(at) : undefined));
    return constantForOne(this.node.operator, value, beside, batch);
  }

  /** The constant inputs of the node. */
  constants(): readonly Constant[] {
    return this.node.inputs.flatMap((_, at) => {
      const value = this.lookUp(at);
      return value?.kind === 'constant' ? [value] : [];
    });
  }

  private lookUp(index: number): Value | undefined {
    const replaced = this.replaced.get(index);
    if (replaced !== undefined) return replaced;
    const name = this.node.inputs[index];
    return name === undefined || name === '' ? undefined : this.importer.values.get(name);
  }

  activation(index: number): Activation | undefined {
    const value = this.input(index);
    return value?.kind === 'activation' ? value : undefined;
  }

  /** The numbers of a constant input. */
  known(index: number): readonly number[] | undefined {
    return this.numbersOf(this.input(index));
  }

  /** The numbers of a constant. */
  numbersOf(value: Value | undefined): readonly number[] | undefined {
    if (value?.kind !== 'constant') return undefined;
    this.asked ??= value.unread;
    return value.values;
  }

  /** Whether an input is there whose numbers are not known. */
  isComputed(index: number): boolean {
    return this.hasInput(index) && this.known(index) === undefined;
  }

  /** The first tensor whose numbers the operator needs but that are in another file. */
  get unread(): UnreadTensor | undefined {
    return this.asked;
  }

  /** The number of inputs that depend on the input of the network. */
  get activationCount(): number {
    return this.node.inputs.filter((_, at) => this.lookUp(at)?.kind === 'activation').length;
  }

  hasInput(index: number): boolean {
    const name = this.node.inputs[index];
    return name !== undefined && name !== '';
  }

  int(name: string, fallback: number): number {
    return this.node.attributes.get(name)?.integer ?? fallback;
  }

  ints(name: string): readonly number[] | undefined {
    const attribute = this.node.attributes.get(name);
    return attribute === undefined || attribute.integers.length === 0 ? undefined : attribute.integers;
  }

  float(name: string): number | undefined {
    return this.node.attributes.get(name)?.float;
  }

  floats(name: string): readonly number[] {
    return this.node.attributes.get(name)?.floats ?? [];
  }

  text(name: string): string {
    return this.node.attributes.get(name)?.text ?? '';
  }

  /** Adds the layer of this node and returns its output as a value. */
  layer(
    operation: Operation,
    reads: readonly Read[],
    output: Omit<Activation, 'kind' | 'source' | 'moved'>,
    shape?: Shape,
  ): Activation {
    const made: Activation = { kind: 'activation', source: -1, moved: false, ...output };
    const tensor = this.node.outputs[0];
    const source = this.importer.add(this.name, operation, reads, shape ?? shapeOf(made), tensor);
    return { ...made, source };
  }
}

function integerAttribute(name: string, value: number | readonly number[]): Attribute {
  const [integer, integers] = typeof value === 'number' ? [value, []] : [0, value];
  return { ...blankAttribute, name, integer, integers };
}

const anonymous = /^$|^(n|r|node|op|layer|tensor)?[_.]?\d+$/i;

/**
 * The name of the layer for people: the name of the node, of its output, or of its weights. The first of these that is more than a number
 * is used; if there is none, the operator.
 */
function layerName(node: GraphNode): string {
  const weights = (node.inputs[1] ?? '').replace(/(_w|_weights?|\.weight|_W|_kernel|\/kernel|_s)?(_\d+)?(:0)?$/, '');
  const candidates = [node.name, node.outputs[0] ?? '', node.inputs.length > 1 ? weights : ''];
  return candidates.find((name) => !anonymous.test(name) && name.length <= 200) ?? node.operator.toLowerCase();
}
