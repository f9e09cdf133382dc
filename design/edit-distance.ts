/**
 * How many edits lead from one word to another: insert, delete or replace a letter, or swap two neighbours (optimal string alignment distance).
 * `most`: a distance above it may be returned as any larger number, so that different words are compared quickly.
 */
export function editDistance(left: string, right: string, most = Number.POSITIVE_INFINITY): number {
  let same = 0;
  while (same < left.length && left[same] === right[same]) same++;
  const [a, b] = [left.slice(same), right.slice(same)];
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  let lastLeast = 0;
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
      if (best < least) least = best;
    }
    // Each cell of a later row is at least the least cell of this row, or one more than that of the row before.
    if (least > most && lastLeast >= most) return Number.POSITIVE_INFINITY;
    lastLeast = least;
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
