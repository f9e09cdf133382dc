import type { Message, Operation, Shape } from '../../../design/index.ts';
import { shapeMessages } from '../../messages/index.ts';
import type { Settings } from '../settings.ts';

/** The operation of a layer with its output shape, or the problem that prevents it. */
export type Inferred = { readonly operation: Operation; readonly output: Shape } | { readonly problem: Message };

/** Computes the operation and output shape of one kind of layer from its settings and input shapes. */
export interface LayerRule {
  readonly mostInputs: number;
  infer(settings: Settings, inputs: readonly Shape[]): Inferred;
}

/** By keyword. */
export type LayerRules = Readonly<Record<string, LayerRule>>;

/** For layers that join any number of inputs: more than a file can list. */
export const manyInputs = 4096;

/** A layer that reads one input. */
export function ofOne(infer: (settings: Settings, input: Shape) => Inferred): LayerRule {
  return { mostInputs: 1, infer: (settings, [input = []]) => infer(settings, input) };
}

/** A layer with one fixed operation whose output has the shape of its input. */
export function keepsShape(operation: Operation): LayerRule {
  return ofOne((_, input) => ({ operation, output: input }));
}

/** A shape as messages show it: `56 x 56 x 64`. */
export function showShape(shape: Shape): string {
  return shape.length === 0 ? 'a scalar' : shape.join(' x ');
}

/** The problem of a layer that cannot read an input of this shape. */
export function needs(keyword: string, wanted: string, input: Shape): { readonly problem: Message } {
  return { problem: shapeMessages.otherInput({ keyword, wanted, shape: showShape(input) }) };
}

/** NumPy's broadcasting: from the last dimension on, sizes must be equal, or one of them 1 or missing. Otherwise undefined. */
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
