import { elementsOf, type Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';
import { type Inferred, keepsShape, type LayerRules, manyInputs, needs, ofOne, showShape } from './rule.ts';

/** Layers that compute nothing. They only move or rename elements. */
export const reshapingLayers = {
  concat: { mostInputs: manyInputs, infer: (settings, inputs) => inferConcat(settings.number('axis'), inputs) },
  'last-token': keepsShape({ kind: 'reshape', copies: false, lastToken: true }),
  flatten: ofOne((_, input) => ({ operation: { kind: 'reshape', copies: false }, output: [elementsOf(input)] })),
  reshape: ofOne((settings, input) => inferReshape('reshape', settings, input)),
  slice: ofOne((settings, input) => inferReshape('slice', settings, input)),
  expand: ofOne((settings, input) => inferReshape('expand', settings, input)),
  transpose: ofOne((_, input) => {
    const last = input.at(-1);
    const before = input.at(-2);
    if (last === undefined || before === undefined) return needs('transpose', 'at least two dimensions', input);
    return { operation: { kind: 'reshape', copies: true }, output: [...input.slice(0, -2), last, before] };
  }),
  shuffle: keepsShape({ kind: 'reshape', copies: true }),
} satisfies LayerRules;

const reshapeRules = {
  reshape: 'keeps the number of elements',
  slice: 'makes no more elements than it reads',
  expand: 'makes no fewer elements than it reads',
} as const;

function inferReshape(keyword: keyof typeof reshapeRules, settings: Settings, input: Shape): Inferred {
  const output = settings.shape('shape') ?? [];
  const [before, after] = [elementsOf(input), elementsOf(output)];
  const fits = keyword === 'reshape' ? after === before : keyword === 'slice' ? after <= before : after >= before;
  if (!fits) {
    const sizes = { input: showShape(input), before, output: showShape(output), after };
    return { problem: shapeMessages.otherSize({ keyword, rule: reshapeRules[keyword], ...sizes }) };
  }
  return { operation: { kind: 'reshape', copies: settings.flag('copies') }, output };
}

function inferConcat(axis: number, inputs: readonly Shape[]): Inferred {
  const [first = []] = inputs;
  const index = axis < 0 ? first.length + axis : axis;
  if (index < 0 || index >= first.length) {
    return { problem: shapeMessages.noSuchAxis({ axis, shape: showShape(first) }) };
  }
  let total = 0;
  for (const shape of inputs) {
    const fits = shape.length === first.length && shape.every((size, i) => i === index || size === first[i]);
    if (!fits) {
      const shapes = { first: showShape(first), other: showShape(shape) };
      return { problem: shapeMessages.cannotConcatenate({ ...shapes, dimension: index + 1 }) };
    }
    total += shape[index] ?? 0;
  }
  return { operation: { kind: 'concat', axis }, output: first.map((size, i) => (i === index ? total : size)) };
}
