export { convertUnit } from './convert-unit.ts';
export { extractLet } from './extract-let.ts';
export { organizeImports } from './organize-imports.ts';
