/** A mistake of ours, not of the text's author: the only thing that the language throws. */
export function bug(message: string): never {
  throw new Error(message);
}
