/*
 * The layout of a results file: JSON lines. The first line describes the plan and the part of it; each further line is the row of one design, flat
 * and numeric, so that pandas or DuckDB read it as a table; the last line has the number of rows and a digest of all lines before it. A file
 * without its last line was cut off.
 */

export const formatName = 'stimpack-results';

/** Increases with every change after which an older program would misread a file. */
export const resultsSchemaVersion = 2;

/** The key of an axis value as it is written in the design; the path alone is the key of the number. */
export const writtenKey = (path: string): string => `${path} (as written)`;
