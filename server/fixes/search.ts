import type { SloOutcome } from '../../design/index.ts';
import type { Candidate, FixPlan } from './fix-plan.ts';

/**
 * The objective's outcome under a candidate that meets it. Null if the candidate does not meet it, undefined if the
 * search was cancelled.
 */
export type Judge = (candidate: Candidate) => Promise<SloOutcome | null | undefined>;

/** A candidate that was tried and meets the objective. */
export interface Meeting {
  /** Its index in the plan. */
  readonly place: number;
  readonly candidate: Candidate;
  readonly outcome: SloOutcome;
}

/** Plans of at most this length are tried in order. Our assumption. */
const mostTriedInTurn = 8;

/**
 * The first candidate that meets the objective. Null if none does, undefined if the search was cancelled. A long
 * monotone plan is searched by bisection, any other plan in order. A long plan tries its last candidate first, because
 * that one helps most: if it does not meet the objective, the search ends.
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
