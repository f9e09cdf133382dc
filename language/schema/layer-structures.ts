// biome-ignore-all lint/suspicious/noTemplateCurlyInString: snippets use the notation of LSP.

import { type BlockSchema, block, ourAssumption, type PropertySchema } from './types.ts';

const axis: PropertySchema = {
  name: 'axis',
  type: { kind: 'quantity', dimensions: ['number'], integer: true, minimum: -8, maximum: 7 },
  default: { text: '-1', source: 'the usual: the last, channels or features' },
  documentation: 'The dimension along which `join: concat` joins the branches.',
};

/** The blocks that arrange layers. Without them, each layer reads the one before it. */
export const structureSchemas: readonly BlockSchema[] = [
  block('repeat', 'Repeats the layers inside this many times, in sequence.', {
    subject: { kind: 'count' },
    content: 'layers',
    repeats: true,
    snippet: 'repeat ${1:3} {\n  $0\n}',
  }),
  block('residual', 'Adds the output of the layers inside to the input of the block, or to the output of `shortcut`.', {
    content: 'layers',
    repeats: true,
    snippet: 'residual {\n  $0\n}',
  }),
  block('shortcut', 'Inside `residual`: the layers on the shortcut path.', { content: 'layers' }),
  block('parallel', 'Branches that read the same input. Their outputs are joined.', {
    content: 'layers',
    repeats: true,
    properties: [
      {
        name: 'join',
        type: {
          kind: 'word',
          words: [
            { name: 'concat', documentation: 'Concatenated along `axis`.' },
            { name: 'add', documentation: 'Summed.' },
            { name: 'multiply', documentation: 'Multiplied.' },
          ],
        },
        default: { text: 'concat', source: `${ourAssumption}: what Inception and SqueezeNet do` },
        documentation: 'How the outputs of the branches are joined.',
      },
      axis,
    ],
    snippet: 'parallel {\n  branch {\n    $1\n  }\n  branch {\n    $2\n  }\n}',
  }),
  block('branch', 'Inside `parallel`: one sequence of layers. An empty branch passes its input on.', {
    content: 'layers',
    repeats: true,
  }),
];
