export { type ChangedInput, changedInputs } from './changed-inputs.ts';
export {
  changeArrivals,
  changeBatch,
  changeBurst,
  changeChip,
  changeDuration,
  changeLimit,
  changeNpu,
  changeSteps,
  type LoadParameter,
  type PropertyTexts,
  type ServePlace,
} from './changes.ts';
export { type Completion, completionsAt } from './completion/index.ts';
export { shapeHints } from './hints.ts';
export { describeType, type Hover, hoverAt } from './hover.ts';
export { fileLinks } from './links.ts';
export { definitionAt, isName, referencesAt, renameConflict, targetAt } from './names.ts';
export { folds, type OutlineEntry, outline } from './outline.ts';
export * from './refactor/index.ts';
export { type Stretch, selectionsAt } from './selection.ts';
export { signatureAt } from './signature.ts';
export { statedNumbers } from './stated-numbers.ts';
export { semanticTokens, semanticTokenTypes } from './tokens.ts';
export { docComment, pathAt } from './tree.ts';
