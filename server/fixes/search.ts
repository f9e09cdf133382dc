import type { SloOutcome } from '../../design/index.ts';
import type { Candidate, FixPlan } from './plans.ts';

/** The objective's outcome under a candidate that meets it; null where it does not, undefined where the search was cancelled. */
export type Judge = (candidate: Candidate) => Promise<SloOutcome | null | undefined>;

/** A candidate that was tried and meets the objective. */
export interface Meeting {
  /** Its place in the plan. */
  readonly place: number;
  readonly candidate: Candidate;
  readonly outcome: SloOutcome;
}

/** So few candidates are tried one after the other. */
const mostTriedInTurn = 8;

/**
 * The first candidate that meets the objective; null where none does, undefined where the search was cancelled. Where a plan is monotone
 * and long by bisection, else in turn; either way the last candidate, which goes farthest, is tried first where there are many: where it does
 * not meet, the search is over.
 */
export async function firstMeeting(plan: FixPlan, judge: Judge): Promise<Meeting | null | undefined> {
  const meets = async (place: number): Promise<Meeting | null | undefined> => {
    const candidate = plan.candidate(place);
    if (candidate === undefined) return null;
    const outcome = await judge(candidate);
    return outcome && { place, candidate, outcome };
  };
  let best: Meeting | null = null;
  if (plan.count > mostTriedInTurn) {
    const last = await meets(plan.count - 1);
    if (!last) return last;
    best = last;
  }
  const end = best?.place ?? plan.count;
  if (!plan.isMonotone || best === null) {
    for (let place = 0; place < end; place++) {
      const found = await meets(place);
      if (found !== null) return found;
    }
    return best;
  }
  let low = -1;
  while (best.place - low > 1) {
    const middle: number = (low + best.place) >> 1;
    const found = await meets(middle);
    if (found === undefined) return undefined;
    if (found === null) low = middle;
    else best = found;
  }
  return best;
}
