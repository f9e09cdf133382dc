import { type Program, withText } from '../language/index.ts';

/** A check of one document, and the files that it requested, found or not. */
export interface Compiled {
  /** If it is not current, its text may be newer than the checked one. */
  program: Program;
  /** The last check with every imported text. The next check reuses what did not change. */
  checked: Program | undefined;
  readonly reads: ReadonlySet<string>;
  /** False if a file changed since. The next check then reuses what did not change. */
  isCurrent: boolean;
  /** Settles when the files that the check requested have been read and the check can be repeated. */
  readonly loading: Promise<void> | undefined;
  /** True if texts are among these files. */
  isTextLoading: boolean;
}

/**
 * The program to use while imported texts are read: the new text, with the names of the last complete check.
 */
export function programMeanwhile(pending: Program, known: Compiled | undefined): Program {
  const text = pending.files.get(pending.uri)?.text;
  if (known?.checked === undefined || text === undefined) return pending;
  return withText(known.checked, pending.uri, text);
}
