import type { Connection, ServerCapabilities } from 'vscode-languageserver/node';
import type { SimulatedFixes } from '../fixes/simulated-fixes.ts';
import { codeActionCapabilities, registerCodeActions } from './code-actions.ts';
import { codeLensCapabilities, registerCodeLens } from './code-lens.ts';
import { completionCapabilities, registerCompletion } from './completion.ts';
import type { FeatureContext } from './context.ts';
import { registerFileRenames } from './file-renames.ts';
import { formattingCapabilities, registerFormatting } from './formatting.ts';
import { hoverCapabilities, registerHover } from './hover.ts';
import { inlayHintCapabilities, registerInlayHints } from './inlay-hints.ts';
import { nameCapabilities, registerNames } from './names.ts';
import { outlineCapabilities, registerOutline } from './outline.ts';
import { registerSemanticTokens, semanticTokenCapabilities } from './semantic-tokens.ts';

export type { ClientFacts, FeatureContext, KnownResults } from './context.ts';
export { fileFilters } from './file-renames.ts';

/** What the server answers, beside text, diagnostics and runs. */
export const featureCapabilities: ServerCapabilities = {
  ...completionCapabilities,
  ...hoverCapabilities,
  ...nameCapabilities,
  ...outlineCapabilities,
  ...semanticTokenCapabilities,
  ...inlayHintCapabilities,
  ...codeLensCapabilities,
  ...codeActionCapabilities,
  ...formattingCapabilities,
};

/** Answers the language's questions. The returned function forgets what was kept for a document. */
export function registerFeatures(
  connection: Connection,
  context: FeatureContext,
  simulated: SimulatedFixes,
): (uri: string) => void {
  registerCompletion(connection, context);
  registerHover(connection, context);
  registerNames(connection, context);
  registerFileRenames(connection, context);
  registerOutline(connection, context);
  registerInlayHints(connection, context);
  registerCodeLens(connection, context);
  registerCodeActions(connection, context, simulated);
  registerFormatting(connection, context);
  const tokens = registerSemanticTokens(connection, context);
  return (uri) => tokens.forget(uri);
}
