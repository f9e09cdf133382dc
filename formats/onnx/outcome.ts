import { type Message, type Origin, reasonWords } from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';
import type { Value } from './value.ts';

/** The result of an operator: a value for each output (undefined: none), or a sentence with the reason why the import fails. */
export type Outcome = readonly (Value | undefined)[] | string;

/** Why a graph cannot be imported. Without an origin it is about the file as a whole. */
export interface Problem {
  readonly message: (file: string) => Message;
  readonly origin?: Origin;
}

export function unreadable(reason: string): Problem {
  return { message: (file) => onnxMessages.unreadable({ file, reason: reasonWords(reason) }) };
}
