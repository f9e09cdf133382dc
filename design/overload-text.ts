import { distinctTexts } from './distinct-texts.ts';
import type { Backlog, Overload, SloOutcome } from './objective-outcome.ts';
import { formatNumber, formatRate, formatSeconds } from './quantity-text.ts';

/* Overload in words: more requests arrive than the chips complete. */

/**
 * Whether an objective is violated because more requests arrive than the chips complete, without end. The measured value then depends on the length of
 * the run, so no report shows it as the result. A peak or a burst that overloads the chips ends, so its values are properties of the chip.
 */
export function isOverloaded({ overload, backlog, verdict }: SloOutcome): boolean {
  if (verdict !== 'violated') return false;
  return backlog !== undefined || (overload !== undefined && isLasting(overload));
}

function isLasting({ periodSeconds, inBursts }: Overload): boolean {
  return periodSeconds === undefined && inBursts === undefined;
}

/** "in the long run 50,000 rps arrive, but the chips can complete at most 11,406 rps": the reason of an objective that is violated in overload. */
export function overloadReason({ overload, backlog }: SloOutcome): string {
  if (overload !== undefined) return overloadText(overload);
  return backlog === undefined ? '' : `${backlogText(backlog)}, so latency grows with the length of the run`;
}

/** "50,000 rps arrived and 11,406 rps were completed". */
export function backlogText({ arrivedRps, completedRps }: Backlog): string {
  const [arrived, completed] = differingRates(arrivedRps, completedRps);
  return `${arrived} arrived and ${completed} were completed`;
}

/** The overload of an objective in a few words: "overload: 50,000 rps offered, at most 11,406 rps in the long run". */
export function overloadLabel({ overload, backlog }: SloOutcome): string {
  const [arrived, completed] =
    overload === undefined
      ? differingRates(backlog?.arrivedRps ?? Number.NaN, backlog?.completedRps ?? Number.NaN)
      : differingRates(overload.offeredRps, overload.saturationRps);
  const most = overload === undefined ? `${completed} completed` : `at most ${completed} in the long run`;
  return `overload: ${arrived} offered, ${most}`;
}

/** The overload of a serve that does not end with a peak or a burst; undefined without one. */
export function lastingOverload(outcomes: readonly SloOutcome[]): Overload | undefined {
  return outcomes.map(({ overload }) => overload).find((each) => each !== undefined && isLasting(each));
}

/** Two rates with enough digits to show that they differ. */
function differingRates(a: number, b: number): readonly string[] {
  return distinctTexts([a, b], formatRate);
}

/**
 * "in the long run 11,423 rps arrive, but the chips can complete at most 11,389 rps": the reason why latency grows without end. These are rates of
 * the traffic and the chips. Those that a run counts differ from them a little: by chance, and because its time begins within a batch.
 */
export function overloadText({ offeredRps, saturationRps, periodSeconds, inBursts }: Overload): string {
  const atPeak =
    periodSeconds === undefined
      ? 'in the long run '
      : `at the peak of each period of ${formatDuration(periodSeconds)} `;
  const when = inBursts === true ? 'in each burst ' : atPeak;
  const [offered, most] = differingRates(offeredRps, saturationRps);
  return `${when}${offered} arrive, but the chips can complete at most ${most}`;
}

/** A stated period: "24 h", "90 min", "30 s". */
function formatDuration(seconds: number): string {
  if (seconds >= 3600) return `${formatNumber(seconds / 3600)} h`;
  return seconds >= 60 ? `${formatNumber(seconds / 60)} min` : formatSeconds(seconds);
}
