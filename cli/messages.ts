/**
 * Codes of problems without a place in a file. They do not change between versions, as the codes of diagnostics, because scripts may
 * use them. A problem of the design has a place and is a diagnostic.
 */
export type ComplaintCode =
  /** A command, an option or its value is wrong. */
  | 'usage'
  | 'no-such-file'
  /** A directory or a device. */
  | 'not-a-file'
  | 'unreadable-file'
  /** A binary file, or one that is not UTF-8. */
  | 'not-text'
  /** Not a format that `import` reads. */
  | 'unknown-format'
  | 'cannot-write'
  | 'unknown-scenario'
  | 'unknown-model'
  | 'unknown-npu'
  | 'unknown-exploration'
  /** `--set` names no `let` of the design. */
  | 'unknown-setting'
  /** A pattern or a folder without a .npu file. */
  | 'no-match'
  /** The chip has no burst mode, but the command needs it. */
  | 'no-burst-mode'
  /** A capacity search needs an objective. */
  | 'no-objective'
  /** A directory without results. */
  | 'no-exploration'
  /** A results file that is damaged, or disagrees with another one about a design. */
  | 'damaged-part'
  /** Results of more than one exploration. */
  | 'different-explorations'
  /** The scheduler of a cluster is not there, or rejected a job. */
  | 'no-scheduler'
  /** Elements of an array job ended without their results. */
  | 'failed-shards'
  /** A file that is in no git repository, or there is no git. */
  | 'no-repository'
  /** A revision that does not exist. */
  | 'unknown-revision'
  /** The user stopped the work before its end. */
  | 'stopped'
  /** A bug in Stimpack. */
  | 'internal-error';
