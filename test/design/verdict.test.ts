import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../design/index.ts';
import { runVerdict, serveVerdict, verdictMarks, verdictsWorstFirst, worstVerdict } from '../../design/index.ts';

describe('the verdict of several objectives is the worst one', () => {
  it.each<readonly [readonly Verdict[], Verdict]>([
    [[], 'met'],
    [['met', 'met'], 'met'],
    [['met', 'undecided'], 'undecided'],
    [['undecided', 'violated', 'met'], 'violated'],
    [['violated', 'undecided'], 'violated'],
  ])('%j: %s', (verdicts, expected) => {
    expect(worstVerdict(verdicts)).toBe(expected);
    const slos = verdicts.map((verdict) => ({ verdict }));
    expect(serveVerdict({ slos })).toBe(expected);
    // The same objectives in separate serves count the same.
    expect(runVerdict({ serves: slos.map((slo) => ({ slos: [slo] })) })).toBe(expected);
  });

  it('lists each verdict once, and gives each its own mark', () => {
    expect([...verdictsWorstFirst].toSorted()).toEqual(Object.keys(verdictMarks).toSorted());
    expect(new Set(Object.values(verdictMarks)).size).toBe(verdictsWorstFirst.length);
  });
});
