import {
  caveatRemark,
  comparedTexts,
  type SloOutcome,
  sloDistance,
  undecidedText,
  verdictMarks,
} from '../../design/index.ts';
import { shapeHints } from '../../language/index.ts';
import type { RunPhase } from '../../protocol/index.ts';
import { type InlayHint, InlayHintKind } from '../lsp.ts';
import { fileOf } from './context.ts';
import type { Feature, FeatureParts } from './feature.ts';

/** Shapes behind layers; behind each objective what was measured, and whether that still holds. */
export const inlayHints: Feature = {
  capabilities: { inlayHintProvider: true },
  register: registerInlayHints,
};

function registerInlayHints({ connection, context }: FeatureParts): void {
  connection.languages.inlayHint.on(({ textDocument: { uri }, range }): InlayHint[] => {
    const found = fileOf(context, uri);
    if (found === undefined) return [];
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
    // An objective that is no more leaves nothing behind it to stand beside.
    const standing = new Set(
      program.design.scenarios.flatMap(({ serves }) =>
        serves.flatMap(({ slos }) => slos.map((slo) => slo.origin.start)),
      ),
    );
    const measured = (known?.results ?? [])
      .flatMap(({ main }) =>
        main.serves.flatMap(({ name, slos }) =>
          slos.map((outcome) => ({ outcome, remark: caveatRemark(outcome, name, main.caveats) })),
        ),
      )
      .filter(({ outcome: { slo } }) => standing.has(slo.origin.start))
      .filter(({ outcome: { slo } }) => slo.origin.uri === uri && slo.origin.end >= from && slo.origin.end <= to)
      .map(({ outcome, remark }) => {
        const phase = known?.phase ?? 'stale';
        return hint(outcome.slo.origin.end, measuredText(outcome, phase), tooltipOf(outcome, remark, phase));
      });
    return [...shapes, ...measured];
  });
}

/** "14.2 ms ✓", and where the text has changed since "14.2 ms, before this edit". */
function measuredText(outcome: SloOutcome, phase: RunPhase): string {
  const { measured } = comparedTexts(outcome);
  if (phase !== 'fresh') return phase === 'running' ? `${measured}, simulating` : `${measured}, before this edit`;
  switch (outcome.verdict) {
    case 'met':
      return `${measured} ${verdictMarks.met}`;
    case 'violated':
      return `${measured} ${verdictMarks.violated}`;
    case 'undecided':
      return `${measured}, undecided${outcome.open === undefined ? '' : ': see its caveats'}`;
  }
}

function tooltipOf(outcome: SloOutcome, remark: string, phase: RunPhase): string {
  const age = phase === 'fresh' ? 'Measured' : 'Measured before the last change';
  const why = outcome.verdict === 'undecided' ? `: ${undecidedText(outcome)}` : '';
  return `${age}: ${sloDistance(outcome)}, ${outcome.verdict}${why}.${remark}`;
}
