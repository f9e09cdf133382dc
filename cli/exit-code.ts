/** What a script reads. Stable: documented in docs/cli.md. */
export const exitCodes = {
  /** Done; every SLO met. */
  ok: 0,
  /** An SLO violated or undecided; no design that meets all; or, in `fmt --check`, a file that is not formatted. */
  unmet: 1,
  /** Bad input or usage. */
  badInput: 2,
  /** Ours. */
  bug: 3,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
