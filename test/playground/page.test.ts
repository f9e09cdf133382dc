import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buildPlayground } from '../../scripts/playground.ts';
import { type StaticServer, serveFolder } from '../../scripts/static-server.ts';
import { launchChromium } from '../../scripts/vscode/chromium.ts';
import { until } from '../../scripts/vscode/wait.ts';

const folder = mkdtempSync(join(tmpdir(), 'stimpack-playground-'));
let server: StaticServer;
let browser: Browser;
let context: BrowserContext;

beforeAll(async () => {
  await buildPlayground(folder);
  server = await serveFolder(folder);
  browser = await launchChromium();
  context = await browser.newContext({
    viewport: { width: 1400, height: 900 },
    permissions: ['clipboard-read', 'clipboard-write'],
  });
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Opens the page and fails on any script error and on any request to another host. */
async function open(hash = ''): Promise<{ readonly page: Page; readonly problems: readonly string[] }> {
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(server.url) && !url.startsWith(`blob:${server.url}`)) problems.push(`a request to ${url}`);
  });
  await page.goto(`${server.url}${hash}`);
  return { page, problems };
}

const panelText = (page: Page) => page.frameLocator('#panel-frame').locator('#panel').innerText();
const source = (page: Page) => page.locator('.cm-content').innerText();

/** Replaces the whole text of the editor. */
async function write(page: Page, text: string): Promise<void> {
  await page.locator('.cm-content').click();
  await page.keyboard.press('ControlOrMeta+a');
  await page.keyboard.insertText(text);
}

describe('the page without VS Code', () => {
  it('simulates its first example, with colours and results', async () => {
    const { page, problems } = await open();
    await until('the results of rush.npu', async () => /(meets|violates)/u.test(await panelText(page)));
    await until('colours', () => page.locator('.token-keyword').first().isVisible());
    expect(await page.locator('.token-comment').count()).toBeGreaterThan(0);
    expect(problems).toEqual([]);
    await page.close();
  });

  it('underlines an error while typing, and reports its place', async () => {
    const { page } = await open();
    await write(page, 'npu Chip extends Nothing { }\n');
    await until('an underline', () => page.locator('.cm-lintRange-error').first().isVisible());
    await page.locator('.cm-lintRange-error').first().hover();
    // The server's hover may be visible as well.
    const message = page.locator('.cm-tooltip', { hasText: 'Nothing' }).first();
    await until('the message', () => message.isVisible());
    await page.close();
  });

  it('offers the completions of the language server', async () => {
    const { page } = await open();
    await write(page, 'import "stimpack/stimpack"\n\nnpu Mine extends Stim');
    const offer = page.locator('.cm-tooltip-autocomplete', { hasText: 'Stimpack' });
    // Typing opens the list as well, and a second request for it may close it.
    await until('the offer', async () => {
      if (await offer.isVisible()) return true;
      await page.keyboard.press('Control+Space');
      await page.waitForTimeout(500);
      return offer.isVisible();
    });
    await page.close();
  });

  it('shares a design in a link, which opens it again', async () => {
    const { page } = await open();
    await write(page, '// 60 °C, “quoted”, 芯片\nimport "stimpack/tpuv4i"\n');
    await page.getByRole('button', { name: 'Share' }).click();
    await until('the link', () => Promise.resolve(page.url().includes('#npu=')));
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    const { page: other } = await open(page.url().slice(page.url().indexOf('#')));
    await until('the text', async () => (await source(other)).includes('60 °C, “quoted”, 芯片'));
    await page.close();
    await other.close();
  });

  it.each(['#npu=', '#npu=%%%', '#npu=AAAA', '#npu=S0ktKkosSQUA'])(
    'shows an example and says so for the damaged link %s',
    async (hash) => {
      const { page, problems } = await open(hash);
      const status = page.locator('#status');
      if (hash === '#npu=S0ktKkosSQUA') await until('any text', async () => (await source(page)).length > 0);
      else await until('the reason', async () => (await status.innerText()).includes('damaged'));
      expect(problems).toEqual([]);
      await page.close();
    },
  );

  it('reports that the simulator could not be loaded, and keeps the editor', async () => {
    const page = await context.newPage();
    await page.route('**/server.bin', (route) => route.fulfill({ status: 503 }));
    await page.goto(server.url);
    await until('the reason', async () => (await page.locator('#status').innerText()).includes('could not be loaded'));
    await write(page, 'let kept = 1');
    expect(await source(page)).toBe('let kept = 1');
    await page.close();
  });

  it('has at most 1.2 MB, and its policy allows no other host', () => {
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(1_200_000);
    for (const name of ['index.html', 'panel.html']) {
      expect(readFileSync(join(folder, name), 'utf8')).toContain("default-src 'none'");
    }
  });
});
