import { editDistance } from '../design/index.ts';

/**
 * The candidate that the user probably meant: at most a third of the letters are wrong, or `word` is its beginning. Undefined if there is
 * none.
 */
function nearest(word: string, candidates: readonly string[]): string | undefined {
  const written = word.toLowerCase();
  let best: string | undefined;
  // A word of one letter is never a typing error for another one.
  let bestDistance = Math.min(Math.max(1, Math.floor(written.length / 3)), written.length - 1) + 1;
  for (const candidate of candidates) {
    const far = editDistance(written, candidate.toLowerCase());
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

/** "; did you mean 'check'?", or an empty string. */
export function didYouMean(word: string, candidates: readonly string[], mark = ''): string {
  const meant = nearest(word, candidates);
  return meant === undefined ? '' : `; did you mean '${mark}${meant}'?`;
}
