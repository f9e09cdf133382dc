import type { Json } from './document.ts';

/** A JSON Schema (draft 2020-12) as data. */
export type Schema = { readonly [keyword: string]: Json };

/** The properties of an object by key. */
export type Properties = { readonly [key: string]: Schema };

export const textSchema = (description: string): Schema => ({ type: 'string', description });
export const numberSchema = (description: string): Schema => ({ type: 'number', description });
export const countSchema = (description: string): Schema => ({ type: 'integer', minimum: 0, description });
export const flagSchema = (description: string): Schema => ({ type: 'boolean', description });

/** A number that is null if it was not measured, if the design does not provide it, or if it is infinite. */
export const measuredSchema = (description: string): Schema => ({ type: ['number', 'null'], description });

export const choiceSchema = (values: readonly string[], description: string): Schema => ({
  type: 'string',
  enum: values,
  description,
});

export const listSchema = (items: Schema, description: string): Schema => ({ type: 'array', items, description });

/** The same value, or null. */
export const orNull = (schema: Schema, description: string): Schema => ({
  anyOf: [schema, { type: 'null' }],
  description,
});

/** An object with these keys. Other keys are allowed: a later version of the program may add some. */
export function objectSchema(always: Properties, sometimes: Properties = {}, description?: string): Schema {
  return {
    type: 'object',
    ...(description === undefined ? {} : { description }),
    properties: { ...always, ...sometimes },
    required: Object.keys(always),
  };
}
