/**
 * What a frame costs while the mode timeline of a long run is zoomed from the whole run to one batch, and what the first
 * drawing costs. Run with tsx; prints medians and 95th percentiles. Proves the budget of 16 ms a frame and 300 ms to first paint.
 */
import type { RunResults } from '../../protocol/index.ts';
import { activities } from '../../protocol/index.ts';
import { launchChromium } from '../../scripts/vscode/chromium.ts';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { buildPanel, openPanel, settle } from './harness.ts';

const seconds = 60;
const segmentCount = 500_000;

/** A million requests in batches of two and one segment a batch: known over the whole run, so that every zoom step draws them. */
function longRun(): RunResults {
  const [first] = fixtureResults();
  if (first === undefined) throw new Error('no fixture');
  const step = seconds / segmentCount;
  const base = activities.indexOf('base');
  const column = (value: number) => new Uint16Array(segmentCount).fill(value);
  const startSeconds = Float64Array.from({ length: segmentCount }, (_, i) => i * step);
  const switchCount = 20_000;
  const main = {
    ...first.main,
    seconds,
    timeline: {
      ...first.main.timeline,
      segments: {
        windowStartSeconds: 0,
        windowEndSeconds: seconds,
        startSeconds,
        endSeconds: startSeconds.map((start, i) => start + step * (0.7 + 0.3 * ((i * 7919) % 11)) * 0.3),
        chip: column(0),
        activity: Uint8Array.from({ length: segmentCount }, (_, i) => (i % 37 < 9 ? base + 1 : base)),
        serve: column(0),
        batchSize: column(2),
        firstLayer: column(0),
        lastLayer: column(49),
      },
      switches: {
        total: switchCount,
        startSeconds: Float64Array.from({ length: switchCount }, (_, i) => (i * seconds) / switchCount),
        toBurst: Uint8Array.from({ length: switchCount }, (_, i) => i % 2),
        chip: new Uint16Array(switchCount),
      },
    },
  };
  return [{ ...first, main }];
}

const measureInPage = `
  window.__frames = [];
  const plain = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) => plain((time) => {
    const start = performance.now();
    callback(time);
    window.__frames.push(performance.now() - start);
  });
`;

function quantile(values: readonly number[], fraction: number): string {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * fraction))] ?? Number.NaN).toFixed(1);
}

const browser = await launchChromium();
const bundle = await buildPanel();
const panel = await openPanel(
  browser,
  { ...bundle, script: measureInPage + bundle.script },
  { width: 1200, height: 900 },
);
const { page } = panel;
try {
  const update = fixtureUpdate(fixtureState('fresh'), longRun());
  // Decoding base64 is this harness's, not the panel's: the clock starts when the message is there.
  await page.evaluate(`window.addEventListener('message', () => { window.__came = performance.now(); }, true)`);
  await page.evaluate(`new MutationObserver(() => { window.__drawn = performance.now(); })
    .observe(document.querySelector('[data-testid=content]'), { attributes: true, attributeFilter: ['data-drawn'] })`);
  await panel.update(update);
  const first = Number(await page.evaluate('__drawn - __came'));
  console.log(`first drawing of ${segmentCount} segments: ${first.toFixed(0)} ms`);
  await page.evaluate('__frames.length = 0');
  const box = await page.getByTestId('timeline-plot').boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
  await page.keyboard.down('Control');
  for (let i = 0; i < 150; i++) await page.mouse.wheel(0, -35);
  for (let i = 0; i < 150; i++) await page.mouse.wheel(0, 35);
  await page.keyboard.up('Control');
  await settle(page);
  const frames = ((await page.evaluate('__frames')) as number[]).filter((frame) => frame > 0.3);
  console.log(
    `zoom from 60 s and back, ${frames.length} frames: median ${quantile(frames, 0.5)} ms, p95 ${quantile(frames, 0.95)} ms`,
  );
  console.log(`problems: ${panel.problems.length}`);
} finally {
  await browser.close();
}
