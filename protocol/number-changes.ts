import type { StatedNumber } from '../design/index.ts';

/** Client to server: the numbers with a unit in a document itself, not in its imports. The answer is a list of StatedNumber. */
export interface NumbersRequest {
  readonly uri: string;
}

export const numbersRequest = 'stimpack/numbers';

/** A step of a slider of the panel. The place of a number does not move while only the number itself changes. */
export interface NumberChange extends Pick<StatedNumber, 'start'> {
  /** The number in the panel. It shows whether the text has changed in the meantime. */
  readonly from: string;
  readonly to: string;
  /** False if this step continues the last change: both are one undo step. */
  readonly begins: boolean;
}
