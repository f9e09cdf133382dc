export { caveatFields } from './caveat-fields.ts';
export { readResults } from './read-results.ts';
export { resultsExtension, writeResults } from './write-results.ts';
