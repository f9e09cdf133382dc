/**
 * The nodes of the syntax tree. A node covers [start, end) of the text without the trivia around it. Trivia are only in the token columns, so
 * nothing is lost. A part that is missing in a broken text is a `missing` node or an absent field.
 */
export interface Node {
  readonly start: number;
  readonly end: number;
}

/** One word as written. */
export interface Name extends Node {
  readonly kind: 'name';
  readonly text: string;
}

/** `15 ms`, `1_000`, `76.47 %`. `digits` is the number as written, because a double cannot represent all 64-bit seeds. */
export interface Quantity extends Node {
  readonly kind: 'quantity';
  readonly digits: string;
  readonly number: number;
  readonly unit: Name | undefined;
}

export interface Text extends Node {
  readonly kind: 'text';
  readonly value: string;
}

/** A name, or names joined by dots: `peak`, `Stimpack.HBM.bandwidth`. At least one part. */
export interface Path extends Node {
  readonly kind: 'path';
  readonly parts: readonly Name[];
}

/** A name with arguments, a block, or both: `poisson(peak)`, `slack { guard: 5 % }`, `conv { ... }`. */
export interface Application extends Node {
  readonly kind: 'application';
  readonly path: Path;
  /** Only for a labelled repetition: `stage1: repeat 3 { ... }`. */
  readonly subject: Expression | undefined;
  readonly parameters: Arguments | undefined;
  readonly body: Body | undefined;
}

export interface Arguments extends Node {
  readonly kind: 'arguments';
  readonly items: readonly Argument[];
  readonly closed: boolean;
}

/** `peak` or `speedup: 4 x`. In the head of a `block`, a parameter and its default. */
export interface Argument extends Node {
  readonly kind: 'argument';
  readonly name: Name | undefined;
  readonly value: Expression;
}

/** `224 x 224 x 3`: at least two factors. */
export interface Dimensions extends Node {
  readonly kind: 'dimensions';
  readonly factors: readonly Expression[];
}

export interface List extends Node {
  readonly kind: 'list';
  readonly items: readonly Expression[];
  readonly closed: boolean;
}

export interface Group extends Node {
  readonly kind: 'group';
  readonly inner: Expression;
}

export interface Unary extends Node {
  readonly kind: 'unary';
  readonly operator: '-' | '+';
  readonly operand: Expression;
}

export interface Binary extends Node {
  readonly kind: 'binary';
  readonly operator: '+' | '-' | '*' | '/';
  readonly left: Expression;
  readonly right: Expression;
}

/** `400 GB/s .. 1200 GB/s step 100 GB/s`, `16 MiB .. 256 MiB logarithmic 9`. */
export interface Range extends Node {
  readonly kind: 'range';
  readonly from: Expression;
  readonly to: Expression;
  /** How the values are spaced. With `linear` and `logarithmic`, `step` is their number. */
  readonly spacing: 'step' | 'linear' | 'logarithmic';
  readonly step: Expression | undefined;
}

/** `Stimpack with always-burst`. */
export interface With extends Node {
  readonly kind: 'with';
  readonly base: Expression;
  readonly change: Expression;
}

/** A missing value, which the parser has reported. */
export interface Missing extends Node {
  readonly kind: 'missing';
}

export type Expression =
  | Quantity
  | Text
  | Path
  | Application
  | Dimensions
  | List
  | Group
  | Unary
  | Binary
  | Range
  | With
  | Missing;

/** `{ ... }`, or all items of a file. */
export interface Body extends Node {
  readonly kind: 'body';
  readonly items: readonly Item[];
  readonly closed: boolean;
}

export interface Import extends Node {
  readonly kind: 'import';
  readonly keyword: Name;
  readonly path: Text | undefined;
}

export interface Let extends Node {
  readonly kind: 'let';
  readonly keyword: Name;
  readonly name: Name | undefined;
  readonly value: Expression;
}

/** `clock: 1.05 GHz`, `switch at: layer` (two words), `conv1: conv { ... }`. */
export interface Property extends Node {
  readonly kind: 'property';
  readonly words: readonly Name[];
  readonly value: Expression;
}

/** `p99 latency <= 15 ms`. */
export interface Constraint extends Node {
  readonly kind: 'constraint';
  readonly words: readonly Name[];
  readonly operator: Name;
  readonly limit: Expression;
}

/** `extends TPUv4i`, `from "x.onnx"`, `as Photos`, `in [..]`. */
export interface Clause extends Node {
  readonly kind: 'clause';
  readonly keyword: Name;
  readonly value: Expression;
}

/** Any item that starts with a word and has no colon: `npu X extends Y { }`, `repeat 3 { }`, `relu`, `vary A.b in [..]`. */
export interface Statement extends Node {
  readonly kind: 'statement';
  readonly keyword: Name;
  readonly subject: Expression | undefined;
  readonly parameters: Arguments | undefined;
  readonly clauses: readonly Clause[];
  readonly body: Body | undefined;
}

export type Item = Import | Let | Property | Constraint | Statement;

export type AnyNode = Item | Expression | Body | Arguments | Argument | Clause | Name;

/** The children of a node in text order. */
export function childrenOf(node: AnyNode): readonly AnyNode[] {
  switch (node.kind) {
    case 'name':
    case 'text':
    case 'missing':
      return [];
    case 'quantity':
      return present(node.unit);
    case 'path':
      return node.parts;
    case 'application':
      return present(node.path, node.subject, node.parameters, node.body);
    case 'arguments':
    case 'list':
    case 'body':
      return node.items;
    case 'argument':
      return present(node.name, node.value);
    case 'dimensions':
      return node.factors;
    case 'group':
      return [node.inner];
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'range':
      return present(node.from, node.to, node.step);
    case 'with':
      return [node.base, node.change];
    case 'import':
      return present(node.keyword, node.path);
    case 'let':
      return present(node.keyword, node.name, node.value);
    case 'property':
      return [...node.words, node.value];
    case 'constraint':
      return [...node.words, node.operator, node.limit];
    case 'clause':
      return [node.keyword, node.value];
    case 'statement':
      return present(node.keyword, node.subject, node.parameters, ...node.clauses, node.body);
  }
}

function present(...nodes: readonly (AnyNode | undefined)[]): readonly AnyNode[] {
  return nodes.filter((node) => node !== undefined);
}
