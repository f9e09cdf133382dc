/** A tensor of the file: its size, and the place of its contents. The importer reads contents only if shapes depend on them. */
export interface TensorInfo {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  /** The ranges of the file that have the contents, each with the number of its protobuf field. Empty if another file has the contents. */
  readonly contents: readonly { readonly field: number; readonly start: number; readonly end: number }[];
  /** Set if another file has the contents. */
  readonly external?: ExternalData | undefined;
}

/** The place of a tensor's contents in another file (TensorProto.external_data). The importer never opens that file. */
export interface ExternalData {
  /** The path as the file states it. It can be anything. */
  readonly location: string;
  /** The stated number of bytes. Undefined if the file states none. */
  readonly lengthBytes: number | undefined;
}

/** A dimension: a known size, or the name that the exporter wrote ("" for no name). */
export type Dimension = number | string;

export interface ValueInfo {
  readonly name: string;
  /** Undefined if the file states no dimensions. */
  readonly dims: readonly Dimension[] | undefined;
  readonly elementType: number;
}

export interface Attribute {
  readonly name: string;
  readonly float: number;
  readonly integer: number;
  readonly text: string;
  /** Whether the text is longer than any setting, so that only its beginning is in `text`. Then it contains a program or packed weights. */
  readonly isLong: boolean;
  readonly floats: readonly number[];
  readonly integers: readonly number[];
  readonly tensor: TensorInfo | undefined;
  /** The body of an If, a Loop or a Scan. */
  readonly graph: GraphBody | undefined;
  /** Inside a model-local function: the attribute of the calling node that gives the value. "" if the value is stated here. */
  readonly reference: string;
}

/** An attribute without a value. */
export const blankAttribute: Attribute = {
  name: '',
  float: 0,
  integer: 0,
  text: '',
  isLong: false,
  floats: [],
  integers: [],
  tensor: undefined,
  graph: undefined,
  reference: '',
};

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  /** Distinguishes functions with the same name. "" for operators. */
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
  /** Tensors of the surrounding graphs that the bodies of this node read. */
  readonly captured: readonly string[];
  /** The version of the default operator set, if it differs from that of the model. This happens inside a function. */
  readonly opset?: number;
}

/** The common part of a graph and of the body of an If, a Loop or a Scan (GraphProto). */
export interface GraphBody {
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, TensorInfo>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
}

/** A function that the model defines (FunctionProto). Its nodes replace each call. */
export interface FunctionBody {
  readonly name: string;
  readonly domain: string;
  readonly overload: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** The values of attributes that a call omits. */
  readonly defaults: ReadonlyMap<string, Attribute>;
  readonly nodes: readonly GraphNode[];
  readonly opset: number | undefined;
}

export interface OnnxGraph extends GraphBody {
  readonly bytes: Uint8Array;
  readonly producer: string;
  /** The version of the default operator set. 1 if the file states none. */
  readonly opset: number;
  readonly functions: readonly FunctionBody[];
}

/** All tensors that a node needs before it can run: its inputs, and the outer tensors that its bodies read. */
export function readsOf(node: GraphNode): readonly string[] {
  return node.captured.length === 0 ? node.inputs : [...node.inputs, ...node.captured];
}

/** The bodies of a node. */
export function bodiesOf(node: GraphNode): readonly GraphBody[] {
  const bodies: GraphBody[] = [];
  for (const { graph } of node.attributes.values()) if (graph !== undefined) bodies.push(graph);
  return bodies;
}
