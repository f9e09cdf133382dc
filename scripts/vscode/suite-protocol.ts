/*
 * The messages between a suite in the extension host and the process that started it. Both sides import this file, so
 * it must not import anything that only one of them has.
 */

/** The content of the file that the environment variable SUITE_RESULT names. */
export interface SuiteCounts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/**
 * If SUITE_MARKED is set, each line of the report starts with this mark. The console of the extension host and VS
 * Code's own log use the same output and would hide the report.
 */
export const SUITE_MARK = 'suite| ';
