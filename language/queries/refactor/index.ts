export { convertUnit, type UnitOffer } from './convert-unit.ts';
export { type Extraction, extractLet } from './extract-let.ts';
export { organizeImports } from './organize-imports.ts';
