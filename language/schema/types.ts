import type { DimensionName } from '../units/index.ts';

/**
 * The types of the schema table. The checker, hover, completion and the reference page all read it, so a new property is one row.
 */

/** The kinds of declarations. Each declares a name. */
export type DeclarationKind = 'npu' | 'model' | 'block' | 'scheduler' | 'scenario' | 'explore' | 'let';

/** A fixed word that a property accepts. */
export interface WordSchema {
  readonly name: string;
  readonly documentation: string;
  /** Spellings of earlier versions or other tools. They are accepted, with a hint to use `name`. */
  readonly formerly?: readonly string[];
  /** One of many of a pattern, which messages and the reference page leave out of their lists. */
  readonly unlisted?: true;
}

/** The words that lists for people show. */
export function listedWords(words: readonly WordSchema[]): readonly WordSchema[] {
  return words.filter(({ unlisted }) => unlisted !== true);
}

export interface QuantityType {
  readonly kind: 'quantity';
  /** Messages and completion use the first one. */
  readonly dimensions: readonly [DimensionName, ...DimensionName[]];
  readonly integer?: boolean;
  /** SI, inclusive. */
  readonly minimum?: number;
  readonly maximum?: number;
  /** SI, exclusive: the value must be greater. */
  readonly above?: number;
  /** Other bounds of values in one of the dimensions, SI, inclusive. */
  readonly boundsOf?: Readonly<Partial<Record<DimensionName, { readonly minimum: number; readonly maximum: number }>>>;
  /** Words for a value: `unlimited`. */
  readonly words?: readonly (WordSchema & { readonly value: number })[];
}

/** The type of a property's value. */
export type ValueType =
  | QuantityType
  | { readonly kind: 'word'; readonly words: readonly WordSchema[] }
  | { readonly kind: 'flag' }
  | { readonly kind: 'text' }
  /** A whole number of up to 64 bits, kept as written. */
  | { readonly kind: 'seed' }
  | { readonly kind: 'reference'; readonly to: DeclarationKind }
  /** A named form with parameters: `poisson(2400 rps)`, `slack { guard: 5 % }`. If `quantity` is present, a quantity too. */
  | { readonly kind: 'form'; readonly forms: readonly BlockSchema[]; readonly quantity?: QuantityType }
  /** `3` for each direction, `3 x 3`, or `3 x 3 x 3` if `most` allows it. */
  | { readonly kind: 'pair'; readonly minimum: number; readonly most?: 3 }
  /** `224 x 224 x 3` or `1000`. If `open` is present, also that word, for a shape of any length. */
  | { readonly kind: 'shape'; readonly open?: WordSchema }
  /** `same`, `valid`, `1`, `1 x 2`, `1 x 2 x 2`, `[top, bottom, left, right]`, or with 2 or 6 ends for other numbers of directions. */
  | { readonly kind: 'padding' }
  /** `[conv1, pool.out]`: layers by label. `input` is the input of the model. */
  | { readonly kind: 'layers' }
  /** `[128, 256]`: at most `most` numbers. */
  | { readonly kind: 'numbers'; readonly quantity: QuantityType; readonly most: number }
  /** `[TPUv4i, Stimpack with always-burst]`. */
  | { readonly kind: 'variants' };

export interface DefaultValue {
  /** Written in the language. The checker reads it as if the file contained it. */
  readonly text: string;
  /** Its source, or "our assumption". */
  readonly source: string;
}

export interface PropertySchema {
  /** One word, or two (`switch at`). */
  readonly name: string;
  readonly type: ValueType;
  readonly required?: boolean;
  /** Other properties of the block. If all of them are set, this required property may be omitted. */
  readonly requiredUnless?: readonly string[];
  /** Absent if an omitted property has a special meaning, which `documentation` explains. */
  readonly default?: DefaultValue;
  readonly documentation: string;
  /** Spellings of earlier versions or other tools. They are accepted, with a hint to use `name`. */
  readonly formerly?: readonly string[];
  /** The text that completion inserts after the colon. */
  readonly example?: string;
}

/** The part between the keyword of a block and its opening bracket. */
export type SubjectSchema =
  | { readonly kind: 'none' }
  /** A name that the block declares. */
  | { readonly kind: 'declares'; readonly declares: DeclarationKind }
  /** The name of a declaration. */
  | { readonly kind: 'reference'; readonly to: DeclarationKind }
  /** One of a few words: `mode base`. */
  | { readonly kind: 'word'; readonly words: readonly WordSchema[] }
  /** An optional name that distinguishes several blocks: `array { }`, `array Small { }`. */
  | {
      readonly kind: 'label';
      /** The name is that of a layer, which can have several parts: `block1.conv`. Paths of `vary` cannot name it. */
      readonly dotted?: true;
    }
  /** A whole number: `repeat 3`. */
  | { readonly kind: 'count' };

export interface ClauseSchema {
  readonly keyword: string;
  readonly documentation: string;
}

/** How the checker reads the content of a block: only properties and blocks, or also layers, objectives or axes. */
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
  /** The type of properties with any other name: `assume { Foo: elementwise }`. The documentation shows `entries.name` as a placeholder. */
  readonly entries?: PropertySchema;
  /** The names that `entries` describes. Default: all names. */
  readonly entryPattern?: RegExp;
  readonly content: ContentKind;
  readonly required?: boolean;
  /** Keywords of other blocks. If the outer block contains one of them, this required block may be omitted. */
  readonly requiredUnless?: readonly string[];
  /** The keyword of the block for which this row is another name. Both rows describe the same block. */
  readonly sameAs?: string;
  /** Keywords of the blocks that this one replaces: an extending npu that states this block does not inherit them. */
  readonly replaces?: readonly string[];
  /** Other names of a form or of a block. They are accepted, with a hint to use `keyword`. */
  readonly formerly?: readonly string[];
  /** The answer to `keyword: none` for a block that cannot be removed: what to write instead. */
  readonly insteadOfNone?: string;
  /** May occur more than once. */
  readonly repeats?: boolean;
  /** `keyword: none` removes it from an npu that extends another one. */
  readonly removable?: boolean;
  /** A snippet for completion, in the notation of LSP: `$1`, `${2:name}`. */
  readonly snippet?: string;
}

/** Whether a block cannot contain both, because one is in the place of the other. */
export function replaces(one: BlockSchema, other: BlockSchema): boolean {
  const excludes = (a: BlockSchema, b: BlockSchema): boolean =>
    a.sameAs === b.keyword || a.replaces?.includes(b.keyword) === true;
  return excludes(one, other) || excludes(other, one);
}

type BlockParts = Partial<Omit<BlockSchema, 'keyword' | 'documentation'>>;

/** A row for a block. Omitted parts get their default. */
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
