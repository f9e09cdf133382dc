import type { Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { elementwiseLayers } from './elementwise.ts';
import { imageLayers } from './images.ts';
import { matrixLayers } from './matrices.ts';
import { reshapingLayers } from './reshapes.ts';
import type { Inferred, LayerRule } from './rule.ts';

export { showShape } from './rule.ts';

const rules: ReadonlyMap<string, LayerRule> = new Map(
  Object.entries({ ...imageLayers, ...matrixLayers, ...elementwiseLayers, ...reshapingLayers }),
);

/** Turns a layer's settings and the shapes it reads into an operation and the shape it makes. */
export function inferOperation(keyword: string, settings: Settings, inputs: readonly Shape[]): Inferred {
  const rule = rules.get(keyword);
  if (rule === undefined) return { problem: shapeMessages.noSuchLayer({ keyword }) };
  const { mostInputs: most } = rule;
  if (inputs.length > most) {
    return { problem: shapeMessages.tooManyInputs({ keyword, most, count: inputs.length }) };
  }
  return rule.infer(settings, inputs);
}
