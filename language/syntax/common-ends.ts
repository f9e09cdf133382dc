/** What two texts have in common: `head` characters at their beginnings and, behind these, `tail` at their ends. */
export interface CommonEnds {
  readonly head: number;
  readonly tail: number;
}

/**
 * Halves the stretch in which the difference must be: the engine compares two slices many times faster than we could letter by letter, and they
 * are slices of texts that exist already.
 */
function agreement(most: number, agrees: (from: number, to: number) => boolean): number {
  let agreed = 0;
  let open = most;
  while (agreed < open) {
    const middle = (agreed + open + 1) >> 1;
    if (agrees(agreed, middle)) agreed = middle;
    else open = middle - 1;
  }
  return agreed;
}

export function commonEnds(before: string, text: string): CommonEnds {
  const most = Math.min(before.length, text.length);
  const head = agreement(most, (from, to) => before.slice(from, to) === text.slice(from, to));
  const back = (whole: string, from: number, to: number): string => whole.slice(whole.length - to, whole.length - from);
  const tail = agreement(most - head, (from, to) => back(before, from, to) === back(text, from, to));
  return { head, tail };
}
