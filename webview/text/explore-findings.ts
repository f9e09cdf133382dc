import type { Exploration, ExplorationResult } from '../../protocol/index.ts';
import {
  caveatSummary,
  designsToTry,
  formatNumber,
  formatPercent,
  isExclusion,
  statedSummary,
} from '../../protocol/index.ts';
import type { Dimension } from '../model/sweep/designs.ts';
import { countText, designText, goalsOf, isBetter, measuresText, verdictOf } from '../model/sweep/designs.ts';
import type { ExploreShown } from '../model/sweep/explore-view.ts';
import { designAt, valuesOf } from '../model/sweep/explore-view.ts';
import { capital, listed } from './verdict-sentence.ts';

/** What an exploration will do: "27 designs of Rush (CMEM.capacity × HBM.bandwidth), to find the highest capacity and the lowest energy per request". */
export function exploreQuestion(exploration: Exploration, dimensions: readonly Dimension[]): string {
  const count = exploration.axes.reduce((product, axis) => product * axis.values.length, 1);
  const axes = dimensions.filter(({ kind }) => kind === 'axis').map(({ title }) => title);
  const goals = goalsOf(dimensions).map(({ sense, title }) => `the ${extreme(sense)} ${title}`);
  const limits = (exploration.constraints ?? []).map(({ text }) => `, subject to ${text}`).join('');
  const tried = designsToTry(exploration, count);
  const some = tried < count ? `${formatNumber(tried, 9)} of ` : '';
  return `${some}${countText(count, 'design')} of ${exploration.scenario} (${axes.join(' × ')}), to find ${listed(goals)}${limits}`;
}

/** What an exploration found: how many designs meet all objectives, and which designs are at the ends of the front. */
export function exploreFinding(result: ExplorationResult, dimensions: readonly Dimension[]): string {
  const { count, exploration, tried } = result;
  const met = designsWhere(result, (design) => verdictOf(result, design) === 'met');
  const whole = countText(count, 'design');
  const head = tried < count ? `Simulated ${formatNumber(tried, 9)} of ${whole}` : whole;
  const verb = met.length === 1 ? 'meets' : 'meet';
  const meets =
    met.length === 0
      ? `none of them meets all objectives${tried < designsToTry(exploration, count) ? ' so far' : ''}`
      : met.length === tried
        ? 'all meet all objectives'
        : `${formatNumber(met.length, 9)} ${verb} all objectives`;
  const excluded = result.problems.filter(({ message }) => isExclusion(message)).length;
  const left =
    excluded === 0 ? '' : `, ${formatNumber(excluded, 9)} ${excluded === 1 ? 'is' : 'are'} excluded by a limit`;
  const front = designsWhere(result, (design) => result.front[design] === 1);
  return `${head}: ${meets}${left}${endsText(result, dimensions, front)}.${caveatSummary(result.caveats)}${statedSummary(result.statedInputs)}`;
}

function designsWhere(result: ExplorationResult, isWanted: (design: number) => boolean): readonly number[] {
  return Array.from({ length: result.count }, (_, design) => design).filter(isWanted);
}

/** The ends of the front: the best design in the second goal, and the best in the first. */
function endsText(result: ExplorationResult, dimensions: readonly Dimension[], front: readonly number[]): string {
  const goals = goalsOf(dimensions);
  const measured = front.filter((design) => goals.every((goal) => Number.isFinite(goal.value(result, design))));
  const [first, second] = goals;
  const [start] = measured;
  if (first === undefined || start === undefined)
    return result.tried < designsToTry(result.exploration, result.count)
      ? ''
      : '. No design has a value for every goal';
  // Of designs that are equal in one goal, the better one in the other goal.
  const best = (goal: Dimension, other: Dimension | undefined) =>
    measured.reduce((a, b) => {
      const [old, next] = [goal.value(result, a), goal.value(result, b)];
      if (old !== next) return isBetter(goal, next, old) ? b : a;
      return other !== undefined && isBetter(other, other.value(result, b), other.value(result, a)) ? b : a;
    }, start);
  const said = (design: number) =>
    `${designText(result, dimensions, design)} (${measuresText(result, dimensions, design)})`;
  const one = best(first, second);
  if (second === undefined) return `. The ${extreme(first.sense)} ${first.title} is at ${said(one)}`;
  const other = best(second, first);
  if (one === other)
    return `. ${capital(said(one))} is best in ${goals.length === 2 ? 'both goals' : 'the first two goals'}`;
  return `. The front runs from ${said(other)} to ${said(one)}`;
}

/** The values of the design as written, and whether another design is better. */
export function scatterFinding({ result, dimensions, scatter, order }: ExploreShown): string {
  const written = result.asWritten;
  const goals = [scatter.x, scatter.y].filter(({ kind }) => kind === 'goal');
  const measured = written >= 0 && goals.every((goal) => Number.isFinite(goal.value(result, written)));
  if (!measured) return 'Each point is a design. The line connects the designs that no other design beats.';
  const values = listed(goals.map((goal) => goal.text(goal.value(result, written))));
  let better = 0;
  for (const design of order) {
    const compared = goals.map((goal) => [goal, goal.value(result, design), goal.value(result, written)] as const);
    const worse = compared.some(([goal, own, reference]) => Number.isNaN(own) || isBetter(goal, reference, own));
    if (!worse && compared.some(([goal, own, reference]) => isBetter(goal, own, reference))) better++;
  }
  const which = `The design as written (${designText(result, dimensions, written)}) has ${values}`;
  const whose = better === 0 ? 'No other design is' : `${countText(better, 'design')} ${better === 1 ? 'is' : 'are'}`;
  return `${which}. ${whose} better${goals.length > 1 ? ' in one goal and not worse in the other' : ''}.`;
}

/** The best value of the heat map, and how much it changes along each axis. */
export function heatFinding(shown: ExploreShown): string {
  const { exploration, result, heat } = shown;
  const { across, down, measure, fixed } = heat;
  const choices = new Map<number, number>(fixed.map(({ axis, choice }) => [axis.index, choice]));
  const at = (column: number, row: number) => {
    choices.set(across.index, column);
    if (down !== undefined) choices.set(down.index, row);
    return measure.value(
      result,
      designAt(exploration, (axis) => choices.get(axis) ?? 0),
    );
  };
  const columns = valuesOf(exploration, across);
  const rows = down === undefined ? 1 : valuesOf(exploration, down);
  let best: { readonly column: number; readonly row: number; readonly value: number } | undefined;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const value = at(column, row);
      if (Number.isFinite(value) && (best === undefined || isBetter(measure, value, best.value)))
        best = { column, row, value };
    }
  }
  if (best === undefined) return `No design here has a value for ${measure.title}.`;
  const places = [across.text(best.column), ...(down === undefined ? [] : [down.text(best.row)])].join(', ');
  const moves = [
    { axis: across, spread: spread(columns, rows, (i, j) => at(i, j)) },
    ...(down === undefined ? [] : [{ axis: down, spread: spread(rows, columns, (i, j) => at(j, i)) }]),
  ];
  const head = `The ${extreme(measure.sense)} ${measure.title} is ${measure.text(best.value)}, at ${places}.`;
  // Too few designs were simulated to describe how the value changes.
  if (moves.every((move) => move.spread === null)) return head;
  const stays = (move: (typeof moves)[number]) => move.spread === null || shareOf(move.spread) < 0.0005;
  if (moves.every(stays)) return `${head} It is the same for all designs shown here.`;
  const said = moves.map((move) => {
    if (move.spread === null || stays(move)) return `not at all with ${move.axis.title}`;
    const { low, high } = move.spread;
    // A change from zero has no percentage.
    return low > 0
      ? `by up to ${formatPercent(shareOf(move.spread), 2)} with ${move.axis.title}`
      : `between ${measure.text(low)} and ${measure.text(high)} with ${move.axis.title}`;
  });
  return `${head} It changes ${listed(said)}.`;
}

function extreme(sense: Dimension['sense']): string {
  return sense === 'maximize' ? 'highest' : 'lowest';
}

interface Spread {
  readonly low: number;
  readonly high: number;
}

/** How far the highest value is above the lowest, as a fraction of the lowest; infinite if the lowest is zero. */
function shareOf({ low, high }: Spread): number {
  if (high === low) return 0;
  return low > 0 ? high / low - 1 : Number.POSITIVE_INFINITY;
}

/** The lowest and highest value along one direction, in the line where they differ most. null: no line has two known values. */
function spread(length: number, lines: number, at: (along: number, line: number) => number): Spread | null {
  let most: Spread | null = null;
  for (let line = 0; line < lines; line++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    let known = 0;
    for (let along = 0; along < length; along++) {
      const value = at(along, line);
      if (!Number.isFinite(value)) continue;
      known++;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    if (known < 2) continue;
    const own = { low, high };
    if (most === null || shareOf(own) > shareOf(most) || (shareOf(own) === shareOf(most) && high > most.high))
      most = own;
  }
  return most;
}
