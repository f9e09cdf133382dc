import { expect, test } from 'vitest';
import type { LoadCurve } from '../../protocol/index.ts';
import { loadCurve } from '../../simulator/index.ts';
import { fixtureState, fixtureUpdate } from './fixtures.ts';
import type { OpenPanel } from './harness.ts';
import { looks, panelTests, settle, textOf } from './harness.ts';
import { loadOf, realRun } from './real-run.ts';
import type { ThemeName } from './themes.ts';

/* The load curve: requested, reported while it is computed, drawn, cancelled, and dropped with its run. */

const { withPanel } = panelTests();
const run = await realRun(loadOf('13000 rps'));
const [scenario] = run.scenarios;

function curveOf(): LoadCurve {
  const curve = scenario && loadCurve({ ...scenario, duration: { kind: 'requests', count: 8000 } });
  if (curve === undefined) throw new Error('no curve');
  return curve;
}

const start = (panel: OpenPanel) => panel.update(fixtureUpdate(fixtureState('fresh', { uri: run.uri }), run.results));
const request = { uri: run.uri, hash: '00ff', scenario: 'Rush' };

test('the curve shows how much load meets the objective, with and without burst mode', async () => {
  const curve = curveOf();
  for (const [theme, width] of looks<readonly [ThemeName, number]>(['dark', 1300], ['light', 300])) {
    await withPanel({ theme, width, height: 1200 }, async (panel) => {
      const { page, send, sent, shoot } = panel;
      await start(panel);
      await page.getByTestId('load-start').click();
      expect(await sent()).toContainEqual({ type: 'loadCurve', request });
      await send({ type: 'loadCurve', request, answer: { kind: 'running', fraction: 0.4 } });
      expect(await page.getByTestId('load-progress').getAttribute('value')).toBe('0.4');
      await shoot(`load-running-${theme}`);
      await send({ type: 'loadCurve', request, answer: { kind: 'done', curve } });
      await settle(page);
      expect(await textOf(page, 'load-finding')).toMatch(
        /^All objectives are met up to [\d,]+ rps \([\d.]+x the load as written\), (\d+(\.\d)? % more than in base mode only \([\d,]+ rps\)|the same as in base mode only)(; at [\d,]+ rps \([\d.]+x the load as written\) and perhaps less, one is undecided)?; at [\d,]+ rps \([\d.]+x the load as written\), the next simulated load, one is (violated|undecided)\. The knee of the curve is at [\d,]+ rps\.$/,
      );
      const [design] = curve.lines;
      const written = design?.points.find(({ factor }) => factor === 1);
      expect(Number(await page.getByTestId('load-design').getAttribute('data-value'))).toBe(written?.latencySeconds);
      await page.getByTestId('load-plot').press('End');
      await settle(page);
      expect(await textOf(page, 'live')).toMatch(
        /rps offered, 1\.05 × .*Rush .* overloaded, base mode only .* overloaded|rps offered/,
      );
      await page.getByTestId('load-table').locator('summary').click();
      // The table is created when it is opened.
      await expect.poll(() => page.getByTestId('load-table').locator('tbody tr').count()).toBe(design?.points.length);
      await shoot(`load-curve-${theme}`);
      // The curve belonged to the earlier run.
      await panel.update(fixtureUpdate(fixtureState('fresh', { uri: run.uri, hash: '11ee' }), run.results));
      await settle(page);
      expect(await page.getByTestId('load-start').isVisible()).toBe(true);
      expect(await page.getByTestId('load-plot').isVisible()).toBe(false);
    });
  }
});

test('it can be cancelled and started again', async () => {
  await withPanel({}, async (panel) => {
    const { page, send, sent } = panel;
    await start(panel);
    await page.getByTestId('load-start').click();
    await page.getByTestId('load-stop').click();
    expect(await sent()).toContainEqual({ type: 'cancelLoadCurve' });
    await send({ type: 'loadCurve', request, answer: { kind: 'gone' } });
    expect(await textOf(page, 'load-start')).toBe('Simulate other loads again');
  });
});
