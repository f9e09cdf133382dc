/*
 * What a suite in the extension host and the process that started it say to each other. Both sides import it, so that it must not
 * import anything that only one of them has.
 */

/** What a suite leaves in the file that the environment variable SUITE_RESULT names. */
export interface SuiteCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * Where SUITE_MARKED is set, each line of the report begins with this. The console of the extension host and VS Code's own log
 * leave by the same way, and would bury it.
 */
export const SUITE_MARK = 'suite| ';
