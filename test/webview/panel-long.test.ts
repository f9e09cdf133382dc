import { expect, test } from 'vitest';
import { fixtureState, fixtureUpdate } from './fixtures.ts';
import type { OpenPanel } from './harness.ts';
import { answerSegments, panelTests, settle, textOf } from './harness.ts';
import { loadOf, realRun } from './real-run.ts';

/* A run of a million requests: an event that lasts a millionth of it can still be found and seen. */

const { withPanel } = panelTests();
const run = await realRun((text) =>
  loadOf('13200 rps')(text)
    .replace('scenario Rush {', 'scenario Rush {\n  duration: 1000000 requests')
    .replace(/ {2}compare: .*/, ''),
);
const main = run.results[0]?.main;

const answer = (panel: OpenPanel, answered?: Set<string>) => answerSegments(panel, run.segments, answered);

test('keys find a mode switch of a microsecond in a run of over a minute, in both directions, and it is drawn', async () => {
  if (main === undefined) throw new Error('no run');
  expect(main.seconds).toBeGreaterThan(60);
  expect(main.serves[0]?.counts.completed).toBeGreaterThan(990_000);
  const { startSeconds } = main.timeline.switches;
  await withPanel({}, async (panel) => {
    const { page, update, shoot } = panel;
    const answered = new Set<string>();
    await update(fixtureUpdate(fixtureState('fresh', { uri: run.uri }), run.results));
    const plot = page.getByTestId('timeline-plot');
    for (const [key, change] of [
      ['n', 0],
      ['n', 1],
      ['n', 2],
      ['p', 1],
    ] as const) {
      await plot.press(key);
      await answer(panel, answered);
      const at = startSeconds[change] ?? Number.NaN;
      const said = /at ([\d.]+) s/.exec(await textOf(page, 'timeline-legend'))?.[1];
      expect(Math.abs(Number(said) - at)).toBeLessThan(2e-3);
    }
    expect(await textOf(page, 'timeline-legend')).toMatch(/: switching, 1 µs/);
    await shoot('long-switch');
    // Zoomed in to layers, the same keys step through the layers one by one.
    for (let zoom = 0; zoom < 7; zoom++) await plot.press('+');
    await answer(panel, answered);
    // To the middle of the switch, and past it.
    await plot.press('ArrowRight');
    await plot.press('ArrowRight');
    await settle(page);
    expect(await textOf(page, 'timeline-legend')).toMatch(
      /(base|burst|quantizing), ResNet50, batch of \d, [\w.]+, [\d.]+ µs/,
    );
    await shoot('long-layers');
  });
});
