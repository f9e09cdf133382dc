import type { SearchResult } from './space.ts';

/** Whether a result beats another one: a smaller penalty first, then at least as good in each goal and better in one. */
function beats(a: SearchResult, b: SearchResult): boolean {
  if (a.penalty !== b.penalty) return a.penalty < b.penalty;
  let isBetter = false;
  for (const [goal, cost] of a.costs.entries()) {
    const other = b.costs[goal] ?? 0;
    if (cost > other) return false;
    if (cost < other) isBetter = true;
  }
  return isBetter;
}

/** For each result: 0 in the Pareto front, 1 in the front without those, and so on. */
export function ranksOf(results: readonly SearchResult[]): readonly number[] {
  const ranks = results.map(() => -1);
  const beatenBy = results.map(() => 0);
  const beaten: number[][] = results.map(() => []);
  for (const [a, one] of results.entries()) {
    for (const [b, other] of results.entries()) {
      if (!beats(one, other)) continue;
      beaten[a]?.push(b);
      beatenBy[b] = (beatenBy[b] ?? 0) + 1;
    }
  }
  let front = [...results.keys()].filter((at) => beatenBy[at] === 0);
  for (let rank = 0; front.length > 0; rank++) {
    const next: number[] = [];
    for (const at of front) {
      ranks[at] = rank;
      for (const other of beaten[at] ?? []) {
        beatenBy[other] = (beatenBy[other] ?? 0) - 1;
        if (beatenBy[other] === 0) next.push(other);
      }
    }
    front = next;
  }
  return ranks;
}

/** For each result: how far its neighbours of the same rank are, as a sum over the goals of the share of their range. Infinity at the ends. */
export function crowdingOf(costs: readonly (readonly number[])[], ranks: readonly number[]): readonly number[] {
  const crowding = costs.map(() => 0);
  const goals = costs[0]?.length ?? 0;
  for (let rank = 0; rank <= Math.max(-1, ...ranks); rank++) {
    const members = [...ranks.keys()].filter((at) => ranks[at] === rank);
    for (let goal = 0; goal < goals; goal++) {
      const cost = (at: number): number => costs[at]?.[goal] ?? 0;
      const sorted = members.toSorted((a, b) => cost(a) - cost(b) || a - b);
      const [first, last] = [sorted[0], sorted.at(-1)];
      if (first === undefined || last === undefined) continue;
      const range = cost(last) - cost(first);
      for (const [place, at] of sorted.entries()) {
        const [before, after] = [sorted[place - 1], sorted[place + 1]];
        const isEnd = before === undefined || after === undefined;
        if (isEnd) crowding[at] = Number.POSITIVE_INFINITY;
        else if (range > 0) crowding[at] = (crowding[at] ?? 0) + (cost(after) - cost(before)) / range;
      }
    }
  }
  return crowding;
}
