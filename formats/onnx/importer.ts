import type {
  Caveat,
  CaveatCode,
  CaveatEffect,
  Diagnostic,
  DiagnosticCode,
  Layer,
  Message,
  ModelInput,
  ModelStatements,
  Operation,
  OperatorAssumption,
  Origin,
  Shape,
  UsedAssumption,
} from '../../design/index.ts';
import { noStatements } from '../../design/index.ts';
import { dimsProblem } from './dims.ts';
import type { GraphNode, OnnxGraph } from './graph.ts';
import { type Draft, LayerList, type Read, type SavedLayers } from './layers.ts';
import { Reports, type SavedReports } from './reports.ts';
import type { SampleRecord } from './samples/sample-record.ts';
import { StatedShapes } from './stated-shapes.ts';
import { firstReadersOf, Tensors } from './tensors.ts';
import { type Activation, type Constant, shapeOf, type Value } from './value.ts';

/** The most elements of constants that shape arithmetic may read and write in all nodes together. Real graphs use a few thousand. */
const foldingBudget = 1_000_000;
/** The most tensors and layers in all copies of the state together. The importer copies the state before it tries a branch. */
const copyBudget = 2_000_000;

/** All state that reading a branch can change. */
export interface Saved {
  readonly values: readonly Map<string, Value>[];
  readonly layers: SavedLayers;
  readonly reports: SavedReports;
}

/** The node that is being read. Its constants are the weights of the layers that it makes. */
export interface Reading {
  readonly node: GraphNode;
  constants(): readonly Constant[];
}

/** The state of one import: the known tensors, the layers, and the messages to report. */
export class Importer {
  readonly values: Tensors;
  /** The data of each request. Entry 0 has the index -1. */
  readonly inputs: ModelInput[] = [];
  readonly statements: ModelStatements;
  /** For each input of the graph: the first node that reads it as its first input. */
  readonly firstReaders: ReadonlyMap<string, GraphNode>;
  readonly statedShapes: StatedShapes;
  /** Nodes of bodies that were read, counted once for each round. */
  unrolledNodes = 0;
  /** Reads one node, including its bodies, and stores the results. Returns a string if it cannot: the reason. */
  readonly readNode: (node: GraphNode) => string | undefined;
  reading: Reading | undefined;
  /** The batch for which the graph was exported. Shapes in the file may contain this number. */
  exportedBatch = 1;
  /** Set if the graph is read with the dimensions of the file, to find out whether the samples of its inputs are requests. */
  samples: SampleRecord | undefined;
  /** Tensors that contain more than one request in the file. Filled only if the file was exported for a batch. */
  readonly batched = new Set<string>();
  /** The sizes of named dimensions, as the inputs have them. */
  sizes: ReadonlyMap<string, number> = new Map();
  readonly graph: OnnxGraph;
  readonly origin: Origin;
  private readonly layers: LayerList;
  private readonly reports: Reports;
  private budget = foldingBudget;
  private copies = copyBudget;

  constructor(
    graph: OnnxGraph,
    origin: Origin,
    readNode: (importer: Importer, node: GraphNode) => string | undefined,
    statements: ModelStatements = noStatements,
  ) {
    this.graph = graph;
    this.readNode = (node) => readNode(this, node);
    this.origin = origin;
    this.layers = new LayerList(this.inputs, origin);
    this.values = new Tensors(graph);
    this.firstReaders = firstReadersOf(graph);
    this.statements = statements;
    this.statedShapes = new StatedShapes(graph.valueInfo);
    this.reports = new Reports(origin, statements.assumptions);
  }

  /** Spends part of the folding budget. False if the graph has used up more than any real graph needs. */
  spend(elements: number): boolean {
    this.budget -= elements;
    return this.budget >= 0;
  }

  /** Whether a tensor has a row for each request of the exported batch. */
  isBatched(tensor: string | undefined): boolean {
    return this.exportedBatch > 1 && tensor !== undefined && this.batched.has(tensor);
  }

  usesOf(tensor: string): number {
    return this.values.usesOf(tensor);
  }

  /**
   * The dimensions that the file states for a tensor, for one request. Undefined if one of them is not known. `like`: the value from which
   * the tensor is made; its batch shows which dimension counts requests.
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

  /**
   * Adds a layer and returns its index. `tensor`: the tensor with its output. `weights`: its weights, needed if several constants of the
   * node could be the weights; otherwise they are found among the constants of the node.
   */
  add(
    name: string,
    operation: Operation,
    reads: readonly Read[],
    outputShape: Shape,
    tensor?: string,
    weights?: Constant,
  ): number {
    const constants = weights === undefined ? (this.reading?.constants() ?? []) : [weights];
    if (this.reading !== undefined) this.statedShapes.noteLayer(this.reading.node, operation.kind);
    return this.layers.add(name, operation, reads, outputShape, tensor, constants);
  }

  /**
   * The place where `value` can be read in `shape`, by default its current shape. It is the source of the value, or a new reshape layer.
   */
  read(value: Activation, shape: Shape = shapeOf(value)): Read {
    return this.layers.read(value, shape, (name, operation, reads, output) => this.add(name, operation, reads, output));
  }

  /** The layer that made `tensor`, if only one node reads the tensor. Later nodes may be merged into this layer. */
  soleProducer(tensor: string, value: Value | undefined): Draft | undefined {
    if (value?.kind !== 'activation' || this.usesOf(tensor) !== 1) return undefined;
    return this.layers.makerOf(tensor, value);
  }

  /** Records that another tensor now has the output of the layer of `value`. */
  hold(value: Activation, tensor: string | undefined): void {
    this.layers.hold(value.source, tensor);
  }

  get layerCount(): number {
    return this.layers.count;
  }

  /** The layers from index `from` on. */
  layersFrom(from: number): readonly Pick<Draft, 'operation' | 'inputShapes' | 'outputShape'>[] {
    return this.layers.from(from);
  }

  report(message: Message): void {
    this.reports.report(message);
  }

  caveat(message: Message<CaveatCode & DiagnosticCode>, effect: CaveatEffect): void {
    this.reports.caveat(message, effect);
  }

  assumptionFor(operator: string, nodes = 1): OperatorAssumption | undefined {
    return this.reports.assumptionFor(operator, nodes);
  }

  usedAssumptions(): readonly UsedAssumption[] {
    return this.reports.usedAssumptions();
  }

  get diagnostics(): readonly Diagnostic[] {
    return this.reports.diagnostics;
  }

  get caveats(): readonly Caveat[] {
    return this.reports.caveats;
  }

  /** Copies the state before a branch is tried. Undefined if all copies together are larger than any real graph needs. */
  save(): Saved | undefined {
    this.copies -= this.layers.size + this.values.size;
    if (this.copies < 0) return undefined;
    return { values: this.values.save(), layers: this.layers.save(), reports: this.reports.save() };
  }

  /** Restores a copy. The copy must not be used again. */
  restore(saved: Saved): void {
    this.values.restore(saved.values);
    this.layers.restore(saved.layers);
    this.reports.restore(saved.reports);
  }

  saveReports(): SavedReports {
    return this.reports.save();
  }

  restoreReports(saved: SavedReports): void {
    this.reports.restore(saved);
  }

  finish(): readonly Layer[] {
    this.reports.finish();
    return this.layers.finish();
  }
}
