import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { htmlPage } from '../../cli/html-page.ts';
import { embeddableScript, pack, standaloneHtml } from '../../protocol/index.ts';
import { explored, sizing } from './fixture-exploration.ts';
import { fixtureResults, fixtureState } from './fixtures.ts';
import { panelTests, settle } from './harness.ts';

const { browser, bundle } = panelTests();

test('a page by itself draws its run, with nothing fetched and nothing that its policy forbids', async () => {
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
  // Nobody to run, reveal or open anything: none of it is offered.
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

test('a page of an exploration opens on its designs, and leads to the run of the design as it is written', async () => {
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
  // Nobody here can try, stop or show the text.
  for (const id of ['explore-start', 'explore-stop', 'explore-source', 'source-goal0'])
    expect(await page.getByTestId(id).isVisible()).toBe(false);
  await page.screenshot({ path: '.artifacts/webview/standalone-explore.png', fullPage: true });
  await page.getByTestId('explore-scenario').click();
  await settle(page);
  expect(await page.getByTestId('figure-latency').isVisible()).toBe(true);
  expect(problems).toEqual([]);
  await context.close();
});
