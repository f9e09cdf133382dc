export {
  changeArrivals,
  changeBatch,
  changeBurst,
  changeLimit,
  changeNpu,
  type LoadParameter,
  type PropertyTexts,
  type ServePlace,
} from './changes.ts';
export { type Completion, completionsAt } from './completion/index.ts';
export { type ShapeHint, shapeHints } from './hints.ts';
export { describeType, type Hover, hoverAt, layersAt } from './hover.ts';
export { type FileLink, fileLinks } from './links.ts';
export { definitionAt, factsAt, isName, referencesAt, renameConflict, type Target, targetAt } from './names.ts';
export { type Fold, folds, type OutlineEntry, outline } from './outline.ts';
export { type Stretch, selectionsAt } from './selection.ts';
export { type Signature, signatureAt } from './signature.ts';
export { type SemanticToken, type SemanticTokenType, semanticTokens, semanticTokenTypes } from './tokens.ts';
export { docComment, pathAt } from './tree.ts';
