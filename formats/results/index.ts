export { type CaveatFields, caveatFields, readCaveat } from './caveat-fields.ts';
export { type ReadResults, readResults } from './read-results.ts';
export { resultsExtension, writeResults } from './write-results.ts';
