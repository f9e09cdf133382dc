import { hoverAt, signatureAt } from '../../language/index.ts';
import type { Hover } from '../lsp.ts';
import { rangeOf, spotOf } from './context.ts';
import { costsBelow } from './costs.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { markup } from './markup.ts';

export const hover: Feature = {
  capabilities: {
    hoverProvider: true,
    signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [':'] },
  },
  register: registerHover,
};

function registerHover({ connection, context }: FeatureParts): void {
  connection.onHover(({ textDocument, position }): Hover | null => {
    const spot = spotOf(context, textDocument.uri, position);
    const hover = spot && hoverAt(spot.program, textDocument.uri, spot.offset);
    if (spot === undefined || hover === undefined) return null;
    const costs = hover.about === undefined ? '' : costsBelow(context, textDocument.uri, hover.about);
    return {
      contents: markup(
        costs === '' ? hover.markdown : `${hover.markdown}\n\n${costs}`,
        context.client().markdown.hover,
      ),
      range: rangeOf(spot.file.lines, hover),
    };
  });

  connection.onSignatureHelp(({ textDocument, position }) => {
    const spot = spotOf(context, textDocument.uri, position);
    const signature = spot && signatureAt(spot.program, textDocument.uri, spot.offset);
    if (signature === undefined) return null;
    const { label, documentation, parameters, active } = signature;
    const markdown = context.client().markdown.signature;
    return {
      activeSignature: 0,
      activeParameter: active,
      signatures: [
        {
          label,
          documentation: markup(documentation, markdown),
          parameters: parameters.map((one) => ({
            label: one.label,
            documentation: markup(one.documentation, markdown),
          })),
        },
      ],
    };
  });
}
