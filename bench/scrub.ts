import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { type RunNotification, runRequest, valuesAround } from '../protocol/index.ts';
import { launchChromium } from '../scripts/vscode/chromium.ts';
import { TestServer } from '../test/server/language-server.ts';
import { buildPanel, openPanel } from '../test/webview/harness.ts';

/*
 * Measures how many values per second the panel shows while a slider moves: from the changed text, through a run of the built server, to the frame of
 * Chromium in which the verdicts, or all visible plots, belong to the new value. The next value is written as soon as the run of the last one has ended,
 * as the client does it. VS Code itself is not included.
 * Run: npm run build && npx tsx bench/scrub.ts
 */

const seconds = 5;

/** A file, and the number that moves. */
const scrubs = [
  { file: 'examples/rush.npu', number: /(?<=let peak = )\d+/u },
  { file: 'examples/chat.npu', number: /(?<=p95 tpot <= )\d+/u },
  { file: 'examples/chat.npu', number: /(?<=poisson\()\d+(?= rps)/u },
];

/** Shows a state in the page. The answer comes when the screen shows the attribute that marks it. */
async function show(page: Page, { state, results, early }: RunNotification, attribute: string): Promise<void> {
  const update = { state, results: results === null ? null : { tree: results.tree, buffer: null }, early };
  await page.evaluate(`new Promise((done) => {
    __post(${JSON.stringify({ type: 'update', update })}, ${JSON.stringify(results?.columnsBase64 ?? null)});
    const content = document.querySelector('[data-testid=content]');
    const look = () => Number(content.dataset.${attribute} ?? -1) >= ${state.sequence} ? done() : requestAnimationFrame(look);
    look();
  })`);
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

const browser = await launchChromium();
const bundle = await buildPanel();
try {
  for (const { file, number } of scrubs) {
    const uri = pathToFileURL(path.resolve(file)).href;
    const text = readFileSync(file, 'utf8');
    const first = number.exec(text)?.[0];
    if (first === undefined) throw new Error(`${file} has no number for ${number}`);
    const values = valuesAround(first);
    const { server } = await TestServer.start();
    const panel = await openPanel(browser, bundle, { width: 500, height: 900 });
    await server.open(uri, text);
    await show(panel.page, await server.phase(uri, 'fresh'), 'drawn');
    const runs: number[] = [];
    const verdicts: number[] = [];
    const plots: number[] = [];
    const until = performance.now() + seconds * 1000;
    for (let i = 0; performance.now() < until; i++) {
      // Back and forth, so that each value differs from the last one.
      const at = i % (2 * values.length - 2);
      const value = values[at < values.length ? at : 2 * values.length - 2 - at] ?? first;
      const start = performance.now();
      const before = server.states.length;
      await server.change(uri, text.replace(number, value));
      await server.request(runRequest, { uri, action: 'run' });
      const isEnd = ({ state }: RunNotification): boolean => state.uri === uri && state.phase === 'fresh';
      const end = await server.until(() => server.states.slice(before).find(isEnd));
      runs.push(performance.now() - start);
      await show(panel.page, end, 'judged');
      verdicts.push(performance.now() - start);
      await panel.page.evaluate(`new Promise((done) => {
        const look = () => Number(document.querySelector('[data-testid=content]').dataset.drawn) >= ${end.state.sequence} ? done() : requestAnimationFrame(look);
        look();
      })`);
      plots.push(performance.now() - start);
    }
    const rate = (times: readonly number[]): string => `${(1000 / median(times)).toFixed(1)}/s`;
    console.log(
      `${file}, ${first} at ${number}: ${plots.length} values; runs ${rate(runs)}, verdicts ${rate(verdicts)}, all plots ${rate(plots)} (medians)`,
    );
    for (const problem of panel.problems) console.log(`problem: ${problem}`);
    await panel.page.close();
    await server.stop();
  }
  console.log(`load of the machine, over a minute: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await browser.close();
}
