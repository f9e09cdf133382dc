import type { SloOutcome } from '../../design/index.ts';
import type { Candidate, FixPlan } from './fix-plan.ts';

/**
 * The objective's outcome under a candidate that meets it. Null if the candidate does not meet it, undefined if the
 * search was cancelled.
 */
export type Judge = (candidate: Candidate) => Promise<SloOutcome | null | undefined>;

/**
 * What a short run shows about a candidate: it is proved not to meet the objective (`misses`), or its measured values
 * are `over` or `within` the limits.
 */
export type Guess = 'misses' | 'over' | 'within';

/** A short run of a candidate. Null if it would be no shorter than a whole run, undefined if the search was cancelled. */
export type Guesser = (candidate: Candidate) => Promise<Guess | null | undefined>;

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
 * that one helps most: if it does not meet the objective, the search ends. Short runs save whole runs: a candidate that
 * they prove wrong is not tried, and a bisection starts where they predict its end.
 */
export async function firstMeeting(plan: FixPlan, judge: Judge, guess: Guesser): Promise<Meeting | null | undefined> {
  return new Search(plan, judge, guess).run();
}

class Search {
  private readonly plan: FixPlan;
  private readonly judge: Judge;
  private readonly guess: Guesser;
  private readonly guesses = new Map<number, Guess | null>();

  constructor(plan: FixPlan, judge: Judge, guess: Guesser) {
    this.plan = plan;
    this.judge = judge;
    this.guess = guess;
  }

  async run(): Promise<Meeting | null | undefined> {
    const { count, isMonotone } = this.plan;
    if (count <= mostTriedInTurn) return this.inTurn(count, null);
    const last = await this.meets(count - 1);
    if (!last) return last;
    return isMonotone ? this.bisect(last) : this.inTurn(count - 1, last);
  }

  /** The first of the candidates before `end` that meets, else `otherwise`. */
  private async inTurn(end: number, otherwise: Meeting | null): Promise<Meeting | null | undefined> {
    for (let place = 0; place < end; place++) {
      const found = await this.meets(place);
      if (found !== null) return found;
    }
    return otherwise;
  }

  private async meets(place: number): Promise<Meeting | null | undefined> {
    const candidate = this.plan.candidate(place);
    if (candidate === undefined) return null;
    const guessed = await this.guessAt(place, candidate);
    if (guessed === undefined) return undefined;
    if (guessed === 'misses') return null;
    const outcome = await this.judge(candidate);
    return outcome && { place, candidate, outcome };
  }

  private async guessAt(place: number, candidate: Candidate): Promise<Guess | null | undefined> {
    const known = this.guesses.get(place);
    if (known !== undefined) return known;
    const guessed = await this.guess(candidate);
    if (guessed !== undefined) this.guesses.set(place, guessed);
    return guessed;
  }

  /** The first candidate that meets, if `last` meets and each one after a candidate that meets does so too. */
  private async bisect(last: Meeting): Promise<Meeting | undefined> {
    const predicted = await this.predict(last.place);
    if (predicted === undefined) return undefined;
    let best = last;
    let low = -1;
    // From the prediction, first in growing steps to a neighbour on the other side, then by halves.
    let step = 1;
    let next = predicted ?? (low + best.place) >> 1;
    let isBracketed = predicted === null;
    while (best.place - low > 1) {
      const found = await this.meets(next);
      if (found === undefined) return undefined;
      if (found === null) low = next;
      else best = found;
      isBracketed ||= low >= 0 && best !== last;
      if (isBracketed) next = (low + best.place) >> 1;
      else next = found === null ? Math.min(low + step, best.place - 1) : Math.max(best.place - step, 0);
      step *= 2;
    }
    return best;
  }

  /** The first place before `end` whose short run is within the limits; null if short runs save nothing. */
  private async predict(end: number): Promise<number | null | undefined> {
    let low = -1;
    let high = end;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      const candidate = this.plan.candidate(middle);
      const guessed = candidate === undefined ? 'over' : await this.guessAt(middle, candidate);
      if (guessed == null) return guessed;
      if (guessed === 'within') high = middle;
      else low = middle;
    }
    return Math.min(high, end - 1);
  }
}
