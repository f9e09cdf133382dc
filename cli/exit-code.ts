/** The exit codes for scripts. They are stable and documented in docs/cli.md. */
export const exitCodes = {
  /** Success: every objective is met. */
  ok: 0,
  /** An objective is violated or undecided, no design meets all objectives, or `fmt --check` found a file that is not formatted. */
  unmet: 1,
  /** Bad input or usage. */
  badInput: 2,
  /** A bug in Stimpack. */
  bug: 3,
  /** Stopped by Ctrl-C, by a process manager, or by the end of the terminal: 128 plus the number of the signal, as in shells. */
  interrupted: 130,
  terminated: 143,
  hungUp: 129,
  /** Stopped because the program that read standard output has ended (`| head`), as SIGPIPE ends other programs. */
  readerLeft: 141,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
