/** A tensor that the file names: its size, and where its contents lie. Contents are looked at only where shapes depend on them. */
export interface TensorInfo {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** Ranges of the file with contents, with the number of the field they came from; empty where they lie in another file. */
  readonly contents: readonly { readonly field: number; readonly start: number; readonly end: number }[];
}

/** A dimension: known, or the name that the exporter gave it ("" where it gave none). */
export type Dimension = number | string;

export interface ValueInfo {
  readonly name: string;
  /** undefined: the file does not say. */
  readonly dims: readonly Dimension[] | undefined;
  readonly elementType: number;
}

export interface Attribute {
  readonly name: string;
  readonly float: number;
  readonly integer: number;
  readonly text: string;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly tensor: TensorInfo | undefined;
  /** The body of an If, a Loop or a Scan. */
  readonly graph: GraphBody | undefined;
  /** Inside a model-local function: the attribute of the calling node that gives the value ("" where the value is here). */
  readonly reference: string;
}

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  /** Tells apart functions of one name; "" for operators. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Tensors of the enclosing graphs that the bodies of this node read. */
  readonly captured: readonly string[];
  /** Version of the default operator set, where it is not the model's: inside a function. */
  readonly opset?: number;
}

/** What a graph and the body of an If, a Loop or a Scan have in common (GraphProto). */
export interface GraphBody {
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, TensorInfo>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
}

/** A function that the model defines (FunctionProto): nodes that a call stands for. */
export interface FunctionBody {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Values of attributes that a call leaves out. */
  readonly defaults: ReadonlyMap<string, Attribute>;
  readonly nodes: readonly GraphNode[];
  readonly opset: number | undefined;
}

export interface OnnxGraph extends GraphBody {
  readonly bytes: Uint8Array;
  readonly producer: string;
  /** Version of the default operator set; 1 where the file states none. */
  readonly opset: number;
  readonly functions: readonly FunctionBody[];
}

/** Everything that a node needs before it can run: its inputs and what its bodies read from outside. */
export function readsOf(node: GraphNode): readonly string[] {
  return node.captured.length === 0 ? node.inputs : [...node.inputs, ...node.captured];
}

/** The bodies of a node. */
export function bodiesOf(node: GraphNode): readonly GraphBody[] {
  const bodies: GraphBody[] = [];
  for (const { graph } of node.attributes.values()) if (graph !== undefined) bodies.push(graph);
  return bodies;
}
