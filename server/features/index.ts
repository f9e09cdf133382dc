import type { ServerCapabilities } from 'vscode-languageserver/node';
import { codeActions } from './code-actions.ts';
import { codeLenses } from './code-lens.ts';
import { completion } from './completion.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { fileRenames } from './file-renames.ts';
import { formatting } from './formatting.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { names } from './names.ts';
import { outlineFeature } from './outline.ts';
import { semanticTokenFeature } from './semantic-tokens.ts';

export type { ClientFacts, FeatureContext, KnownResults } from './context.ts';
export { fileFilters } from './file-renames.ts';

/** Every language feature. This is the only list: it gives both the capabilities and the handlers. */
const features: readonly Feature[] = [
  completion,
  hover,
  names,
  fileRenames,
  outlineFeature,
  semanticTokenFeature,
  inlayHints,
  codeLenses,
  codeActions,
  formatting,
];

/** What the server announces, besides text synchronization, diagnostics and runs. */
export const featureCapabilities: ServerCapabilities = Object.assign({}, ...features.map((each) => each.capabilities));

/** Registers the handlers of all features. Call the returned function when the client closes a document. */
export function registerFeatures(parts: Omit<FeatureParts, 'onClosed'>): (uri: string) => void {
  const forgets: ((uri: string) => void)[] = [];
  const onClosed: FeatureParts['onClosed'] = (forget) => forgets.push(forget);
  for (const feature of features) feature.register({ ...parts, onClosed });
  return (uri) => {
    for (const forget of forgets) forget(uri);
  };
}
