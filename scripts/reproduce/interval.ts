import type { LoadInterval } from './capacity.ts';
import type { ServingFindings } from './serving.ts';
import { factor, list, nothing, percent, rps, table } from './text.ts';

/**
 * The distance from the load that is met with confidence to the load that is violated with confidence, as a fraction of
 * the former. Null if neither is known.
 */
function width(found: LoadInterval | null): number | null {
  return found === null || found.met === null ? null : found.violated / found.met - 1;
}

/** The median width and the largest width; null if there is none. */
export function widths(all: readonly ServingFindings[]): {
  readonly half: number | null;
  readonly widest: number | null;
} {
  const known = all
    .flatMap(({ interval }) => [width(interval.tpuv4i), width(interval['on-chip'])])
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  return { half: known[Math.floor((known.length - 1) / 2)] ?? null, widest: known.at(-1) ?? null };
}

/**
 * The range of on-chip's load divided by TPUv4i's, from the ranges of both. Both use the same random numbers, which
 * would narrow the range. This estimate does not use that.
 */
function gains({ interval: { tpuv4i, 'on-chip': own } }: ServingFindings): readonly [number | null, number | null] {
  if (tpuv4i === null || own === null) return [null, null];
  const least = own.met === null ? null : own.met / tpuv4i.violated;
  return [least, tpuv4i.met === null ? null : own.violated / tpuv4i.met];
}

/** The possible effect of the seed: the range of the largest load, at the scenarios' confidence. */
export function confidenceTable(all: readonly ServingFindings[], confidence: number): string {
  const cells = (found: LoadInterval | null) =>
    found === null
      ? ['none', 'none', nothing]
      : [found.met === null ? nothing : rps(found.met), rps(found.violated), percent(width(found), 0)];
  const { half, widest } = widths(all);
  const unsure = all.flatMap(({ subject, interval }) =>
    width(interval.tpuv4i) === null || width(interval['on-chip']) === null ? [subject] : [],
  );
  const surely = all.flatMap((one) => ((gains(one)[0] ?? 0) > 1 ? [one.subject] : []));
  return [
    `The range of the largest load at ${percent(confidence, 0)} confidence. *met*: the largest load at which every objective is met. *violated*: the smallest load at which one is violated. *width*: the distance between the two. *gain*: the range of on-chip’s load divided by TPUv4i’s, computed as if the two were independent. Half of the widths are at most ${percent(half, 0)}, and the widest is ${percent(widest, 0)}.${unsure.length > 0 ? ` For ${list(unsure)}, no load down to half of the largest one is met with this confidence (–).` : ''} The gain is certain for ${surely.length === 0 ? 'no network' : list(surely)}.`,
    '',
    table(
      [
        'requests/s',
        'TPUv4i: met',
        'violated',
        'width',
        'on-chip: met',
        'violated',
        'width',
        'gain, at least',
        'at most',
      ],
      all.map((one) => [
        one.subject,
        ...cells(one.interval.tpuv4i),
        ...cells(one.interval['on-chip']),
        ...gains(one).map(factor),
      ]),
    ),
  ].join('\n');
}
