import { hoverAt, signatureAt } from '../../language/index.ts';
import { type Connection, type Hover, MarkupKind, type ServerCapabilities } from '../lsp.ts';
import { type FeatureContext, rangeOf, spotOf } from './context.ts';
import { costsBelow } from './costs.ts';
import { safeMarkdown } from './safe-markdown.ts';

export const hoverCapabilities: ServerCapabilities = {
  hoverProvider: true,
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
};

export function registerHover(connection: Connection, context: FeatureContext): void {
  connection.onHover(({ textDocument, position }): Hover | null => {
    const spot = spotOf(context, textDocument.uri, position);
    const hover = spot && hoverAt(spot.program, textDocument.uri, spot.offset);
    if (spot === undefined || hover === undefined) return null;
    const costs = hover.about === undefined ? '' : costsBelow(context, textDocument.uri, hover.about);
    return {
      contents: {
        kind: MarkupKind.Markdown,
        value: safeMarkdown(costs === '' ? hover.markdown : `${hover.markdown}\n\n${costs}`),
      },
      range: rangeOf(spot.file.lines, hover),
    };
  });

  connection.onSignatureHelp(({ textDocument, position }) => {
    const spot = spotOf(context, textDocument.uri, position);
    const signature = spot && signatureAt(spot.program, textDocument.uri, spot.offset);
    if (signature === undefined) return null;
    const { label, documentation, parameters, active } = signature;
    return {
      activeSignature: 0,
      activeParameter: active,
      signatures: [
        {
          label,
          documentation: { kind: MarkupKind.Markdown, value: safeMarkdown(documentation) },
          parameters: parameters.map((one) => ({
            label: one.label,
            documentation: { kind: MarkupKind.Markdown, value: safeMarkdown(one.documentation) },
          })),
        },
      ],
    };
  });
}
