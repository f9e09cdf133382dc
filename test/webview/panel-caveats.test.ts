import { expect, test } from 'vitest';
import { type Caveat, caveatCodes, searchCaveatCodes } from '../../design/index.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { panelTests } from './harness.ts';

/*
 * The panel, and the exported page, which is the same page without a host, list each kind of caveat below the verdicts. The other places that show
 * verdicts: test/design/caveat-places.test.ts.
 */

const { withPanel } = panelTests();

test('each kind of caveat is in the list, with a link to its place if the page has a host', async () => {
  const [rush, ...others] = fixtureResults();
  if (rush === undefined) throw new Error('no result');
  const kinds = [...caveatCodes, ...searchCaveatCodes];
  const caveats = kinds.map((code): Caveat => {
    return { code, origin: rush.origin, text: `A guess of the kind ${code} was made.`, effect: { kind: 'none' } };
  });
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), [{ ...rush, main: { ...rush.main, caveats } }, ...others]));
    const list = page.getByTestId('caveats');
    expect(await list.locator('figcaption').innerText()).toBe(`This result depends on ${kinds.length} caveats`);
    expect(await list.locator('li').allInnerTexts()).toEqual(
      caveats.map(({ text }) => `${text} No verdict depends on it.`),
    );
    expect(await list.locator('button.link').count()).toBe(kinds.length);
    expect(await page.getByTestId('badge').getAttribute('title')).toContain(`depends on ${kinds.length} caveats.`);
  });
});
