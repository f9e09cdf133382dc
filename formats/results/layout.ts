/*
 * The layout of a results file in JSON lines. The first line describes the plan and the part of it in this file. Each further line is the
 * row of one design, flat and numeric, so that pandas or DuckDB can read it as a table. The last line has the number of rows and a digest
 * of all lines before it. A file without its last line was cut off.
 */

export const formatName = 'stimpack-results';

/** The format of the journal of a run in progress. */
export const journalName = 'stimpack-journal';

/** Increases with each change that would make an older program misread a file. */
export const resultsSchemaVersion = 3;

/** The key of an axis value as the design writes it. The path alone is the key of the number. */
export const writtenKey = (path: string): string => `${path} (as written)`;
