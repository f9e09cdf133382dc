import { shapeHints } from '../../language/index.ts';
import { type InlayHint, InlayHintKind } from '../lsp.ts';
import { fileOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';
import { objectiveHint } from './objective-hint.ts';

/**
 * Shows the output shape after each layer. After each objective, shows the measured value and whether it still applies.
 */
export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register: registerInlayHints,
};

function registerInlayHints({ connection, context }: FeatureParts): void {
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }): InlayHint[] => {
    const found = fileOf(context, uri);
    if (found === undefined || !context.settings().inlayHints) return [];
    const { program, file } = found;
    const { lines } = file;
    const from = lines.offsetAt(range.start);
    const to = lines.offsetAt(range.end);
    const hint = (offset: number, label: string, tooltip: string): InlayHint => ({
      position: lines.positionAt(offset),
      label,
      kind: InlayHintKind.Type,
      paddingLeft: true,
      tooltip,
    });
    const shapes = shapeHints(program, uri, from, to).map(({ offset, text }) =>
      hint(offset, text, 'The shape that this layer makes'),
    );
    const known = context.results(uri);
    // A deleted objective has no place for a hint.
    const standing = new Set(
      program.design.scenarios.flatMap(({ serves }) =>
        serves.flatMap(({ slos }) => slos.map((slo) => slo.origin.start)),
      ),
    );
    const measured = (known?.results ?? [])
      .flatMap(({ main }) =>
        main.serves.flatMap(({ name, slos }) =>
          slos.map((outcome) => ({ outcome, serve: name, caveats: main.caveats })),
        ),
      )
      .filter(({ outcome: { slo } }) => standing.has(slo.origin.start))
      .filter(({ outcome: { slo } }) => slo.origin.uri === uri && slo.origin.end >= from && slo.origin.end <= to)
      .map(({ outcome, serve, caveats }) => {
        const { label, tooltip } = objectiveHint(outcome, serve, caveats, known?.phase ?? 'stale');
        return hint(outcome.slo.origin.end, label, tooltip);
      });
    return [...shapes, ...measured];
  });
}
