export { caveatFields } from './caveat-fields.ts';
export {
  type JournalOwner,
  journalExtension,
  journalHead,
  journalLine,
  readJournal,
} from './journal.ts';
export { readResults } from './read-results.ts';
export { resultsExtension, writeResults } from './write-results.ts';
