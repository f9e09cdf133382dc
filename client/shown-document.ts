import type { RunState } from '../protocol/index.ts';

/**
 * The document whose results belong to the file in front. A file with scenarios shows its own. A file without them, such as a chip or a
 * file of the library, shows those of an open document that imports it: `shown` if it is one, else the one that changed last.
 */
export function shownDocument(front: string, states: Iterable<RunState>, shown: string | undefined): string {
  let users: readonly RunState[] = [];
  for (const state of states) {
    if (state.uri === front && hasOwnResults(state)) return front;
    if (state.uri !== front && hasScenarios(state) && state.imports.includes(front)) users = [...users, state];
  }
  if (shown !== undefined && users.some(({ uri }) => uri === shown)) return shown;
  const [newest] = users.toSorted((a, b) => b.sequence - a.sequence);
  return newest?.uri ?? front;
}

/** A file with errors may have scenarios. It shows its own state if it had results before, or if no other file shows the error. */
function hasOwnResults({ phase, hash }: RunState): boolean {
  return phase === 'rejected' ? hash !== null : phase !== 'empty';
}

function hasScenarios({ phase }: RunState): boolean {
  return phase !== 'empty';
}
