import { editDistance } from '../design/index.ts';

/**
 * The candidate that is most similar to the written name, or undefined if none is similar. Case is ignored. A swap of two adjacent letters
 * counts once (optimal string alignment distance). At most a third of the letters may differ.
 */
export function suggest(written: string, candidates: readonly string[]): string | undefined {
  if (written.length > 64) return undefined;
  const wanted = written.toLowerCase();
  const limit = wanted.length < 2 ? 0 : Math.max(1, Math.floor(wanted.length / 3));
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === written || Math.abs(candidate.length - written.length) > limit) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    // Of two equally similar candidates, prefer the one that starts with the written name: `tpuv4i` before `tpuv3` for `tpuv4`.
    const continues = distance === bestDistance && distance <= limit && candidate.toLowerCase().startsWith(wanted);
    if (distance < bestDistance || continues) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best ?? prefixed(wanted, candidates);
}

/** Completes a shortened word ("freq" for "frequency") if only one candidate starts with it. */
function prefixed(wanted: string, candidates: readonly string[]): string | undefined {
  if (wanted.length < 3) return undefined;
  const continued = candidates.filter((one) => one.length > wanted.length && one.toLowerCase().startsWith(wanted));
  return continued.length === 1 ? continued[0] : undefined;
}
