import type { Message, Operation, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';

/** What a layer does and makes, or why it cannot. */
export type Inferred = { readonly operation: Operation; readonly output: Shape } | { readonly problem: Message };

/** What one kind of layer makes of what it is set to and of the shapes that it reads. */
export interface LayerRule {
  readonly mostInputs: number;
  infer(settings: Settings, inputs: readonly Shape[]): Inferred;
}

/** By keyword. */
export type LayerRules = Readonly<Record<string, LayerRule>>;

/** What joins as many inputs as it is given: more than anybody names. */
export const manyInputs = 4096;

/** A layer that reads one input. */
export function ofOne(infer: (settings: Settings, input: Shape) => Inferred): LayerRule {
  return { mostInputs: 1, infer: (settings, [input = []]) => infer(settings, input) };
}

/** A layer whose shape nothing changes, and that does always the same. */
export function keepsShape(operation: Operation): LayerRule {
  return ofOne((_, input) => ({ operation, output: input }));
}

/** `56 x 56 x 64`, as messages say it. */
export function showShape(shape: Shape): string {
  return shape.length === 0 ? 'a scalar' : shape.join(' x ');
}

/** Says that a layer cannot read its input. */
export function needs(keyword: string, wanted: string, input: Shape): { readonly problem: Message } {
  return { problem: shapeMessages.otherInput({ keyword, wanted, shape: showShape(input) }) };
}

/** Dimensions are compared from the last; each pair must be equal or one of them 1 or missing. undefined: they are not. */
export function broadcast(a: Shape, b: Shape): Shape | undefined {
  const rank = Math.max(a.length, b.length);
  const output: number[] = [];
  for (let i = 1; i <= rank; i++) {
    const left = a.at(-i) ?? 1;
    const right = b.at(-i) ?? 1;
    if (i > a.length) output.unshift(right);
    else if (i > b.length || left === right || right === 1) output.unshift(left);
    else if (left === 1) output.unshift(right);
    else return undefined;
  }
  return output;
}
