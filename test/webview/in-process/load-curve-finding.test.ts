import { expect, test } from 'vitest';
import type { LoadLine, LoadPoint, Verdict } from '../../../protocol/index.ts';
import { loadCurveFinding } from '../../../webview/text/load-curve-finding.ts';

const verdicts: Readonly<Record<string, Verdict>> = { m: 'met', u: 'undecided', v: 'violated' };

/** Loads of 500, 1,000, 1,500 ... rps, of which 1,100 rps are written. What arrives is a tenth more. */
function line(letters: string): LoadLine {
  const points = [...letters].map((letter, i) => {
    const factor = (500 * (i + 1)) / 1100;
    return { factor, offeredRps: 550 * (i + 1), verdict: verdicts[letter] } as LoadPoint;
  });
  return { points, knee: -1 } as unknown as LoadLine;
}

test.each([
  [
    'mmuv',
    'All objectives are met up to 1,100 rps (0.909x the load as written); at 1,650 rps (1.36x the load as written), the next simulated load, one is undecided.',
  ],
  [
    'mv',
    'All objectives are met up to 550 rps (0.455x the load as written); at 1,100 rps (0.909x the load as written), the next simulated load, one is violated.',
  ],
  ['mm', 'All objectives are met up to 1,100 rps (0.909x the load as written).'],
  // A goodput that few requests cannot reach.
  [
    'vmv',
    'All objectives are met up to 1,100 rps (0.909x the load as written); at 550 rps (0.455x the load as written) and perhaps less, one is violated; at 1,650 rps (1.36x the load as written), the next simulated load, one is violated.',
  ],
  ['vv', 'No simulated load meets all objectives.'],
  // A caveat, or too short a run: the search for a capacity does not call these loads violated either.
  [
    'uuv',
    'At the smallest loads, an objective is undecided; one is violated at 1,650 rps (1.36x the load as written).',
  ],
  ['uu', 'At the smallest loads, an objective is undecided; none is violated.'],
])('loads with the verdicts %s', (letters, text) => {
  expect(loadCurveFinding([line(letters)], 0.015, 'p99 latency')).toBe(text);
});
