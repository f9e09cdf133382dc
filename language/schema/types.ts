import type { DimensionName } from '../units/index.ts';

/**
 * The rows of the schema table, as plain data: what the checker accepts, and what hover, completion and the reference page say.
 * A new property is one row.
 */

/** What can be declared, and therefore named. */
export type DeclarationKind = 'npu' | 'model' | 'block' | 'scheduler' | 'scenario' | 'explore' | 'let';

/** A fixed word that a property takes. */
export interface WordSchema {
  readonly name: string;
  readonly documentation: string;
  /** Spellings of earlier versions or of other tools: read as this one, with a hint to write it so. */
  readonly formerly?: readonly string[];
}

export interface QuantityType {
  readonly kind: 'quantity';
  /** The first is what messages and completion speak of. */
  readonly dimensions: readonly [DimensionName, ...DimensionName[]];
  readonly integer?: boolean;
  /** SI, inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** SI, exclusive: the value must be greater. */
  readonly above?: number;
  /** Words that stand for a value: `unlimited`. */
  readonly words?: readonly (WordSchema & { readonly value: number })[];
}

/** What a property takes. */
export type ValueType =
  | QuantityType
  | { readonly kind: 'word'; readonly words: readonly WordSchema[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text' }
  /** A whole number of up to 64 bits, kept as written. */
  | { readonly kind: 'seed' }
  | { readonly kind: 'reference'; readonly to: DeclarationKind }
  /** A named form with parameters: `poisson(2400 rps)`, `slack { guard: 5 % }`; or, where there is one, a quantity. */
  | { readonly kind: 'form'; readonly forms: readonly BlockSchema[]; readonly quantity?: QuantityType }
  /** `3 x 3` or `3` for both. */
  | { readonly kind: 'pair'; readonly minimum: number }
  /** `224 x 224 x 3` or `1000`. */
  | { readonly kind: 'shape' }
  /** `same`, `valid`, `1`, `1 x 2`, or `[top, bottom, left, right]`. */
  | { readonly kind: 'padding' }
  /** `[conv1, pool.out]`: layers by label; `input` is the model's. */
  | { readonly kind: 'layers' }
  /** `[TPUv4i, Stimpack with always-burst]`. */
  | { readonly kind: 'variants' };

export interface DefaultValue {
  /** In the language itself; the checker reads it as if it were written in the file. */
  readonly text: string;
  /** Where it comes from, or "our assumption". */
  readonly source: string;
}

export interface PropertySchema {
  /** One word, or two (`switch at`). */
  readonly name: string;
  readonly type: ValueType;
  readonly required?: boolean;
  /** Absent where leaving the property out means something of its own, which `documentation` says. */
  readonly default?: DefaultValue;
  readonly documentation: string;
  /** Spellings of earlier versions or of other tools: read as this one, with a hint to write it so. */
  readonly formerly?: readonly string[];
  /** What completion inserts behind the colon. */
  readonly example?: string;
}

/** What stands between a block's keyword and its bracket. */
export type SubjectSchema =
  | { readonly kind: 'none' }
  /** A name that the block declares. */
  | { readonly kind: 'declares'; readonly declares: DeclarationKind }
  /** A declared thing. */
  | { readonly kind: 'reference'; readonly to: DeclarationKind }
  /** One of a few words: `mode base`. */
  | { readonly kind: 'word'; readonly words: readonly WordSchema[] }
  /** A whole number: `repeat 3`. */
  | { readonly kind: 'count' };

export interface ClauseSchema {
  readonly keyword: string;
  readonly documentation: string;
}

/** How the inside of a block is read: as properties and blocks, or by rules of its own beside those. */
export type ContentKind = 'settings' | 'layers' | 'constraints' | 'space';

/** A block `keyword subject { ... }`, a form `keyword(...)`, or a layer. */
export interface BlockSchema {
  readonly keyword: string;
  readonly documentation: string;
  readonly subject: SubjectSchema;
  readonly clauses: readonly ClauseSchema[];
  /** In the order in which arguments in parentheses fill them. */
  readonly properties: readonly PropertySchema[];
  readonly blocks: readonly BlockSchema[];
  /** What a property of any other name takes: `assume { Foo: elementwise }`. Its own name is a placeholder for documentation. */
  readonly entries?: PropertySchema;
  readonly content: ContentKind;
  readonly required?: boolean;
  /** May stand more than once. */
  readonly repeats?: boolean;
  /** `keyword: none` takes it away from an npu that another one extends. */
  readonly removable?: boolean;
  /** A snippet for completion, in the notation of LSP: `$1`, `${2:name}`. */
  readonly snippet?: string;
}

type BlockParts = Partial<Omit<BlockSchema, 'keyword' | 'documentation'>>;

/** A block's row with the usual left out. */
export function block(keyword: string, documentation: string, parts: BlockParts = {}): BlockSchema {
  return {
    keyword,
    documentation,
    subject: { kind: 'none' },
    clauses: [],
    properties: [],
    blocks: [],
    content: 'settings',
    ...parts,
  };
}

export const ourAssumption = 'our assumption';
