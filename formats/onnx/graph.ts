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
  readonly hasGraph: boolean;
}

export interface GraphNode {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Attribute>;
}

export interface OnnxGraph {
  readonly bytes: Uint8Array;
  readonly producer: string;
  /** Version of the default operator set; 1 where the file states none. */
  readonly opset: number;
  readonly nodes: readonly GraphNode[];
  readonly initializers: ReadonlyMap<string, TensorInfo>;
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfo: ReadonlyMap<string, ValueInfo>;
}
