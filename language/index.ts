export type { Declaration, Fact } from './check/checked-file.ts';
export { applyChanges, type FormatOptions, format, formatEdits, type TextChange } from './format/index.ts';
export type { LanguageHost } from './host.ts';
export { type LibraryDeclaration, type LibraryHost, libraryDeclarations } from './library.ts';
export { compile, type DesignCheck, type Program, type SourceFile, withText } from './program.ts';
export * from './queries/index.ts';
export * from './schema/index.ts';
export * from './syntax/index.ts';
export {
  type Dimension,
  type DimensionName,
  dimensions,
  dimensionWords,
  formatQuantity,
  joinedUnits,
  unitTable,
} from './units/index.ts';
export { decodeSegment, normalUri, relativePath } from './uri.ts';
