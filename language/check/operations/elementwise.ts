import type { ActivationFunction, Elementwise, Normalization, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import { activationKeywords, elementwiseKeywords } from '../../schema/index.ts';
import type { Settings } from '../settings.ts';
import {
  broadcast,
  type Inferred,
  keepsShape,
  type LayerRule,
  type LayerRules,
  manyInputs,
  ofOne,
  showShape,
} from './rule.ts';

/** Layers that compute one output element from each input element: functions, normalizations, sums and products. */
export const elementwiseLayers = {
  ...rulesOf(activationKeywords, (keyword) => {
    const name: ActivationFunction = keyword === 'activation' ? 'other' : keyword;
    return keepsShape({ kind: 'activation', function: name });
  }),
  ...rulesOf(elementwiseKeywords, (keyword) => {
    const name: Elementwise['operation'] = keyword === 'elementwise' ? 'other' : keyword;
    return { mostInputs: manyInputs, infer: (settings, inputs) => inferElementwise(name, settings, inputs) };
  }),
  batchnorm: ofOne((settings, input) => ({
    operation: { kind: 'normalization', normalization: 'batch', folded: settings.flag('folded') },
    output: input,
  })),
  layernorm: keepsShape(normalization('layer')),
  groupnorm: keepsShape(normalization('group')),
  rmsnorm: keepsShape(normalization('rms')),
  lrn: keepsShape(normalization('local-response')),
  softmax: keepsShape({ kind: 'softmax' }),
} satisfies LayerRules;

function rulesOf<Keyword extends string>(
  keywords: readonly Keyword[],
  ruleOf: (keyword: Keyword) => LayerRule,
): Record<Keyword, LayerRule> {
  return Object.fromEntries(keywords.map((keyword) => [keyword, ruleOf(keyword)])) as Record<Keyword, LayerRule>;
}

function normalization(kind: Normalization['normalization']): Normalization {
  return { kind: 'normalization', normalization: kind, folded: false };
}

/** Combines its inputs. A single input that `inputs` names is combined with a constant. */
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
