export { applyChanges, format, formatEdits, type TextChange } from './edits.ts';
export type { FormatOptions } from './format.ts';
