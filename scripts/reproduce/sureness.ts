import type { Sureness } from './capacity.ts';
import type { ServingFindings } from './serving.ts';
import { nothing, percent, rps, table } from './text.ts';

/** From where it is met for sure to where it is violated for sure, as a fraction of the former; null where nothing is sure. */
function width(found: Sureness | null): number | null {
  return found === null || found.met === null ? null : found.violated / found.met - 1;
}

/** What the seed could change: between which loads the largest lies, at the scenarios' confidence. */
export function surenessTable(all: readonly ServingFindings[]): string {
  const cells = (found: Sureness | null) =>
    found === null
      ? ['none', 'none', nothing]
      : [found.met === null ? nothing : rps(found.met), rps(found.violated), percent(width(found), 0)];
  const widths = all
    .flatMap(({ sureness }) => [width(sureness.tpuv4i), width(sureness['on-chip'])])
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  const loads = 2 * all.length;
  return [
    `How sure it is, at 99 % confidence: *met*, the largest load that is within the objectives for sure; *violated*, the smallest that is not; *width*, how far apart they are. Half of the widths are at most ${percent(widths[Math.floor((widths.length - 1) / 2)] ?? null, 0)}, the widest is ${percent(widths.at(-1) ?? null, 0)}; of ${loads} loads ${loads - widths.length} have no sure load below them, down to half (–), mostly where a percentile of few requests decides.`,
    '',
    table(
      ['requests/s', 'TPUv4i: met', 'violated', 'width', 'on-chip: met', 'violated', 'width'],
      all.map(({ subject, sureness }) => [subject, ...cells(sureness.tpuv4i), ...cells(sureness['on-chip'])]),
    ),
  ].join('\n');
}
