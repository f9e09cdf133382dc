import type { Verdict } from './objective-outcome.ts';

/** The mark of each verdict, the same in editor, panel and terminal. Colour only repeats it. */
export const verdictMarks: Readonly<Record<Verdict, string>> = { met: '✓', violated: '✗', undecided: '?' };

/** The mark in place of a verdict where there are no objectives. */
export const noVerdictMark = '–';

/** All verdicts, the worst first. */
export const verdictsWorstFirst = ['violated', 'undecided', 'met'] as const satisfies readonly Verdict[];

/** The verdict of several objectives together: the worst one counts. `met` if there are none. */
export function worstVerdict(verdicts: readonly Verdict[]): Verdict {
  return verdictsWorstFirst.find((verdict) => verdicts.includes(verdict)) ?? 'met';
}

/** The part of a result that has verdicts: those of a ServeResult, for example. */
interface WithVerdicts {
  readonly slos: readonly { readonly verdict: Verdict }[];
}

/** The verdict of a served network: the worst of its objectives. */
export function serveVerdict(serve: WithVerdicts): Verdict {
  return worstVerdict(serve.slos.map(({ verdict }) => verdict));
}

/** The verdict of a run: the worst of all its objectives. */
export function runVerdict(run: { readonly serves: readonly WithVerdicts[] }): Verdict {
  return worstVerdict(run.serves.map(serveVerdict));
}
