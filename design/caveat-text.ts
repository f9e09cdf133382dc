import { assertNever } from './assert-never.ts';
import { affectsServe, type Caveat, type CaveatEffect } from './caveat.ts';
import type { SloOutcome } from './objective-outcome.ts';
import { formatNumber } from './quantity-text.ts';

/* Caveats in words. Diagnostics, panel, terminal and exported pages use the same sentences. */

/** The caveat of a trace of which the run replays only the beginning. `unfinished`: the requests that it replayed and did not finish. */
export function traceCutText(cut: {
  readonly replayed: number;
  readonly total: number;
  readonly path: string;
  readonly serve: string;
  readonly unfinished?: number;
}): string {
  const { replayed, total, path, serve, unfinished = 0 } = cut;
  const open =
    unfinished === 0 ? '' : `, and ends before ${unfinished} of them ${unfinished === 1 ? 'is' : 'are'} finished`;
  return `The run replays ${replayed} of the ${total} requests in '${path}' for ${serve}${open}. Remove 'duration' to replay all of them, or accept it in the scenario: accept { trace-cut: yes }.`;
}

/** The meaning of an effect for the result, as a sentence. */
function effectText(effect: CaveatEffect): string {
  switch (effect.kind) {
    case 'any':
      return 'The true result can be better or worse.';
    case 'heavier':
      return 'There is more work than the run simulated.';
    case 'more-requests': {
      const { count } = effect;
      return count === 1
        ? '1 request is missing from the run.'
        : `${formatNumber(count, 15)} requests are missing from the run.`;
    }
    case 'none':
      return 'No verdict depends on it.';
    default:
      return assertNever(effect);
  }
}

/** A caveat as one entry of a list. */
export function caveatText({ text, effect }: Caveat): string {
  return `${text} ${effectText(effect)}`;
}

/** "a caveat", "3 caveats". */
function countCaveats(count: number): string {
  return count === 1 ? 'a caveat' : `${count} caveats`;
}

/** Heading of a list of caveats. Empty if there are none. */
export function caveatHeading(caveats: readonly Caveat[]): string {
  return caveats.length === 0 ? '' : `This result depends on ${countCaveats(caveats.length)}`;
}

/** Why a verdict is undecided although the run decided it, as a clause without a full stop. */
export function openText({ open }: SloOutcome): string {
  if (open === undefined) return 'the result depends on a caveat that could change the verdict';
  const ran = open.verdict === 'met' ? 'the run met the limit' : 'the run violated the limit';
  const which =
    open.caveats.length === 1
      ? 'a caveat that could change this'
      : `${open.caveats.length} caveats that could change this`;
  const texts = open.caveats.map((caveat) => caveat.text).join(' ');
  return `${ran}, but the result depends on ${which}: ${texts.replace(/\.$/, '')}`;
}

/** A short form of `openText`, for places that list the caveats nearby. */
export function openSummary({ open }: SloOutcome): string {
  const ran = open?.verdict === 'violated' ? 'the run violated the limit' : 'the run met the limit';
  const count = open?.caveats.length ?? 1;
  return `${ran}, but ${count === 1 ? 'a caveat' : `${count} caveats`} could change this`;
}

/** A sentence after a blank, for results without a verdict (a load curve, a sweep). Empty without caveats. */
export function caveatSummary(caveats: readonly Caveat[]): string {
  if (caveats.length === 0) return '';
  return ` The result depends on ${countCaveats(caveats.length)}: ${textsOf(caveats)}`;
}

function textsOf(caveats: readonly Caveat[]): string {
  return caveats.map(({ text }) => text).join(' ');
}

/**
 * The sentence about the caveats of a run after the outcome of an objective, with a blank before it. Empty if there are none, and where
 * the outcome's own text names them. `isAlone`: no list of the caveats is beside the sentence, so it has their texts.
 */
export function caveatRemark(outcome: SloOutcome, serve: string, caveats: readonly Caveat[], isAlone = false): string {
  const own = caveats.filter((caveat) => affectsServe(caveat, serve));
  if (own.length === 0 || outcome.open !== undefined) return '';
  if (outcome.verdict === 'undecided') {
    return ` The result also depends on ${countCaveats(own.length)}: ${textsOf(own)}`;
  }
  const remark = ` The result depends on ${countCaveats(own.length)}, which cannot change this verdict`;
  return isAlone ? `${remark}: ${textsOf(own)}` : `${remark}.`;
}
