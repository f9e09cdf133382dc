import { readFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import {
  type EncodedColumns,
  type RunNotification,
  type RunPhase,
  runRequest,
  valuesAround,
} from '../protocol/index.ts';
import { launchChromium } from '../scripts/vscode/chromium.ts';
import { TestServer } from '../test/server/language-server.ts';
import { buildPanel, openPanel } from '../test/webview/harness.ts';

/*
 * Measures how many values per second the panel shows while a slider moves: from the changed text, through a run of the built server, to the frame of
 * Chromium in which the verdicts, or all plots, belong to the new value. First with previews, as while a number is dragged, then with whole runs, as when
 * it rests. The next value is written as soon as the last one is shown. VS Code itself is not included.
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
async function show(
  page: Page,
  { state, results, early, previews }: RunNotification,
  attribute: string,
): Promise<void> {
  const withoutColumns = (packed: EncodedColumns) => ({ tree: packed.tree, buffer: null });
  const update = {
    state,
    results: results === null ? null : withoutColumns(results),
    early,
    ...(previews === undefined ? {} : { previews: withoutColumns(previews) }),
  };
  await page.evaluate(`new Promise((done) => {
    __post(${JSON.stringify({ type: 'update', update })}, ${JSON.stringify((results ?? previews)?.columnsBase64 ?? null)});
    const content = document.querySelector('[data-testid=content]');
    const look = () => Number(content.dataset.${attribute} ?? -1) >= ${state.sequence} ? done() : requestAnimationFrame(look);
    look();
  })`);
}

/** The times from the changed text to each step, and the rates of their medians. */
class Times {
  private readonly all = new Map<string, number[]>();

  add(step: string, start: number): void {
    this.all.set(step, [...(this.all.get(step) ?? []), performance.now() - start]);
  }

  get text(): string {
    return [...this.all]
      .map(([step, times]) => {
        const median = times.toSorted((a, b) => a - b)[times.length >> 1] ?? Number.NaN;
        return `${step} ${(1000 / median).toFixed(1)}/s (median of ${times.length})`;
      })
      .join(', ');
  }
}

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
    let step = 0;
    /** Writes the next value, back and forth, so that each differs from the last one. The answer is the state at the end of its run. */
    const write = async (action: 'preview' | 'run', phase: RunPhase): Promise<RunNotification> => {
      const at = step++ % (2 * values.length - 2);
      const value = values[at < values.length ? at : 2 * values.length - 2 - at] ?? first;
      const before = server.states.length;
      await server.change(uri, text.replace(number, value));
      await server.request(runRequest, { uri, action });
      const isEnd = ({ state }: RunNotification): boolean =>
        state.uri === uri && (state.phase === phase || state.phase === 'fresh');
      return server.until(() => server.states.slice(before).find(isEnd));
    };
    const drag = new Times();
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      const start = performance.now();
      const state = await write('preview', 'preview');
      drag.add('previews', start);
      // Of a finished run, all is shown already.
      if (state.early === undefined) continue;
      await show(panel.page, state, 'judged');
      drag.add('verdicts', start);
      if (state.previews === undefined) continue;
      const { previews: _, ...shown } = state;
      await show(panel.page, shown, 'previewed');
      drag.add('plots', start);
    }
    const rest = new Times();
    for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
      const start = performance.now();
      const state = await write('run', 'fresh');
      rest.add('runs', start);
      if (state.results === null) continue;
      await show(panel.page, state, 'judged');
      rest.add('verdicts', start);
      await show(panel.page, { ...state, results: null }, 'drawn');
      rest.add('all plots', start);
    }
    console.log(`${file}, ${first} at ${number}`);
    console.log(`  while it is dragged: ${drag.text}`);
    console.log(`  whole runs: ${rest.text}`);
    for (const problem of panel.problems) console.log(`problem: ${problem}`);
    await panel.page.close();
    await server.stop();
  }
  console.log(`load of the machine, over a minute: ${loadavg()[0]?.toFixed(1)}`);
} finally {
  await browser.close();
}
