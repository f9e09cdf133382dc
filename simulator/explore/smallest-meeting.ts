export interface SmallestOptions {
  /** Asked before each try; true ends the search without an answer. */
  readonly isCancelled?: () => boolean;
}

/**
 * The smallest of ascending values that meets what is asked, by bisection; undefined where none does, or where the search was cancelled.
 * It takes for granted that a larger value never hurts; what it returns was tried and meets, and the value before it was tried and does not.
 */
export function smallestMeeting<T>(
  values: readonly T[],
  meets: (value: T) => boolean,
  { isCancelled }: SmallestOptions = {},
): T | undefined {
  let low = -1;
  let high = values.length - 1;
  const last = values[high];
  if (last === undefined || isCancelled?.() || !meets(last)) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (isCancelled?.()) return undefined;
    if (meets(values[middle] as T)) high = middle;
    else low = middle;
  }
  return values[high];
}
