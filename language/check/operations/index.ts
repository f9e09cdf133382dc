import type { Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { LayerKeyword } from '../../schema/index.ts';
import type { Settings } from '../settings.ts';
import { elementwiseLayers } from './elementwise.ts';
import { imageLayers } from './images.ts';
import { matrixLayers } from './matrices.ts';
import { reshapingLayers } from './reshapes.ts';
import type { Inferred, LayerRule } from './rule.ts';

export { showShape } from './rule.ts';

/** The compiler rejects a layer of the schema that has no rule. */
const ruleOf: Readonly<Record<LayerKeyword, LayerRule>> = {
  ...imageLayers,
  ...matrixLayers,
  ...elementwiseLayers,
  ...reshapingLayers,
};
const rules: ReadonlyMap<string, LayerRule> = new Map(Object.entries(ruleOf));

/** Turns the settings of a layer and its input shapes into an operation and an output shape. */
export function inferOperation(keyword: string, settings: Settings, inputs: readonly Shape[]): Inferred {
  const rule = rules.get(keyword);
  if (rule === undefined) return { problem: shapeMessages.noSuchLayer({ keyword }) };
  const { mostInputs: most } = rule;
  if (inputs.length > most) {
    return { problem: shapeMessages.tooManyInputs({ keyword, most, count: inputs.length }) };
  }
  return rule.infer(settings, inputs);
}
