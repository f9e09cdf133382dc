import { expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { panelTests, textOf } from './harness.ts';
import { loadOf, realRun } from './real-run.ts';

/* The sentences of a run without requests, line breaks in sentences, and caveats. */

const { withPanel } = panelTests();

test('each plot of a run without requests states that there are none', async () => {
  const nothing = await realRun((text) =>
    loadOf('1 rps')(text)
      .replace('scenario Rush {', 'scenario Rush {\n  duration: 1 ms')
      .replace(/compare:.*/, ''),
  );
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh', { uri: nothing.uri }), nothing.results));
    expect(await textOf(page, 'sentence-Rush')).toMatch(/Rush is undecided\. p99 latency is unknown; [a-z].*\./);
    for (const [id, finding] of [
      ['timeline', 'The chip had nothing to do in this run.'],
      ['latency', 'No request finished in this run.'],
      ['throughput', 'No request arrived in this run.'],
      ['queue', 'No request waited.'],
      ['power', 'The power is 55 W throughout the run.'],
      ['distribution', 'No request finished in this run.'],
    ] as const)
      expect(await textOf(page, `${id}-finding`), id).toBe(finding);
    expect(await page.getByTestId('breakdown').count()).toBe(0);
  });
});

test('no line break separates a number from its unit', async () => {
  await withPanel({ width: 300 }, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), fixtureResults()));
    const broken = await page
      .locator('.unbroken')
      .evaluateAll((spans) => spans.filter((span) => span.getClientRects().length > 1).map((span) => span.textContent));
    expect(broken).toEqual([]);
    expect(await page.getByTestId('latency-finding').locator('.unbroken').allInnerTexts()).toEqual([
      '4.5 %',
      '6 ms',
      '8.94 ms',
      '2.19 s',
    ]);
  });
});

test('long names wrap and do not widen the page', async () => {
  const name = 'AServiceWithANameThatNobodyWouldChooseButThatSomeProgramWroteOneDayAndThatFitsNowhere';
  const [rush, ...others] = fixtureResults();
  const [serve] = rush?.main.serves ?? [];
  if (rush === undefined || serve === undefined) throw new Error('no service');
  const named = {
    ...rush,
    scenario: name,
    main: {
      ...rush.main,
      serves: [
        { ...serve, name },
        { ...serve, name: `${name}2` },
      ],
    },
  };
  await withPanel({ width: 300 }, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), [named, ...others]));
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(300);
  });
});

test('caveats are listed below the verdicts, and in the sentence of an objective that they make undecided', async () => {
  const [rush, ...others] = fixtureResults();
  const [serve] = rush?.main.serves ?? [];
  const [outcome] = serve?.slos ?? [];
  if (rush === undefined || serve === undefined || outcome === undefined) throw new Error('no objective');
  const caveat = {
    code: 'trace-rows',
    origin: rush.origin,
    text: '3 rows of the trace were left out.',
    effect: { kind: 'more-requests', count: 3 },
  } as const;
  const open = {
    ...outcome,
    verdict: 'undecided',
    undecided: 'caveat',
    open: { verdict: 'met', caveats: [caveat] },
  } as const;
  const told = { ...rush, main: { ...rush.main, caveats: [caveat], serves: [{ ...serve, slos: [open] }] } };
  const decided = { ...rush, main: { ...rush.main, caveats: [caveat] } };
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), [told, ...others]));
    expect(await textOf(page, 'sentence-Rush')).toContain(
      'the run met the limit, but the result depends on a caveat that could change this: 3 rows of the trace were left out.',
    );
    expect(await textOf(page, 'caveats')).toBe(
      'This result depends on a caveat\n3 rows of the trace were left out. 3 requests are missing from the run.',
    );
    expect(await page.getByTestId('outcome').first().innerText()).toContain('but a caveat could change this');
    await update(fixtureUpdate(fixtureState('fresh'), [decided, ...others]));
    expect(await textOf(page, 'sentence-Rush')).toContain(
      'The result depends on a caveat, which cannot change this verdict.',
    );
    await update(fixtureUpdate(fixtureState('fresh'), [rush, ...others]));
    expect(await page.getByTestId('caveats').count()).toBe(0);
  });
});
