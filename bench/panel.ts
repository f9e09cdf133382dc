import { launchChromium } from '../scripts/vscode/chromium.ts';
import { fixtureState, fixtureUpdate } from '../test/webview/fixtures.ts';
import { buildPanel, openPanel, settle } from '../test/webview/harness.ts';
import { loadOf, realRun } from '../test/webview/real-run.ts';

/*
 * Measures the time of a frame while the panel zooms from a whole run of a million requests to one layer of one batch and back.
 * The finer segments arrive during the zoom, as an editor sends them. It also measures the first drawing. The page itself reads
 * the clock.
 *
 * It shows that a frame takes less than 16 ms (median; it reports the 95th percentile too) and the first paint less than
 * 300 ms. Run: npx tsx bench/panel.ts
 */

const requests = 1_000_000;
const rate = 12_000;
const run = await realRun((text) =>
  loadOf(`${rate} rps`)(text).replace('scenario Rush {', `scenario Rush {\n  duration: ${requests} requests`),
);
const served = run.results[0]?.main.serves[0]?.counts.completed;

/** Records the script time of each frame, and the time from a message to the first frame after its drawing. */
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
  const update = fixtureUpdate(fixtureState('fresh', { uri: run.uri }), run.results);
  // This program decodes base64, the panel does not. So the clock starts after the decoding.
  await page.evaluate(`window.addEventListener('message', () => { window.__came = performance.now(); }, true)`);
  await page.evaluate(`new MutationObserver(() => requestAnimationFrame(() => { window.__drawn ??= performance.now(); }))
    .observe(document.querySelector('[data-testid=content]'), { attributes: true, attributeFilter: ['data-drawn'] })`);
  await panel.update(update);
  await settle(page);
  const first = Number(await page.evaluate('__drawn - __came'));
  const kilobytes = ((update.results?.buffer.byteLength ?? 0) / 1024).toFixed(0);
  console.log(`${served} requests in ${kilobytes} KB of columns: first paint after ${first.toFixed(0)} ms`);
  const answered = new Set<string>();
  const answer = async (): Promise<void> => {
    for (const message of await panel.sent()) {
      if (message.type !== 'segments' || answered.has(JSON.stringify(message.request))) continue;
      answered.add(JSON.stringify(message.request));
      await panel.send({ type: 'segments', request: message.request, segments: run.segments(message.request) });
    }
  };
  await page.evaluate('__frames.length = 0');
  const box = await page.getByTestId('timeline-plot').boundingBox();
  if (box === null) throw new Error('no timeline');
  await page.mouse.move(box.x + box.width * 0.6, box.y + 20);
  const step = async (delta: number, steps: number): Promise<void> => {
    await page.keyboard.down('Control');
    for (let i = 0; i < steps; i++) await page.mouse.wheel(0, delta);
    await page.keyboard.up('Control');
  };
  for (let leg = 0; leg < 18; leg++) {
    await step(-35, 10);
    await page.waitForTimeout(200);
    await answer();
  }
  const deepest = await page.getByTestId('window').innerText();
  const legend = await page.getByTestId('timeline-legend').innerText();
  for (let leg = 0; leg < 18; leg++) await step(35, 10);
  await settle(page);
  const frames = ((await page.evaluate('__frames')) as number[]).filter((frame) => frame > 0.3);
  console.log(`zoomed from the whole run to ${deepest}: ${legend.split('\n')[0]}`);
  console.log(
    `${frames.length} frames: median ${quantile(frames, 0.5)} ms, p95 ${quantile(frames, 0.95)} ms, slowest ${quantile(frames, 1)} ms; ${answered.size} answered requests for finer segments`,
  );
  for (const problem of panel.problems) console.log(`problem: ${problem}`);
} finally {
  await browser.close();
}
