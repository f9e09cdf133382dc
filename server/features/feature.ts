import type { SimulatedFixes } from '../fixes/simulated-fixes.ts';
import type { Connection, ServerCapabilities } from '../lsp.ts';
import type { FeatureContext } from './context.ts';

/** What the handlers of a feature use. */
export interface FeatureParts {
  readonly connection: Connection;
  readonly context: FeatureContext;
  readonly simulated: SimulatedFixes;
  /** Calls `forget` with the URI of each document that the client closes. */
  onClosed(forget: (uri: string) => void): void;
}

/** One group of LSP requests: what the server announces to the client, and the handlers that answer it. */
export interface Feature {
  readonly capabilities: ServerCapabilities;
  register(parts: FeatureParts): void;
}
