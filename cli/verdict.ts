import type { RunResult, Verdict } from '../design/index.ts';

/** One word for a run: violated if any SLO is, else undecided if any is; met where there is none to miss. */
export function verdictOf(run: RunResult): Verdict {
  const verdicts = run.serves.flatMap((serve) => serve.slos.map((outcome) => outcome.verdict));
  if (verdicts.includes('violated')) return 'violated';
  return verdicts.includes('undecided') ? 'undecided' : 'met';
}
