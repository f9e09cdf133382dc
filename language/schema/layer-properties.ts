import { type BlockSchema, block, type PropertySchema } from './types.ts';

/* What the rows of several layers share: their properties, and the function that makes a row. */

const inputs: PropertySchema = {
  name: 'inputs',
  type: { kind: 'layers' },
  documentation:
    'The layers that it reads, by label: `inputs: [conv1, skip]`. Default: the layer before it. `input` is the input of the model.',
};

/** A property whose value is a whole number from 1. */
export function whole(name: string, documentation: string, parts: Partial<PropertySchema> = {}): PropertySchema {
  return {
    name,
    type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: 1, maximum: 2 ** 31 },
    documentation,
    ...parts,
  };
}

export const bias: PropertySchema = {
  name: 'bias',
  type: { kind: 'flag' },
  default: { text: 'yes', source: 'the usual value, also where batch normalization is folded in' },
  documentation: 'Whether a bias is added to each output.',
};

const ownInput: PropertySchema = {
  name: 'input',
  type: { kind: 'shape' },
  documentation:
    'Shape of an external input that is not the model’s `input`: a second input (a mask, a cache), or the input of one layer in a list of layers that are not chained. Without `inputs`, the layer reads only this input.',
  example: '1 x 1024',
};

export const sharedWeights: PropertySchema = {
  name: 'weights',
  type: { kind: 'layers' },
  documentation:
    'The label of an earlier layer with the same weights. The weights are stored and counted once. Default: the layer has separate weights.',
  example: 'tokens',
};

/** A layer's row. Its keyword is a literal type, so that the compiler requires a rule for each keyword. */
export interface LayerSchema<Keyword extends string = string> extends BlockSchema {
  readonly keyword: Keyword;
}

/** A row of the table of layers. Each layer also has the properties `inputs` and `input`. */
export function layer<const Keyword extends string>(
  keyword: Keyword,
  documentation: string,
  properties: readonly PropertySchema[] = [],
): LayerSchema<Keyword> {
  return {
    ...block(keyword, documentation, { properties: [...properties, inputs, ownInput], repeats: true }),
    keyword,
  };
}

export const sequential: PropertySchema = {
  name: 'sequential',
  type: { kind: 'flag' },
  default: { text: 'no', source: 'the usual value: an encoder has its whole input at the start' },
  documentation:
    'The first dimension counts steps, and each step waits for the output of the step before, as in a decoder that reads its previous output.',
};
