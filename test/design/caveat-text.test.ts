import { expect, test } from 'vitest';
import {
  type Caveat,
  type CaveatEffect,
  caveatHeading,
  caveatRemark,
  caveatSummary,
  caveatText,
  type SloOutcome,
  undecidedText,
} from '../../design/index.ts';

const origin = { uri: 'test:', start: 0, end: 0 };
const caveat = (effect: CaveatEffect, text = 'The column was guessed.'): Caveat => ({
  code: 'trace-column',
  origin,
  text,
  effect,
});
const any = caveat({ kind: 'any' });
const other = caveat({ kind: 'heavier' }, 'A branch was assumed.');

const met: SloOutcome = {
  slo: { metric: 'throughput', limitPerSecond: 1, text: 'throughput >= 1 rps', origin },
  verdict: 'met',
  measured: { value: 2, low: 2, high: 2, confidence: 0.99 },
  limit: 1,
  missFraction: -1,
  breakdown: null,
};
const open = (verdict: 'met' | 'violated', caveats: readonly Caveat[]): SloOutcome => ({
  ...met,
  verdict: 'undecided',
  undecided: 'caveat',
  open: { verdict, caveats },
});
const straddling: SloOutcome = { ...met, verdict: 'undecided', undecided: 'straddles' };

test.each<[CaveatEffect, string]>([
  [{ kind: 'any' }, 'The true result can be better or worse.'],
  [{ kind: 'heavier' }, 'There is more work than the run simulated.'],
  [{ kind: 'more-requests', count: 1 }, '1 request is missing from the run.'],
  [{ kind: 'more-requests', count: 8819 }, '8,819 requests are missing from the run.'],
  [{ kind: 'none' }, 'No verdict depends on it.'],
])('a caveat in a list states its effect: %j', (effect, says) => {
  expect(caveatText(caveat(effect))).toBe(`The column was guessed. ${says}`);
});

test.each<[SloOutcome, readonly Caveat[], string]>([
  [met, [], ''],
  [met, [any], ' The result depends on a caveat, which cannot change this verdict.'],
  [met, [any, other], ' The result depends on 2 caveats, which cannot change this verdict.'],
  [met, [{ ...any, serves: ['Other'] }], ''],
  [straddling, [any, other], ' The result also depends on 2 caveats: The column was guessed. A branch was assumed.'],
  // The text of the caveat names both serves.
  [open('met', [any]), [any, other], ''],
])('the remark about caveats after an outcome', (outcome, caveats, says) => {
  expect(caveatRemark(outcome, 'Net', caveats)).toBe(says);
});

test.each<[SloOutcome, string]>([
  [
    open('met', [any]),
    'the run met the limit, but the result depends on a caveat that could change this: The column was guessed',
  ],
  [
    open('violated', [any, other]),
    'the run violated the limit, but the result depends on 2 caveats that could change this: The column was guessed. A branch was assumed',
  ],
])('the reason why a verdict that the run decided is undecided', (outcome, says) => {
  expect(undecidedText(outcome)).toBe(says);
});

test('headings and sentences are empty without caveats', () => {
  expect([caveatHeading([]), caveatSummary([])]).toEqual(['', '']);
  expect(caveatHeading([any, other])).toBe('This result depends on 2 caveats');
  expect(caveatSummary([any])).toBe(' The result depends on a caveat: The column was guessed.');
});
