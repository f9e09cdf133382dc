/** An error in Stimpack, not in the user's text. The language throws nothing else. */
export function bug(message: string): never {
  throw new Error(message);
}
