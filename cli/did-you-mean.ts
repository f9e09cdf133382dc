/** Edits between two words: insert, delete, replace, swap neighbours (optimal string alignment). */
function distance(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, (beforeLast[j - 2] ?? 0) + 1);
      }
      row.push(best);
    }
    beforeLast = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

/** The candidate that was probably meant: at most a third of the word wrong, or a word that it begins; undefined where none is near. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const written = word.toLowerCase();
  let best: string | undefined;
  // A word of one letter is never a slip for another one.
  let bestDistance = Math.min(Math.max(1, Math.floor(written.length / 3)), written.length - 1) + 1;
  for (const candidate of candidates) {
    const far = distance(written, candidate.toLowerCase());
    if (far < bestDistance) {
      best = candidate;
      bestDistance = far;
    }
  }
  if (best === undefined && written.length >= 2) {
    return candidates.find((candidate) => candidate.toLowerCase().startsWith(written));
  }
  return best;
}

/** "; did you mean 'check'?", or nothing. */
export function didYouMean(word: string, candidates: readonly string[], mark = ''): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `; did you mean '${mark}${meant}'?`;
}
