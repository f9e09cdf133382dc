import type { ServingFindings } from './serving.ts';
import type { StatedLoad } from './stated-load.ts';
import { factor, list, nothing, percent, rps, table } from './text.ts';

/**
 * The distance from the load that is met to the load that is violated, as a fraction of the former. Null if one of them
 * is not known.
 */
function width({ metRps, violatedRps }: StatedLoad): number | null {
  return metRps === null || violatedRps === null ? null : violatedRps / metRps - 1;
}

/** The median width and the largest width; null if there is none. */
export function widths(all: readonly ServingFindings[]): {
  readonly half: number | null;
  readonly widest: number | null;
} {
  const known = all
    .flatMap(({ load }) => [width(load.tpuv4i), width(load['on-chip'])])
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  return { half: known[Math.floor((known.length - 1) / 2)] ?? null, widest: known.at(-1) ?? null };
}

/** The intervals of the largest loads, and the paired gain, at the scenarios' confidence. */
export function confidenceTable(all: readonly ServingFindings[], confidence: number): string {
  const optional = (value: number | null) => (value === null ? nothing : rps(value));
  const cells = (found: StatedLoad) => [
    optional(found.metRps),
    optional(found.violatedRps),
    percent(width(found)),
    rps(found.saturationRps),
  ];
  const { half, widest } = widths(all);
  const unknown = all.flatMap(({ subject, load }) =>
    load.tpuv4i.metRps === null || load['on-chip'].metRps === null ? [subject] : [],
  );
  const surely = all.flatMap(({ subject, gain }) => (gain !== null && gain.low > 1 ? [subject] : []));
  return [
    `The intervals of the largest loads at ${percent(confidence, 0)} confidence. *met*: the largest load at which every objective is met. *violated*: the smallest load at which one is violated. *width*: the distance between the two. *saturation*: no schedule can complete more. *gain*: on-chip’s load divided by TPUv4i’s when both chips see the same arrivals, the mean of ${all.find(({ gain }) => gain !== null)?.gain?.ratios.length ?? 0} seeds, and its interval. Half of the widths are at most ${percent(half)}, and the widest is ${percent(widest)}.${unknown.length > 0 ? ` For ${list(unknown)}, the search found no load that is met with this confidence (–).` : ''} The gain is certain for ${surely.length === 0 ? 'no network' : list(surely)}.`,
    '',
    table(
      [
        'requests/s',
        'TPUv4i: met',
        'violated',
        'width',
        'saturation',
        'on-chip: met',
        'violated',
        'width',
        'saturation',
        'gain',
        'at least',
        'at most',
      ],
      all.map(({ subject, load, gain }) => [
        subject,
        ...cells(load.tpuv4i),
        ...cells(load['on-chip']),
        ...[gain?.mean ?? null, gain?.low ?? null, gain?.high ?? null].map(factor),
      ]),
    ),
  ].join('\n');
}
