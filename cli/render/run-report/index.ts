import {
  addCaveats,
  type Caveat,
  formatSeconds,
  runVerdict,
  type ScenarioResult,
  type Verdict,
  verdictsWorstFirst,
} from '../../../design/index.ts';
import type { Look } from '../../terminal.ts';
import { caveatLines, statedLines } from '../caveats.ts';
import { verdictPaint } from '../paint.ts';
import { reportOf } from '../safe-lines.ts';
import { wrap } from '../text-width.ts';
import { countText } from '../value-text.ts';
import { chipSection } from './chip-section.ts';
import { comparison } from './comparison.ts';
import { serveSection } from './serve-section.ts';
import { joined, type Style, styleFor } from './style.ts';

/** The run of a scenario for people: first the verdicts, then their explanation. Ends with a newline. */
export function renderRunReport(result: ScenarioResult, look: Look): string {
  const style = styleFor(look);
  const { main } = result;
  const lines = [
    ...heading(result, style),
    ...main.serves.flatMap((serve) => ['', ...serveSection(serve, main, style)]),
    '',
    ...chipSection(main, style),
    ...(result.variants.length === 0 ? [] : ['', ...comparison(result, style)]),
    ...caveatLines(caveatsOf(result), style.width, style.paint),
    ...statedLines(statedOf(result), style.width, style.paint),
    '',
    ...conclusion(result, style),
  ];
  return reportOf(lines);
}

/** The caveats of the run and of its variants, each once. */
function caveatsOf({ main, variants }: ScenarioResult): readonly Caveat[] {
  const all = [...main.caveats];
  for (const { caveats } of variants) addCaveats(all, caveats);
  return all;
}

/** The stated inputs of the run and of its variants, each once. */
function statedOf({ main, variants }: ScenarioResult): readonly string[] {
  return [...new Set([main, ...variants].flatMap(({ statedInputs }) => statedInputs ?? []))];
}

function heading(result: ScenarioResult, style: Style): string[] {
  const { main } = result;
  const { paint } = style;
  // The chips of a language model share each step, so they have one timeline.
  const chips = Math.max(main.timeline.chips, main.serves[0]?.tokens?.chips ?? 1);
  const requests = main.serves.reduce((sum, serve) => sum + serve.counts.arrived, 0);
  const facts = [
    `${chips > 1 && main.kinds === undefined ? `${chips} x ` : ''}${main.npu}`,
    `scheduler ${main.scheduler}`,
    `seed ${main.seed}`,
    `${formatSeconds(main.seconds)} simulated`,
    `${countText(requests)} requests`,
  ];
  return [paint.bold(result.scenario), ...joined(facts, style, ', ').map((line) => paint.dim(line))];
}

function conclusion(result: ScenarioResult, style: Style): string[] {
  const outcomes = result.main.serves.flatMap((serve) => serve.slos);
  if (outcomes.length === 0) return [style.paint.dim(`${result.scenario} states no objective`)];
  const count = (verdict: Verdict): number => outcomes.filter((outcome) => outcome.verdict === verdict).length;
  const parts = verdictsWorstFirst.flatMap((verdict) => {
    const number = count(verdict);
    return number === 0 ? [] : [`${number} ${verdict}`];
  });
  const say = `${outcomes.length} objective${outcomes.length === 1 ? '' : 's'}: ${parts.join(', ')}`;
  const verdict = runVerdict(result.main);
  const paint = verdictPaint(style.paint, verdict);
  return wrap(say, style.width).map((line) => style.paint.bold(paint(line)));
}
