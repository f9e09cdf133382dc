import { type ActivationFunction, elementsOf, type Recurrent, type Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { broadcast, type Inferred, type LayerRule, type LayerRules, needs, ofOne, showShape } from './rule.ts';

/** Layers that multiply rows of features by a matrix, or look up rows of a table. */
export const matrixLayers = {
  dense: ofOne((settings, input) => {
    if (input.length === 0) return { problem: shapeMessages.scalarDense() };
    const outputs = settings.number('outputs');
    return {
      operation: { kind: 'dense', outputs, bias: settings.flag('bias'), ...sequence(settings) },
      output: [...input.slice(0, -1), outputs],
    };
  }),
  matmul: {
    mostInputs: 2,
    infer: (settings, [left = [], right]) => inferMatMul(settings.flag('transposed'), left, right),
  },
  'feed-forward': ofOne((settings, input) => {
    if (input.length === 0) return needs('feed-forward', 'features', input);
    const experts = settings.number('experts');
    const active = settings.number('active');
    if (active > experts) return { problem: shapeMessages.tooManyActive({ active, experts }) };
    const name = settings.word('function');
    return {
      operation: {
        kind: 'feed-forward',
        width: settings.number('width'),
        gated: settings.flag('gated'),
        function: name === 'activation' ? 'other' : (name as ActivationFunction),
        bias: settings.flag('bias'),
        experts,
        active,
      },
      output: input,
    };
  }),
  attention: { mostInputs: 2, infer: (settings, [input = [], memory]) => inferAttention(settings, input, memory) },
  lstm: recurrent('lstm'),
  gru: recurrent('gru'),
  rnn: recurrent('rnn'),
  embedding: ofOne((settings, input) => {
    const width = settings.number('width');
    const lookups = settings.optionalNumber('lookups') ?? elementsOf(input);
    const pooled = settings.flag('pooled');
    return {
      operation: { kind: 'embedding', rows: settings.number('rows'), width, lookups, pooled },
      output: pooled ? [width] : [lookups, width],
    };
  }),
} satisfies LayerRules;

/** Absent by default: most layers have all their rows at the start. */
function sequence(settings: Settings): { readonly sequential?: true } {
  return settings.flag('sequential') ? { sequential: true } : {};
}

function recurrent(cell: Recurrent['cell']): LayerRule {
  return ofOne((settings, input) => {
    if (input.length !== 2 && input.length !== 3) return needs(cell, 'steps x features', input);
    const directions = settings.number('directions') === 2 ? 2 : 1;
    const hidden = settings.number('hidden');
    const bias = settings.flag('bias');
    return {
      operation: { kind: 'recurrent', cell, hidden, directions, bias, ...sequence(settings) },
      output: [...input.slice(0, -1), hidden * directions],
    };
  });
}

function inferMatMul(transposed: boolean, left: Shape, right: Shape | undefined): Inferred {
  if (right === undefined) return { problem: shapeMessages.needsTwoInputs({ keyword: 'matmul' }) };
  const rows = left.at(-2);
  const depth = left.at(-1);
  const rightDepth = right.at(transposed ? -1 : -2);
  const columns = right.at(transposed ? -2 : -1);
  if (rows === undefined || depth === undefined || rightDepth === undefined || columns === undefined) {
    return { problem: shapeMessages.notMatrices({ left: showShape(left), right: showShape(right) }) };
  }
  const batch = broadcast(left.slice(0, -2), right.slice(0, -2));
  if (depth !== rightDepth || batch === undefined) {
    const shapes = { left: showShape(left), right: showShape(right) };
    return { problem: shapeMessages.otherDepth({ ...shapes, isTransposed: transposed, depth, rightDepth }) };
  }
  return { operation: { kind: 'matmul', transposed }, output: [...batch, rows, columns] };
}

function inferAttention(settings: Settings, input: Shape, memory: Shape | undefined): Inferred {
  const [steps, features] = input;
  if (steps === undefined || features === undefined || input.length !== 2) {
    return needs('attention', 'steps x features', input);
  }
  if (memory !== undefined && memory.length !== 2) {
    return { problem: shapeMessages.otherMemory({ shape: showShape(memory) }) };
  }
  const heads = settings.number('heads');
  const keyValueHeads = settings.optionalNumber('key-value-heads') ?? heads;
  const headSize = settings.optionalNumber('head-size') ?? features / heads;
  if (!Number.isInteger(headSize)) return { problem: shapeMessages.headsOfFeatures({ heads, features }) };
  if (heads % keyValueHeads !== 0) {
    return { problem: shapeMessages.headsOfKeys({ keyValueHeads, heads }) };
  }
  const cache = settings.flag('cache');
  if (cache && memory !== undefined) return { problem: shapeMessages.cacheOfMemory() };
  if (cache && settings.has('context')) return { problem: shapeMessages.contextOfCache() };
  const bias = settings.word<'yes' | 'no' | 'qkv'>('bias');
  const window = settings.optionalNumber('window');
  return {
    operation: {
      kind: 'attention',
      heads,
      keyValueHeads,
      headSize,
      contextLength: settings.optionalNumber('context') ?? memory?.[0] ?? steps,
      causal: cache || settings.flag('causal'),
      bias: bias === 'qkv' ? bias : bias === 'yes',
      ...(cache ? { cache } : {}),
      ...(window === undefined ? {} : { window }),
      ...(settings.flag('rotary') ? { rotary: true } : {}),
      ...(settings.flag('query-key-norm') ? { queryKeyNorm: true } : {}),
    },
    output: input,
  };
}
