export { importTargets } from './check/import-target.ts';
export { applyChanges, format, formatEdits, type TextChange } from './format/index.ts';
export type { LanguageHost, TreeStore } from './host.ts';
export { limits } from './limits.ts';
export { compile, type Program, type SourceFile, withText } from './program.ts';
export * from './queries/index.ts';
export * from './schema/index.ts';
export * from './syntax/index.ts';
export {
  joinedUnits,
  unitTable,
} from './units/index.ts';
export { decodeSegment, normalUri, relativePath } from './uri.ts';
