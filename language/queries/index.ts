export { type Completion, completionsAt } from './completion.ts';
export { type ShapeHint, shapeHints } from './hints.ts';
export { type Hover, hoverAt, layersAt } from './hover.ts';
export { definitionAt, factsAt, isName, referencesAt, type Target, targetAt } from './names.ts';
export { type Fold, folds, type OutlineEntry, outline } from './outline.ts';
export { type Signature, signatureAt } from './signature.ts';
export { type SemanticToken, type SemanticTokenType, semanticTokens, semanticTokenTypes } from './tokens.ts';
export { docComment, pathAt } from './tree.ts';
