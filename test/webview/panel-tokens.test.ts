import { expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { answerSegments, checkLooks, drawn, panelTests, textOf } from './harness.ts';
import { realRun } from './real-run.ts';

/* The plots of a language model, of a real run. */

const { withPanel } = panelTests();

const chat = await realRun(
  () => `
import "stimpack/tpuv4i"
import "stimpack/gpt2"

scenario Chat {
  npu: TPUv4i
  duration: 60 s
  serve Gpt2 {
    arrivals: poisson(20 rps)
    tokens { in: lognormal(mean: 300, sigma: 0.6), out: lognormal(mean: 100, sigma: 0.6) }
    batch { sequences: 8 }
    slo { p99 ttft <= 100 ms, p95 tpot <= 2 ms, throughput >= 500 tokens/s }
  }
}
`,
);
const tokens = chat.results[0]?.main.serves[0]?.tokens;
if (tokens === undefined) throw new Error('no tokens');

const ids = ['ttft', 'tpot', 'token-rate', 'steps', 'kv'];

test('a language model has plots of its tokens, steps and KV cache', { timeout: 60_000 }, async () => {
  await withPanel({ width: 1000 }, async (panel) => {
    const { page, update } = panel;
    // The contents of another run must not list them before its plots are drawn.
    for (const id of ids) expect(await page.getByTestId(`figure-${id}`).getAttribute('hidden'), id).toBe('');
    await update(fixtureUpdate(fixtureState('fresh', { uri: chat.uri }), chat.results));
    for (const id of ids) expect(await page.getByTestId(`figure-${id}`).isVisible(), id).toBe(true);
    expect(await textOf(page, 'ttft-finding')).toMatch(
      /^Half of the requests got their first token within [\d.]+\s[mµ]?s/,
    );
    expect(await textOf(page, 'tpot-finding')).toMatch(/for each further token/);
    expect(await textOf(page, 'kv-finding')).toMatch(/blocks of 16\stokens/);
    expect(await textOf(page, 'steps-finding')).toMatch(/^The chip ran [\d,]+\ssteps\. A step had [\d.]+\ssequences/);
    const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
    const { steps, prefillTokens } = tokens.series;
    expect(await drawn(panel, 'steps-prefillTokens')).toBeCloseTo(sum(prefillTokens) / sum(steps), 6);
    expect(await drawn(panel, 'kv-used')).toBe(tokens.kv.meanFraction);
    expect(await drawn(panel, 'figure-ttft-0')).toBe(tokens.ttft.p99);
    // A limit in tokens per second is no limit of requests per second.
    expect(await textOf(page, 'token-rate-legend')).toContain('500 tokens/s');
    expect(await textOf(page, 'throughput-legend')).not.toContain('500 tokens/s');
    await checkLooks(panel, 'tokens');
  });
});

test('another network has none of these plots', async () => {
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), fixtureResults()));
    for (const id of ids) expect(await page.getByTestId(`figure-${id}`).isVisible(), id).toBe(false);
    expect(await page.getByTestId('figure-ttft-0').count()).toBe(0);
  });
});

test('shows what a language model did for one request; the parts add up to its latency', {
  timeout: 60_000,
}, async () => {
  await withPanel({ width: 1000, height: 1000 }, async (panel) => {
    const { page, update, shoot } = panel;
    await update(fixtureUpdate(fixtureState('fresh', { uri: chat.uri }), chat.results));
    const plot = page.getByTestId('latency-plot');
    await plot.focus();
    for (let step = 0; step < 40; step++) await page.keyboard.press('ArrowRight');
    // The slowest request at the cursor.
    await page.keyboard.press('r');
    await answerSegments(panel, chat.segments);
    const story = await textOf(page, 'request-story');
    expect(story).toMatch(
      /The first token came [\d.]+\s[mµ]?s later, after a prompt of [\d,]+\stokens(?: in \d+ steps)?\./,
    );
    expect(story).toMatch(/The other \d+ took [\d.]+\s[mµ]?s, [\d.]+\s[mµ]?s for each\./);
    const took = Number(/It took ([\d.]+)\sms/.exec(story)?.[1]) / 1000;
    const parts = await page
      .locator('[data-testid="request-parts"] [data-part]')
      .evaluateAll((items) => items.map((item) => Number(item.getAttribute('data-value'))));
    expect(parts.length).toBeGreaterThan(2);
    expect(parts.reduce((sum, seconds) => sum + seconds, 0) / took).toBeCloseTo(1, 2);
    await shoot('token-request');
  });
});
