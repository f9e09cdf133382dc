import type { Sureness } from './capacity.ts';
import type { ServingFindings } from './serving.ts';
import { factor, list, nothing, percent, rps, table } from './text.ts';

/**
 * The distance from the load that is met with confidence to the load that is violated with confidence, as a fraction of
 * the former. Null if neither is known.
 */
function width(found: Sureness | null): number | null {
  return found === null || found.met === null ? null : found.violated / found.met - 1;
}

/** The median width and the largest width; null if there is none. */
export function widths(all: readonly ServingFindings[]): {
  readonly half: number | null;
  readonly widest: number | null;
} {
  const known = all
    .flatMap(({ sureness }) => [width(sureness.tpuv4i), width(sureness['on-chip'])])
    .filter((one) => one !== null)
    .sort((a, b) => a - b);
  return { half: known[Math.floor((known.length - 1) / 2)] ?? null, widest: known.at(-1) ?? null };
}

/**
 * The range of on-chip's load divided by TPUv4i's, from the ranges of both. Both use the same random numbers, which
 * would narrow the range. This estimate does not use that.
 */
function gains({ sureness: { tpuv4i, 'on-chip': own } }: ServingFindings): readonly [number | null, number | null] {
  if (tpuv4i === null || own === null) return [null, null];
  const least = own.met === null ? null : own.met / tpuv4i.violated;
  return [least, tpuv4i.met === null ? null : own.violated / tpuv4i.met];
}

/** The possible effect of the seed: the range of the largest load, at the scenarios' confidence. */
export function surenessTable(all: readonly ServingFindings[], confidence: number): string {
  const cells = (found: Sureness | null) =>
    found === null
      ? ['none', 'none', nothing]
      : [found.met === null ? nothing : rps(found.met), rps(found.violated), percent(width(found), 0)];
  const { half, widest } = widths(all);
  const unsure = all.flatMap(({ subject, sureness }) =>
    width(sureness.tpuv4i) === null || width(sureness['on-chip']) === null ? [subject] : [],
  );
  const surely = all.flatMap((one) => ((gains(one)[0] ?? 0) > 1 ? [one.subject] : []));
  return [
    `How sure it is, at ${percent(confidence, 0)} confidence: *met*, the largest load that is within the objectives for sure; *violated*, the smallest that is not; *width*, how far apart they are; *gain*, what the two chips’ ranges leave of on-chip over TPUv4i, as if they were independent. Half of the widths are at most ${percent(half, 0)}, the widest is ${percent(widest, 0)}.${unsure.length > 0 ? ` ${list(unsure)}: no sure load down to half of the largest (–).` : ''} A gain is sure for ${surely.length === 0 ? 'none' : list(surely)}.`,
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
        ...cells(one.sureness.tpuv4i),
        ...cells(one.sureness['on-chip']),
        ...gains(one).map(factor),
      ]),
    ),
  ].join('\n');
}
