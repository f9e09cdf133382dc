import type { ActivationFunction, Elementwise, Normalization, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import { activationKeywords, elementwiseKeywords } from '../../schema/index.ts';
import type { Settings } from '../settings.ts';
import { broadcast, type Inferred, keepsShape, type LayerRules, manyInputs, ofOne, showShape } from './rule.ts';

/** Layers that make one element of each that they read: functions, normalizations, sums and products. */
export const elementwiseLayers: LayerRules = {
  ...Object.fromEntries(
    activationKeywords.map((keyword) => {
      // What the schema lists is a function of the design, but for the one that stands for all others.
      const name = keyword === 'activation' ? 'other' : (keyword as ActivationFunction);
      return [keyword, keepsShape({ kind: 'activation', function: name })];
    }),
  ),
  ...Object.fromEntries(
    elementwiseKeywords.map((keyword) => {
      const name = keyword === 'elementwise' ? 'other' : (keyword as Elementwise['operation']);
      return [
        keyword,
        {
          mostInputs: manyInputs,
          infer: (settings: Settings, inputs: readonly Shape[]) => inferElementwise(name, settings, inputs),
        },
      ];
    }),
  ),
  batchnorm: ofOne((settings, input) => ({
    operation: { kind: 'normalization', normalization: 'batch', folded: settings.flag('folded') },
    output: input,
  })),
  layernorm: keepsShape(normalization('layer')),
  groupnorm: keepsShape(normalization('group')),
  rmsnorm: keepsShape(normalization('rms')),
  lrn: keepsShape(normalization('local-response')),
  softmax: keepsShape({ kind: 'softmax' }),
};

function normalization(kind: Normalization['normalization']): Normalization {
  return { kind: 'normalization', normalization: kind, folded: false };
}

/** Joins its inputs; one alone, named in `inputs`, is combined with a constant. */
function inferElementwise(operation: Elementwise['operation'], settings: Settings, inputs: readonly Shape[]): Inferred {
  const { keyword } = settings.schema;
  if (inputs.length < 2 && !settings.has('inputs')) {
    return { problem: shapeMessages.needsTwoInputs({ keyword }) };
  }
  let output: Shape = inputs[0] ?? [];
  for (const shape of inputs.slice(1)) {
    const joined = broadcast(output, shape);
    if (joined === undefined) {
      return { problem: shapeMessages.cannotJoin({ keyword, left: showShape(output), right: showShape(shape) }) };
    }
    output = joined;
  }
  return { operation: { kind: 'elementwise', operation }, output };
}
