export { applyChanges, format, formatEdits, type TextChange } from './edits.ts';
