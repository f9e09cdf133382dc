import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { htmlPage } from '../../cli/html-page.ts';
import { activities, embeddableScript, pack, standaloneHtml } from '../../protocol/index.ts';
import { indexTimeline } from '../../webview/plots/timeline/timeline-index.ts';
import { modeStretches } from '../../webview/plots/timeline/timeline-modes.ts';
import { explored, sizing } from './fixture-exploration.ts';
import { fixtureResults, fixtureState } from './fixtures.ts';
import { panelTests, settle, textOf } from './harness.ts';
import { loadOf, realRun } from './real-run.ts';

const { browser, bundle } = panelTests();

test('a standalone page shows its run, without network access or policy violations', async () => {
  const { script, style } = bundle();
  const results = fixtureResults();
  const { tree, buffer } = pack(results);
  const embedded = embeddableScript(script);
  const hash = (text: string) => `sha256-${createHash('sha256').update(text).digest('base64')}`;
  const html = standaloneHtml({
    title: 'rush.npu </title><b>',
    data: { state: fixtureState('fresh', { name: 'rush </script>.npu' }), tree },
    columnsBase64: Buffer.from(buffer).toString('base64'),
    script: embedded,
    style,
    scriptHash: hash(embedded),
    styleHash: hash(style),
  });
  const context = await browser().newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  await page.route('https://report.example/**', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('https://report.example/rush.html');
  await settle(page);
  const p99 = Number(await page.getByTestId('latency-p99').getAttribute('data-value'));
  expect(p99).toBe(results[0]?.main.serves[0]?.latency.p99);
  expect(await page.getByTestId('file-name').textContent()).toBe('rush </script>.npu');
  // Without an editor, the page offers nothing that needs one.
  expect(await page.getByTestId('run').count()).toBe(0);
  expect(await page.getByTestId('slo-link').count()).toBe(0);
  await page.screenshot({ path: '.artifacts/webview/standalone-light.png', fullPage: true });
  await page.emulateMedia({ colorScheme: 'dark' });
  await settle(page);
  await page.screenshot({ path: '.artifacts/webview/standalone-dark.png', fullPage: true });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page
      .getByTestId('figure-latency')
      .getByLabel('Source and export of Latency')
      .click()
      .then(() => page.getByTestId('figure-latency').locator('[data-action=csv]').click()),
  ]);
  expect(download.suggestedFilename()).toBe('latency.csv');
  expect(problems).toEqual([]);
  expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual(['https://report.example/rush.html']);
  await context.close();
});

test('a page of an exploration shows its designs, and the run of the design as written', async () => {
  const html = htmlPage('file:///explore.npu', 'explore.npu', fixtureResults(), bundle(), [explored(sizing)]);
  const context = await browser().newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  await page.route('https://report.example/**', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('https://report.example/explore.html');
  await settle(page);
  expect(await page.getByTestId('explore-name').textContent()).toBe('Sizing');
  expect(await page.getByTestId('explore').getAttribute('data-phase')).toBe('done');
  expect(await page.getByTestId('explore').getAttribute('data-stale')).toBe('false');
  expect(await page.getByTestId('filter-all').textContent()).toBe('all 27');
  await page.getByTestId('heat-plot').press('End');
  const shown = Number(await page.getByTestId('value-goal0').getAttribute('data-value'));
  expect(shown).toBe(explored(sizing).measures[0]?.[26]);
  // Without an editor, no button starts, stops or shows the source.
  for (const id of ['explore-start', 'explore-stop', 'explore-source', 'source-goal0'])
    expect(await page.getByTestId(id).isVisible()).toBe(false);
  await page.screenshot({ path: '.artifacts/webview/standalone-explore.png', fullPage: true });
  await page.getByTestId('explore-scenario').click();
  await settle(page);
  expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
  expect(problems).toEqual([]);
  await context.close();
});

test('zoomed in, a standalone page shows the mode between listed switches, and the shares of the slot', async () => {
  const run = await realRun((text) =>
    loadOf('13200 rps')(text)
      .replace('scenario Rush {', 'scenario Rush {\n  duration: 200000 requests')
      .replace(/ {2}compare: .*/, ''),
  );
  const main = run.results[0]?.main;
  if (main === undefined) throw new Error('no run');
  const { timeline } = main;
  const { buckets, bucketSeconds } = timeline.overview;
  const index = indexTimeline(timeline, timeline.segments);
  // The parts of slots with switches are known, and they contain as much of each mode as the slot.
  let known = 0;
  for (let bucket = 0; bucket < buckets; bucket++) {
    const stretches = modeStretches(main, index, 0, bucket);
    if (stretches === undefined) continue;
    known++;
    const share = (wanted: string) =>
      stretches.reduce(
        (sum, { startSeconds, endSeconds, shares }) =>
          sum + (endSeconds - startSeconds) * (shares.find(([activity]) => activity === wanted)?.[1] ?? 0),
        0,
      ) / bucketSeconds;
    for (const activity of ['base', 'burst', 'quantizing'] as const)
      expect(share(activity)).toBeCloseTo(
        timeline.overview.shares[bucket * activities.length + activities.indexOf(activity)] ?? 0,
        3,
      );
  }
  expect(known).toBeGreaterThan(buckets / 2);

  const html = htmlPage(run.uri, 'rush.npu', run.results, bundle());
  const context = await browser().newContext({ viewport: { width: 1200, height: 900 }, colorScheme: 'light' });
  const page = await context.newPage();
  await page.route('https://report.example/**', (route) => route.fulfill({ contentType: 'text/html', body: html }));
  await page.goto('https://report.example/rush.html');
  await settle(page);
  const plot = page.getByTestId('timeline-plot');
  const late = Array.from(timeline.switches.startSeconds).findIndex(
    (at, i) => at > timeline.segments.windowEndSeconds + 0.1 && timeline.switches.toBurst[i] === 1,
  );
  expect(late).toBeGreaterThanOrEqual(0);
  for (let i = 0; i <= late && i < 400; i++) await plot.press('n');
  for (let zoom = 0; zoom < 2; zoom++) await plot.press('+');
  await settle(page);
  const said = await textOf(page, 'timeline-legend');
  expect(said).toMatch(/^at [\d.]+ s, in burst mode; shares from [\d.]+ s to [\d.]+ s; open the design in the editor/);
  await page.screenshot({ path: '.artifacts/webview/standalone-deep.png', fullPage: true });
  await context.close();
});
