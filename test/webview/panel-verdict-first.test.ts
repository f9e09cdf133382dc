import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { pack, packVerdicts } from '../../protocol/index.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { panelTests, settle, textOf } from './harness.ts';

const { withPanel } = panelTests();
const results = fixtureResults();
/** With a load that the chip can serve: the verdict of the shown scenario changes. */
const calmer = fixtureResults(900);

describe('verdicts of a run in progress', () => {
  test('replace those of the last run, while its plots stay marked as stale', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const sentence = page.getByTestId('sentence-Rush');
      const before = await sentence.getAttribute('data-verdict');
      const early = packVerdicts(calmer.slice(0, 1));
      await update({ ...fixtureUpdate(fixtureState('running'), null), early });
      expect([before, await sentence.getAttribute('data-verdict')]).toEqual(['violated', 'met']);
      expect(await textOf(page, 'sentence-Rush')).toMatch(/Rush meets all objectives/);
      expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('true');
      // The other scenario still runs, so its sentence stays stale.
      const isEarly = (scenario: string) => page.getByTestId(`sentence-${scenario}`).getAttribute('data-early');
      expect([await isEarly('Rush'), await isEarly('Calm')]).toEqual(['', null]);
      expect(await page.getByTestId('outcome').first().getAttribute('data-verdict')).toBe('met');
    });
  });

  test('disappear with a run that is cancelled', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await update({ ...fixtureUpdate(fixtureState('running'), null), early: packVerdicts(calmer) });
      await update(fixtureUpdate(fixtureState('cancelled'), null));
      expect(await page.getByTestId('sentence-Rush').getAttribute('data-verdict')).toBe('violated');
    });
  });

  test('survive a report of progress', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await update({ ...fixtureUpdate(fixtureState('running'), null), early: packVerdicts(calmer) });
      await update(fixtureUpdate(fixtureState('running', { progress: 0.5 }), null));
      expect(await page.getByTestId('sentence-Rush').getAttribute('data-verdict')).toBe('met');
    });
  });
});

describe('verdicts of a preview', () => {
  const [first] = fixtureResults();
  const serves = (first?.main.serves ?? []).map((serve) => ({
    ...serve,
    slos: serve.slos.map((outcome) => ({ ...outcome, verdict: 'undecided' as const, undecided: 'straddles' as const })),
  }));
  const open = { scenario: 'Rush', previewRequests: 16_384, main: { caveats: [], serves } };

  test('state how many requests they belong to, and that the whole run may still decide', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await update({ ...fixtureUpdate(fixtureState('preview'), null), early: packVerdicts([open]) });
      expect(await textOf(page, 'phase-text')).toBe('preview while the number changes');
      const sentence = await textOf(page, 'sentence-Rush');
      expect(sentence).toMatch(/^\?\s*Rush is not decided yet\./);
      expect(sentence).toContain('This preview simulated 16,384 requests.');
      const notes = await page.getByTestId('outcomes').innerText();
      expect(notes).toContain('not decided yet');
      for (const text of [sentence, notes]) expect(text).not.toContain('run longer');
      // The plots belong to an earlier value.
      expect(await page.getByTestId('content').getAttribute('data-stale')).toBe('true');
    });
  });

  test('stay while the whole run is in progress, and disappear when its verdicts arrive', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await update({ ...fixtureUpdate(fixtureState('preview'), null), early: packVerdicts([open]) });
      await update(fixtureUpdate(fixtureState('running'), null));
      expect(await textOf(page, 'sentence-Rush')).toContain('This preview simulated');
      await update(fixtureUpdate(fixtureState('fresh'), calmer));
      expect(await textOf(page, 'sentence-Rush')).toMatch(/Rush meets all objectives/);
      expect(await textOf(page, 'sentence-Rush')).not.toContain('preview');
    });
  });
});

describe('plots of a preview', () => {
  const preview = () => ({
    ...fixtureUpdate(fixtureState('preview'), null),
    early: packVerdicts(calmer),
    previews: pack(calmer.map(({ scenario, main }) => ({ scenario, main }))),
  });
  const p99 = (page: Page) => textOf(page, 'latency-p99');
  const name = async (page: Page) => (await textOf(page, 'latency-legend')).split(/[\n,]/u)[0];

  test('replace those of the last run until the whole run ends, but not its comparison', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const [before, compared] = [await p99(page), await textOf(page, 'comparison')];
      expect(await name(page)).toMatch(/^whole run/);
      await update(preview());
      expect(await p99(page)).not.toBe(before);
      expect(await name(page)).toMatch(/^preview/);
      expect(await textOf(page, 'comparison')).toBe(compared);
      await update(fixtureUpdate(fixtureState('running'), null));
      expect(await name(page)).toMatch(/^preview/);
      await update(fixtureUpdate(fixtureState('fresh'), calmer));
      expect(await name(page)).toMatch(/^whole run/);
      expect(await page.locator('[data-preview]').count()).toBe(0);
    });
  });

  test('disappear if the whole run is cancelled', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      const before = await p99(page);
      await update(preview());
      expect(await page.locator('[data-preview]').count()).toBeGreaterThan(0);
      await update(fixtureUpdate(fixtureState('cancelled'), null));
      expect([await p99(page), await page.locator('[data-preview]').count()]).toEqual([before, 0]);
    });
  });

  test('leave a time window alone', async () => {
    await withPanel({}, async ({ page, update }) => {
      await update(fixtureUpdate(fixtureState('fresh'), results));
      await page.getByTestId('latency-plot').focus();
      await page.keyboard.press('+');
      await settle(page);
      const zoomed = await textOf(page, 'latency-legend');
      await update(preview());
      expect(await textOf(page, 'latency-legend')).toBe(zoomed);
    });
  });
});

test('the verdicts of new results are drawn in an earlier frame than the plots', async () => {
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), results));
    await page.evaluate(`
      window.__seen = [];
      new MutationObserver((records) => {
        for (const { attributeName } of records) requestAnimationFrame((time) => __seen.push([attributeName, time]));
      }).observe(document.querySelector('[data-testid=content]'), { attributeFilter: ['data-judged', 'data-drawn'] });
    `);
    await update(fixtureUpdate(fixtureState('fresh'), calmer));
    await settle(page);
    const seen = await page.evaluate<readonly (readonly [string, number])[]>('__seen');
    expect(seen.map(([name]) => name)).toEqual(['data-judged', 'data-drawn']);
    expect(seen[1]?.[1]).toBeGreaterThan(seen[0]?.[1] ?? Number.POSITIVE_INFINITY);
  });
});
