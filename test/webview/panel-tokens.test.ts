import { expect, test } from 'vitest';
import { fixtureResults, fixtureState, fixtureUpdate } from './fixtures.ts';
import { checkAccessible, checkWidth, drawn, panelTests, textOf } from './harness.ts';
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
    await update(fixtureUpdate(fixtureState('fresh', { uri: chat.uri }), chat.results));
    for (const id of ids) expect(await page.getByTestId(`figure-${id}`).isVisible(), id).toBe(true);
    expect(await textOf(page, 'ttft-finding')).toMatch(/^Half of the requests got their first token within [\d.]+\sms/);
    expect(await textOf(page, 'tpot-finding')).toMatch(/for each further token/);
    expect(await textOf(page, 'kv-finding')).toMatch(/blocks of 16\stokens/);
    expect(await textOf(page, 'steps-finding')).toMatch(/^The chip ran [\d,]+\ssteps\. A step had [\d.]+\ssequences/);
    const sum = (column: Float64Array) => column.reduce((a, b) => a + b, 0);
    const { steps, prefillTokens } = tokens.series;
    expect(await drawn(panel, 'steps-prefillTokens')).toBeCloseTo(sum(prefillTokens) / sum(steps), 6);
    expect(await drawn(panel, 'kv-used')).toBe(tokens.kv.meanFraction);
    expect(await drawn(panel, 'figure-ttft-0')).toBe(tokens.ttft.p99);
    await checkWidth(panel, 'tokens');
    await checkAccessible(panel);
  });
});

test('another network has none of these plots', async () => {
  await withPanel({}, async ({ page, update }) => {
    await update(fixtureUpdate(fixtureState('fresh'), fixtureResults()));
    for (const id of ids) expect(await page.getByTestId(`figure-${id}`).isVisible(), id).toBe(false);
    expect(await page.getByTestId('figure-ttft-0').count()).toBe(0);
  });
});
