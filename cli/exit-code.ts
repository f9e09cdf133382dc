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
  /** Stopped by Ctrl-C, by a process manager, by the end of its terminal: 128 and the signal's number, as shells count. */
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
