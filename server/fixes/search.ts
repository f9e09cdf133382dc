import type { Candidate } from './plans.ts';

/** Whether a candidate meets the objective; undefined where the search was cancelled. */
export type Judge = (candidate: Candidate) => Promise<boolean | undefined>;

/** So few candidates are tried one after the other: that a later one meets says nothing of those before. */
const mostTriedInTurn = 8;

/**
 * The first candidate that meets the objective: by bisection where there are many, which takes for granted that one behind a meeting one
 * meets, too. What is returned was tried and meets. undefined where none does, or the search was cancelled.
 */
export async function firstMeeting(candidates: readonly Candidate[], judge: Judge): Promise<Candidate | undefined> {
  if (candidates.length <= mostTriedInTurn) {
    for (const candidate of candidates) if ((await judge(candidate)) === true) return candidate;
    return undefined;
  }
  let low = -1;
  let high = candidates.length - 1;
  const last = candidates[high];
  if (last === undefined || (await judge(last)) !== true) return undefined;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    const candidate = candidates[middle];
    const meets = candidate && (await judge(candidate));
    if (meets === undefined) return undefined;
    if (meets) high = middle;
    else low = middle;
  }
  return candidates[high];
}
