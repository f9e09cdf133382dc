import {
  type Caveat,
  type CaveatCode,
  type CaveatEffect,
  type Diagnostic,
  type DiagnosticCode,
  diagnosticAt,
  type Layer,
  type Message,
  type ModelInput,
  type ModelStatements,
  noStatements,
  type Operation,
  type OperatorAssumption,
  type Origin,
  reasonWords,
  type Shape,
  type UsedAssumption,
} from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import { constantForOne } from './exported-batch.ts';
import type { GraphNode, OnnxGraph } from './graph.ts';
import { StatedShapes } from './stated-shapes.ts';
import { firstReadersOf, Tensors } from './tensors.ts';
import { type Activation, type Constant, product, sameShape, shapeOf, type Value } from './value.ts';
import { WeightIdentities } from './weight-identity.ts';

/** What an operator gives: a value per output (undefined: none), or a sentence that says why the graph cannot be read on. */
export type Outcome = readonly (Value | undefined)[] | string;

/** Why a graph cannot be imported. Without an origin it is about the file as a whole. */
export interface Problem {
  readonly message: (file: string) => Message;
  readonly origin?: Origin;
}

export function unreadable(reason: string): Problem {
  return { message: (file) => onnxMessages.unreadable({ file, reason: reasonWords(reason) }) };
}

export type OperatorReader = (node: NodeReader) => Outcome;

/** Larger dimensions and tensors than these are no network's: the file is broken or hostile. */
const maxDimension = 2 ** 31;
const maxElements = 2 ** 42;
/** Elements of constants that shape arithmetic may touch, all nodes together; real graphs use a few thousand. */
const foldingBudget = 4_000_000;
/** Tensors and layers that all copies of the state together may have, made where a branch is tried. */
const copyBudget = 2_000_000;
/** Beyond this many warnings a summary says how many more there were. */
const maxWarnings = 40;

interface Draft {
  readonly name: string;
  operation: Operation;
  readonly inputs: readonly number[];
  readonly inputShapes: readonly Shape[];
  readonly outputShape: Shape;
  readonly sharesWeightsOf: number | undefined;
  /** The tensor that holds its output, where an ONNX node made it. */
  tensor: string | undefined;
}

/** Everything that reading a branch may change. */
export interface Saved {
  readonly values: readonly Map<string, Value>[];
  readonly drafts: readonly Draft[];
  readonly names: ReadonlyMap<string, number>;
  readonly views: ReadonlyMap<string, number>;
  readonly movedViews: ReadonlyMap<Activation, ReadonlyMap<string, number>>;
  readonly diagnostics: number;
  readonly caveats: number;
  readonly warnings: number;
  readonly assumed: ReadonlyMap<string, number>;
}

/** Where a layer's data is: an index of design's `Layer.inputs`, and the shape it has there. */
export interface Read {
  readonly index: number;
  readonly shape: Shape;
}

/** Collects the layers of one graph. Guards that names are unique, shapes possible, and what feeds a layer has the shape it reads. */
export class Importer {
  readonly values: Tensors;
  readonly diagnostics: Diagnostic[] = [];
  readonly caveats: Caveat[] = [];
  /** What each request brings: entry 0 is index -1. */
  readonly inputs: ModelInput[] = [];
  readonly statements: ModelStatements;
  /** By operator type: how often the user's word was taken. */
  private readonly assumed = new Map<string, { readonly assumption: OperatorAssumption; nodes: number }>();
  /** The first node that reads an input of the graph as its first input. */
  readonly firstReaders: ReadonlyMap<string, GraphNode>;
  private drafts: Draft[] = [];
  private names = new Map<string, number>();
  private views = new Map<string, number>();
  private movedViews = new Map<Activation, Map<string, number>>();
  private warnings = 0;
  private budget = foldingBudget;
  private copies = copyBudget;
  /** Nodes of bodies that were read, once for each round. */
  unrolledNodes = 0;
  /** Reads one node and keeps what it makes; a string: why it cannot. Bodies are read by it, too. */
  readonly readNode: (node: NodeReader) => string | undefined;
  /** The batch that the graph was exported for; shapes written into it may still hold this number. */
  exportedBatch = 1;
  /** Sizes of the dimensions that the file calls by names, as the inputs have them. */
  sizes: ReadonlyMap<string, number> = new Map();
  readonly graph: OnnxGraph;
  readonly origin: Origin;

  constructor(
    graph: OnnxGraph,
    origin: Origin,
    readNode: (node: NodeReader) => string | undefined,
    statements: ModelStatements = noStatements,
  ) {
    this.graph = graph;
    this.readNode = readNode;
    this.origin = origin;
    this.values = new Tensors(graph);
    this.firstReaders = firstReadersOf(graph);
    this.statements = statements;
    this.statedShapes = new StatedShapes(graph.valueInfo);
    for (const assumption of statements.assumptions) {
      if (!this.assumed.has(assumption.operator)) this.assumed.set(assumption.operator, { assumption, nodes: 0 });
    }
  }

  /** False once constant folding has used up what any honest graph could need. */
  spend(elements: number): boolean {
    this.budget -= elements;
    return this.budget >= 0;
  }

  /** Whether a tensor has a row for each request of the batch that the graph was exported for. */
  isBatched(tensor: string | undefined): boolean {
    return this.exportedBatch > 1 && tensor !== undefined && this.batched.has(tensor);
  }

  /** Tensors that hold more than one request in the file; kept only where it was exported for a batch. */
  readonly batched = new Set<string>();

  usesOf(tensor: string): number {
    return this.values.usesOf(tensor);
  }

  /**
   * The dimensions that the file states for a tensor, for one request; undefined where one of them is not known. `like` is what it is
   * made of: its batch tells which dimension counts requests.
   */
  statedDims(tensor: string, like?: Activation): readonly number[] | undefined {
    const stated = this.graph.valueInfo.get(tensor)?.dims;
    if (stated === undefined) return undefined;
    const known: number[] = [];
    for (const [axis, dimension] of stated.entries()) {
      const size = typeof dimension === 'number' && dimension > 0 ? dimension : this.sizes.get(String(dimension));
      if (size === undefined && axis > 0) return undefined;
      known.push(size ?? 1);
    }
    const batch = this.exportedBatch;
    const at = like === undefined || like.batchAxis < 0 || known[like.batchAxis] !== batch ? 0 : like.batchAxis;
    const dims = batch > 1 && known[at] === batch ? known.with(at, 1) : known;
    return dimsProblem(dims) === undefined ? dims : undefined;
  }

  /** Something that every reader should know. Beyond a number of messages they are only counted. */
  report(message: Message): void {
    if (++this.warnings > maxWarnings) return;
    this.diagnostics.push(diagnosticAt(this.origin, message));
  }

  /** A guess that results depend on: reported now, and shown beside each verdict. The message says how to accept or to correct it. */
  caveat(message: Message<CaveatCode & DiagnosticCode>, effect: CaveatEffect): void {
    this.report(message);
    this.caveats.push({ code: message.code, origin: this.origin, text: message.text, effect });
  }

  /**
   * How the user says that an operator type is counted; undefined where the block says nothing. Call it where an operator is not
   * understood: the result lists what was taken, and an assumption that nothing needed is reported.
   */
  assumptionFor(operator: string, nodes = 1): OperatorAssumption | undefined {
    const known = this.assumed.get(operator);
    if (known !== undefined) known.nodes += nodes;
    return known?.assumption;
  }

  /** The assumptions that the network rests on. Those that nothing needed are reported at their places. */
  usedAssumptions(): readonly UsedAssumption[] {
    const used: UsedAssumption[] = [];
    for (const { assumption, nodes } of this.assumed.values()) {
      if (nodes > 0) used.push({ ...assumption, nodes });
      else {
        const unused = onnxMessages.unusedAssumption({ operator: assumption.operator });
        this.diagnostics.push(diagnosticAt(assumption.origin, unused));
      }
    }
    return used;
  }

  /** The node that is being read: its constants are the weights of the layers that it makes. */
  reading: NodeReader | undefined;
  private readonly weights = new WeightIdentities();
  readonly statedShapes: StatedShapes;

  /**
   * Adds a layer; its index. `tensor`: the one that holds its output. `weights`: its weights, where a node has several that they could be;
   * else they are found among the node's constants.
   */
  add(
    name: string,
    operation: Operation,
    reads: readonly Read[],
    outputShape: Shape,
    tensor?: string,
    weights?: Constant,
  ): number {
    const shapes = reads.map((read) => read.shape);
    const constants = weights === undefined ? (this.reading?.constants() ?? []) : [weights];
    if (this.reading !== undefined) this.statedShapes.noteLayer(this.reading.node, operation.kind);
    const index = this.drafts.length;
    this.drafts.push({
      name: this.uniqueName(name),
      operation,
      inputs: reads.map((read) => read.index),
      inputShapes: shapes,
      outputShape,
      sharesWeightsOf: this.weights.ownerOf(index, operation, shapes, outputShape, constants),
      tensor,
    });
    return index;
  }

  get layerCount(): number {
    return this.drafts.length;
  }

  /** The layers from index `from` on. */
  layersFrom(from: number): readonly Pick<Draft, 'operation' | 'inputShapes' | 'outputShape'>[] {
    return this.drafts.slice(from);
  }

  /** A copy of the state, to try a branch; undefined once more was copied than any honest graph needs. */
  save(): Saved | undefined {
    this.copies -= this.drafts.length + this.names.size + this.views.size + this.values.size;
    if (this.copies < 0) return undefined;
    return {
      values: this.values.save(),
      drafts: this.drafts.map((draft) => ({ ...draft })),
      names: new Map(this.names),
      views: new Map(this.views),
      movedViews: new Map([...this.movedViews].map(([value, views]) => [value, new Map(views)])),
      diagnostics: this.diagnostics.length,
      caveats: this.caveats.length,
      warnings: this.warnings,
      assumed: new Map([...this.assumed].map(([operator, { nodes }]) => [operator, nodes])),
    };
  }

  /** Goes back to a copy, which is used up. */
  restore(saved: Saved): void {
    this.values.restore(saved.values);
    this.drafts = [...saved.drafts];
    this.weights.forget(this.drafts.length);
    this.names = new Map(saved.names);
    this.views = new Map(saved.views);
    this.movedViews = new Map([...saved.movedViews].map(([value, views]) => [value, new Map(views)]));
    this.diagnostics.length = saved.diagnostics;
    this.caveats.length = saved.caveats;
    this.warnings = saved.warnings;
    for (const [operator, known] of this.assumed) known.nodes = saved.assumed.get(operator) ?? 0;
  }

  /** The place where `value` can be read in `shape`, by default its own: its source, or a reshape of it that is made now. */
  read(value: Activation, shape: Shape = shapeOf(value)): Read {
    const sourceShape = this.sourceShape(value.source);
    if (!value.moved && sameShape(sourceShape, shape)) return { index: value.source, shape };
    const key = `${value.source}:${shape.join(',')}`;
    let views = this.views;
    if (value.moved) {
      views = this.movedViews.get(value) ?? new Map();
      this.movedViews.set(value, views);
    }
    let index = views.get(key);
    if (index === undefined) {
      const base = value.source < 0 ? 'input' : (this.drafts[value.source]?.name ?? 'layer');
      index = this.add(
        `${base}_${value.moved ? 'reorder' : 'view'}`,
        { kind: 'reshape', copies: value.moved },
        [{ index: value.source, shape: sourceShape }],
        shape,
      );
      views.set(key, index);
    }
    return { index, shape };
  }

  private sourceShape(source: number): Shape {
    return (source < 0 ? this.inputs[-1 - source]?.shape : this.drafts[source]?.outputShape) ?? [1];
  }

  /** The layer that made `tensor` and that nothing else reads: what follows may be merged into it. */
  soleProducer(tensor: string, value: Value | undefined): Draft | undefined {
    if (value?.kind !== 'activation' || value.moved || value.source < 0 || this.usesOf(tensor) !== 1) return undefined;
    const draft = this.drafts[value.source];
    return draft?.tensor === tensor ? draft : undefined;
  }

  private uniqueName(name: string): string {
    const taken = this.names.get(name);
    if (taken === undefined) {
      this.names.set(name, 1);
      return name;
    }
    let number = taken + 1;
    while (this.names.has(`${name}_${number}`)) number++;
    this.names.set(name, number);
    this.names.set(`${name}_${number}`, 1);
    return `${name}_${number}`;
  }

  finish(): Layer[] {
    if (this.warnings > maxWarnings) {
      const more = onnxMessages.moreWarnings({ count: this.warnings - maxWarnings });
      this.diagnostics.push(diagnosticAt(this.origin, more));
    }
    return this.drafts.map(({ name, operation, inputs, inputShapes, outputShape, sharesWeightsOf }) => ({
      name,
      operation,
      inputs,
      inputShapes,
      outputShape,
      ...(sharesWeightsOf === undefined ? {} : { sharesWeightsOf }),
      origin: this.origin,
    }));
  }
}

/** One node, with its inputs looked up. */
export class NodeReader {
  readonly importer: Importer;
  readonly node: GraphNode;
  private ownName: string | undefined;

  constructor(importer: Importer, node: GraphNode) {
    this.importer = importer;
    this.node = node;
  }

  /** Looked for where it is asked for: of nodes that only make constants nobody asks. */
  get name(): string {
    this.ownName ??= layerName(this.node);
    return this.ownName;
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

  /** Its constant inputs. */
  constants(): readonly Constant[] {
    return this.node.inputs.flatMap((_, at) => {
      const value = this.lookUp(at);
      return value?.kind === 'constant' ? [value] : [];
    });
  }

  private lookUp(index: number): Value | undefined {
    const name = this.node.inputs[index];
    return name === undefined || name === '' ? undefined : this.importer.values.get(name);
  }

  activation(index: number): Activation | undefined {
    const value = this.input(index);
    return value?.kind === 'activation' ? value : undefined;
  }

  /** The numbers of a constant input. */
  known(index: number): readonly number[] | undefined {
    const value = this.input(index);
    return value?.kind === 'constant' ? value.values : undefined;
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

  text(name: string): string {
    return this.node.attributes.get(name)?.text ?? '';
  }

  /** Adds the layer of this node and gives its output as a value. */
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

const anonymous = /^$|^(n|r|node|op|layer|tensor)?[_.]?\d+$/i;

/**
 * What a person calls the layer: the node's name, its output's, or what its weights are called, the first that is more than
 * a number; else the operator.
 */
function layerName(node: GraphNode): string {
  const weights = (node.inputs[1] ?? '').replace(/(_w|_weights?|\.weight|_W|_kernel|\/kernel|_s)?(_\d+)?(:0)?$/, '');
  const candidates = [node.name, node.outputs[0] ?? '', node.inputs.length > 1 ? weights : ''];
  return candidates.find((name) => !anonymous.test(name) && name.length <= 200) ?? node.operator.toLowerCase();
}

/** Why `dims` cannot be a tensor; undefined where they can. */
export function dimsProblem(dims: readonly number[]): string | undefined {
  if (dims.length > 16) return `has ${dims.length} dimensions`;
  for (const dimension of dims) {
    if (!Number.isInteger(dimension) || dimension < 0) return `has a dimension of ${dimension}`;
    if (dimension > maxDimension) return `has a dimension of ${dimension}, more than any memory holds`;
  }
  const elements = product(dims);
  return elements > maxElements ? `has ${elements} elements, more than any memory holds` : undefined;
}
