import type { EncodedColumns } from '../protocol/index.ts';
import { changeName } from './change-name.ts';

/** A run as it is kept: with its text. */
export interface KeptRun {
  readonly id: string;
  readonly atMilliseconds: number;
  readonly name: string;
  readonly isStarred: boolean;
  readonly text: string;
  readonly figures: EncodedColumns;
  /** The full hash, if it is a run of a git revision. Its imports are those of the revision as well. */
  readonly commit?: string;
}

/** The runs of one document, the newest first, then its revisions. */
export type HistoryList = readonly KeptRun[];

/** Our assumptions: a list that a person can survey, and about a megabyte for each document. */
const mostRuns = 20;
const mostCharacters = 1_000_000;

/** Runs that follow each other faster than this belong to one change, such as a number that is dragged. Our assumption. */
const oneChangeMilliseconds = 2000;

export type NewRun = Pick<KeptRun, 'atMilliseconds' | 'text' | 'figures'>;

/** The list with a run that has ended. A text that is in the list already gets its new figures and moves to the front. */
export function withRun(all: HistoryList, run: NewRun): HistoryList {
  // A revision may have the same text with other imports.
  const revisions = all.filter(isRevision);
  return bounded([
    ...withOwnRun(
      all.filter((each) => !isRevision(each)),
      run,
    ),
    ...revisions,
  ]);
}

/** The list with the run of a revision. It has a star, because the oldest runs are removed first. */
export function withRevision(list: HistoryList, name: string, run: NewRun, commit: string): HistoryList {
  const id = revisionId(commit);
  return bounded([...without(list, id), { ...run, id, name, isStarred: true, commit }]);
}

export function revisionId(commit: string): string {
  return `git-${commit}`;
}

function isRevision({ commit }: KeptRun): boolean {
  return commit !== undefined;
}

function withOwnRun(list: HistoryList, run: NewRun): HistoryList {
  const [newest] = list;
  if (newest?.text === run.text) return [{ ...newest, figures: run.figures }, ...list.slice(1)];
  const known = list.find(({ text }) => text === run.text);
  if (known !== undefined) return [{ ...known, ...run }, ...list.filter((other) => other !== known)];
  const continues =
    newest !== undefined && !newest.isStarred && run.atMilliseconds - newest.atMilliseconds < oneChangeMilliseconds;
  const earlier = continues ? list.slice(1) : list;
  const before = earlier[0];
  const name = before === undefined ? 'first run' : changeName(before.text, run.text);
  const id = `${run.atMilliseconds.toString(36)}-${run.text.length.toString(36)}`;
  return [{ ...run, id, name, isStarred: false }, ...earlier];
}

/** Removes the oldest runs without a star, then the oldest ones, but never the newest. */
function bounded(list: HistoryList): HistoryList {
  const size = ({ text, figures }: KeptRun): number =>
    text.length + figures.columnsBase64.length + JSON.stringify(figures.tree).length;
  let kept = list;
  while (
    kept.length > 1 &&
    (kept.length > mostRuns || kept.reduce((sum, run) => sum + size(run), 0) > mostCharacters)
  ) {
    const place = kept.findLastIndex(({ isStarred }, i) => i > 0 && !isStarred);
    kept = kept.toSpliced(place > 0 ? place : kept.length - 1, 1);
  }
  return kept;
}

export function withStar(list: HistoryList, id: string): HistoryList {
  return list.map((run) => (run.id === id ? { ...run, isStarred: !run.isStarred } : run));
}

export function without(list: HistoryList, id: string): HistoryList {
  return list.filter((run) => run.id !== id);
}

/** Reads a saved list. Entries that another version wrote are dropped. */
export function parseHistory(value: unknown): HistoryList {
  if (!Array.isArray(value)) return [];
  return value.filter((entry: unknown): entry is KeptRun => {
    const run = entry as Partial<KeptRun> | null;
    return (
      typeof run === 'object' &&
      typeof run?.id === 'string' &&
      typeof run.name === 'string' &&
      typeof run.text === 'string' &&
      typeof run.atMilliseconds === 'number' &&
      typeof run.isStarred === 'boolean' &&
      typeof run.figures?.columnsBase64 === 'string'
    );
  });
}
