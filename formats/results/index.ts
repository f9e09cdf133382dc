export { caveatFields, readCaveat } from './caveat-fields.ts';
export { contradictions } from './contradictions.ts';
export {
  type JournalOwner,
  journalExtension,
  journalHead,
  journalLine,
  readJournal,
} from './journal.ts';
export { type Claim, readResults } from './read-results.ts';
export { resultLines, resultsExtension } from './write-results.ts';
