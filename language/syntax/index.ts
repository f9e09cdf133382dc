export { displayText } from './display.ts';
export { lineBreakOf } from './line-break.ts';
export { LineIndex } from './line-index.ts';
export * from './nodes.ts';
export { parse, type SyntaxTree } from './parser.ts';
export * from './tokens.ts';
