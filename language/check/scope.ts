import type { Dimension } from '../units/index.ts';
import type { CheckedFile } from './checked-file.ts';

/** The value of an expression. Quantities are in SI units. `digits` keeps the digits of a literal that a double cannot represent. */
export type Value =
  | { readonly kind: 'quantity'; readonly value: number; readonly dimension: Dimension; readonly digits?: string }
  | { readonly kind: 'dimensions'; readonly factors: readonly number[] }
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly (Value | undefined)[] };

/** The scope of names: the parameters of the current block, then the file. */
export interface Scope {
  readonly file: CheckedFile;
  readonly parameters?: ReadonlyMap<string, Parameter>;
}

export interface Parameter {
  readonly value: Value | undefined;
  readonly target: { readonly uri: string; readonly start: number; readonly end: number };
}
