export { applyChanges, formatEdits, type TextChange } from './edits.ts';
export { type FormatOptions, format } from './format.ts';
