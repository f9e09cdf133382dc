import { comparedTexts, type SloOutcome, sloName } from '../../design/index.ts';
import type { TextChange } from '../../language/index.ts';
import type { Candidate, FixPlan } from './fix-plan.ts';
import { roundUp } from './rounding.ts';

/* Plans that change one value: its candidates, and the figures in their titles. */

/** A plan of one candidate for each value. `make` returns no changes where the text cannot be changed. */
export function plan<T>(
  values: readonly T[],
  isMonotone: boolean,
  make: (value: T) => {
    readonly changes: readonly TextChange[] | undefined;
    readonly title: Candidate['title'];
  },
): FixPlan | undefined {
  if (values.length === 0) return undefined;
  const candidate = (place: number): Candidate | undefined => {
    const value = values[place];
    if (value === undefined) return undefined;
    const { changes, title } = make(value);
    return changes === undefined || changes.length === 0 ? undefined : { changes, title };
  };
  return { count: values.length, isMonotone, meetsAll: false, candidate };
}

/** For example "14.6 ms". */
export function measured(outcome: SloOutcome): string {
  return comparedTexts(outcome).measured;
}

/** For example "p99 latency 13.9 ms". */
export function figure(outcome: SloOutcome): string {
  return `${sloName(outcome.slo)} ${measured(outcome)}`;
}

/** Values above the present one, each larger by a factor `step`, rounded to the digits that a user would write. */
export function growing(now: number, step: number, most: number): readonly number[] {
  const values: number[] = [];
  for (let value = now * step; value <= now * most * 1.0001; value *= step) values.push(roundUp(value));
  return [...new Set(values)];
}
