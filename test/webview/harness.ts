import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { beforeAll, expect } from 'vitest';
import type { HostMessage, Packed, PanelMessage, RunUpdate, SegmentsRequest } from '../../protocol/index.ts';
import { panelHtml } from '../../protocol/index.ts';
import { webviewBuildOptions } from '../../scripts/build-webview.ts';
import { launchChromium } from '../../scripts/vscode/chromium.ts';
import type { Theme, ThemeName } from './themes.ts';
import { themes } from './themes.ts';

/* The built bundle in a real page with the real security policy, and an editor that only records messages. */

const root = fileURLToPath(new URL('../..', import.meta.url));
export const screenshotFolder = `${root}.artifacts/screenshots`;
mkdirSync(screenshotFolder, { recursive: true });

/**
 * A picture of a whole page takes a second and only helps a reader. It is taken with `STIMPACK_PICTURES=yes`, and for a
 * page whose test fails.
 */
const takesPictures = process.env.STIMPACK_PICTURES === 'yes';

/**
 * The themes in which a test shows a page. All of them if pictures are taken, else only the first, because the checks
 * are the same in each.
 */
export function looks<Look>(...all: readonly [Look, ...Look[]]): readonly Look[] {
  return takesPictures ? all : [all[0]];
}

export const themeNames = [
  'dark',
  'light',
  'highContrast',
  'highContrastLight',
] as const satisfies readonly ThemeName[];

export interface Bundle {
  readonly script: string;
  readonly style: string;
}

export async function buildPanel(): Promise<Bundle> {
  const result = await build({ ...webviewBuildOptions(), absWorkingDir: root, write: false });
  const text = (suffix: string) => {
    const file = result.outputFiles.find((output) => output.path.endsWith(suffix));
    if (file === undefined) throw new Error(`the bundle has no ${suffix}`);
    return file.text;
  };
  return { script: text('.js'), style: text('.css') };
}

export interface OpenOptions {
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** What `getState` returns to the page: the state of an earlier page. */
  readonly state?: unknown;
  readonly reducedMotion?: boolean;
  /** Device pixels per CSS pixel: 2 at a zoom of 200 %. */
  readonly scale?: number;
}

export interface OpenPanel {
  /** The caller closes it. */
  readonly page: Page;
  readonly update: (update: RunUpdate) => Promise<void>;
  readonly send: (message: HostMessage) => Promise<void>;
  readonly setTheme: (theme: ThemeName) => Promise<void>;
  /** Without `keep` messages, which the page sends whenever it is idle. */
  readonly sent: () => Promise<readonly PanelMessage[]>;
  /** The last state that the page sent in a `keep` message. */
  readonly kept: () => Promise<unknown>;
  readonly savedState: () => Promise<unknown>;
  /** Errors and violations of the security policy since the page opened. */
  readonly problems: readonly string[];
  /** Takes a picture of the whole page, if pictures are taken. */
  readonly shoot: (name: string) => Promise<void>;
}

const origin = 'https://panel.example';

/** Runs in the page before its scripts. It is a text, because these tests have the types of Node, which has no `window`. */
const fakeEditor = (state: unknown) => `
  window.__sent = [];
  window.__state = ${JSON.stringify(state ?? null)} ?? undefined;
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.__sent.push(message),
    getState: () => window.__state,
    setState: (state) => { window.__state = structuredClone(state); },
  });
  window.__post = (message, base64) => {
    if (base64 !== null) {
      const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
      (message.segments ?? message.answer?.result ?? message.update.results ?? message.update.previews).buffer = bytes.buffer;
    }
    window.postMessage(message, '*');
  };
  window.__theme = (theme) => {
    for (const name of [...document.documentElement.style]) document.documentElement.style.removeProperty(name);
    for (const [name, value] of Object.entries(theme.variables)) {
      document.documentElement.style.setProperty('--vscode-' + name, value);
    }
    document.body.className = theme.classes;
  };
`;

/** The open contexts, by device scale, which an open page cannot change. */
const contexts = new WeakMap<Browser, Map<number, Promise<BrowserContext>>>();

/**
 * The context for pages of this scale. It is a profile of Chromium, and a new one takes three times as much processor time as a new page. Pages can
 * share it because the panel stores nothing in the browser.
 */
function contextOf(browser: Browser, scale: number): Promise<BrowserContext> {
  const byScale = contexts.get(browser) ?? new Map<number, Promise<BrowserContext>>();
  contexts.set(browser, byScale);
  const context = byScale.get(scale) ?? browser.newContext({ deviceScaleFactor: scale });
  byScale.set(scale, context);
  return context;
}

export async function openPanel(browser: Browser, bundle: Bundle, options: OpenOptions = {}): Promise<OpenPanel> {
  const context = await contextOf(browser, options.scale ?? 1);
  const page = await context.newPage();
  await page.setViewportSize({ width: options.width ?? 1200, height: options.height ?? 900 });
  await page.emulateMedia({ reducedMotion: options.reducedMotion === true ? 'reduce' : 'no-preference' });
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  const html = panelHtml({
    cspSource: origin,
    nonce: 'dGVzdA',
    scriptUri: `${origin}/panel.js`,
    styleUri: `${origin}/panel.css`,
  });
  await page.route(`${origin}/**`, (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: html });
    if (pathname === '/panel.js') return route.fulfill({ contentType: 'text/javascript', body: bundle.script });
    if (pathname === '/panel.css') return route.fulfill({ contentType: 'text/css', body: bundle.style });
    return route.fulfill({ status: 204 });
  });
  await page.addInitScript(fakeEditor(options.state));
  await page.goto(`${origin}/`);
  const setTheme = async (name: ThemeName) => {
    const theme: Theme = themes[name];
    await page.evaluate(`__theme(${JSON.stringify(theme)})`);
    await settle(page);
  };
  await setTheme(options.theme ?? 'dark');
  const post = async (message: HostMessage, buffer: ArrayBuffer | null) => {
    const base64 = buffer === null ? null : Buffer.from(buffer).toString('base64');
    await page.evaluate(`__post(${JSON.stringify(message)}, ${JSON.stringify(base64)})`);
    await settle(page);
  };
  return {
    page,
    problems,
    setTheme,
    send: (message) => post(message, bufferOf(message)),
    update: (update) => post({ type: 'update', update }, (update.results ?? update.previews)?.buffer ?? null),
    sent: () => page.evaluate("__sent.filter(({ type }) => type !== 'keep')"),
    kept: () => page.evaluate("__sent.findLast(({ type }) => type === 'keep')?.state ?? null"),
    savedState: () => page.evaluate('__state'),
    shoot: async (name) => {
      if (takesPictures) await picture(page, name);
    },
  };
}

async function picture(page: Page, name: string): Promise<void> {
  await page.screenshot({ path: `${screenshotFolder}/${name}.png`, fullPage: true });
}

/** Messages are sent as text here, so columns need an encoding. */
function bufferOf(message: HostMessage): ArrayBuffer | null {
  if (message.type === 'segments') return message.segments.buffer;
  if (message.type === 'explore' && 'result' in message.answer) return message.answer.result?.buffer ?? null;
  return null;
}

/** Waits two frames: one for the work, one until it is on screen. Then until every plot is drawn, which takes some more frames. */
export async function settle(page: Page): Promise<void> {
  await page.evaluate(
    `new Promise((done) => {
      const look = () => document.querySelector('[data-drawing]') === null ? done() : requestAnimationFrame(look);
      requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(look, 0)));
    })`,
  );
}

/** One browser and one bundle, and a new page for each use. */
export interface PanelTests {
  readonly bundle: () => Bundle;
  readonly browser: () => Browser;
  /** Fails on script errors and on violations of the security policy. */
  readonly withPanel: (options: OpenOptions, use: (panel: OpenPanel) => Promise<void>) => Promise<void>;
}

interface Shared {
  readonly browser: Browser;
  readonly bundle: Bundle;
}

let sharing: Promise<Shared> | undefined;

/** Test files share the modules of their worker (vitest.config.ts), so they share one browser. It ends with the worker's process. */
function startOnce(): Promise<Shared> {
  sharing ??= Promise.all([launchChromium(), buildPanel()]).then(([browser, bundle]) => ({ browser, bundle }));
  return sharing;
}

/** Registers the hook that starts them. */
export function panelTests(): PanelTests {
  let browser: Browser | undefined;
  let bundle: Bundle | undefined;
  beforeAll(async () => {
    ({ browser, bundle } = await startOnce());
  });
  const started = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error('the tests have not started yet');
    return thing;
  };
  return {
    bundle: () => started(bundle),
    browser: () => started(browser),
    withPanel: async (options, use) => {
      const panel = await openPanel(started(browser), started(bundle), options);
      try {
        await use(panel);
        expect(panel.problems).toEqual([]);
      } catch (error) {
        const name = expect.getState().currentTestName ?? 'a test';
        await picture(panel.page, `failed ${name.replaceAll(/\W+/gu, ' ').slice(0, 100)}`).catch(() => undefined);
        throw error;
      } finally {
        await panel.page.close();
      }
    },
  };
}

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** The rules of axe whose answer depends on colours. */
const colourRules = ['color-contrast', 'link-in-text-block'] as const;

/**
 * The rows of a table from the 25th on, which axe leaves out. They have the elements and classes of those before them,
 * and the contrast of 1,600 cells took two thirds of the time of these tests.
 */
const furtherRows = 'tbody tr:nth-child(n+25)';

/** The problems that axe finds; empty if there are none. `rules`: all if absent. */
export async function accessibilityProblems(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Half a megabyte of source, so it is loaded once for each page.
  if (!(await page.evaluate("'axe' in window"))) await page.evaluate(axe);
  const options = { resultTypes: ['violations'], ...(rules === undefined ? {} : { runOnly: rules }) };
  return page.evaluate(`axe.run(${JSON.stringify({ exclude: [furtherRows] })}, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary).join(' | ')))`);
}

/** Answers the requests of the page, as a host does, until none is left. */
export async function answerSegments(
  { page, sent, send }: OpenPanel,
  segments: (request: SegmentsRequest) => Packed,
  answered: Set<string> = new Set(),
): Promise<void> {
  for (let quiet = 0; quiet < 8; quiet++) {
    for (const message of await sent()) {
      if (message.type !== 'segments' || answered.has(JSON.stringify(message.request))) continue;
      answered.add(JSON.stringify(message.request));
      await send({ type: 'segments', request: message.request, segments: segments(message.request) });
      quiet = 0;
    }
    await page.waitForTimeout(50);
  }
}

/** The visible text. */
export async function textOf(page: Page, id: string): Promise<string> {
  return page.getByTestId(id).innerText();
}

/** The exact number behind a displayed value. */
export async function drawn({ page }: OpenPanel, id: string): Promise<number> {
  return Number(await page.getByTestId(id).getAttribute('data-value'));
}

/** Waits until no change of the page is pending, except endless animations. */
export async function atRest(page: Page): Promise<void> {
  await page.evaluate(`Promise.all(document.getAnimations()
    .filter((each) => each.effect?.getComputedTiming().iterations !== Infinity)
    .map((each) => each.finished.catch(() => undefined))).then(() => undefined)`);
}

/**
 * Shows an open page in each theme in turn, as VS Code does when the user changes the theme. A failure names the theme.
 */
export async function inEachTheme(panel: OpenPanel, check: (theme: ThemeName) => Promise<void>): Promise<void> {
  for (const theme of themeNames) {
    await panel.setTheme(theme);
    await atRest(panel.page);
    try {
      await check(theme);
    } catch (cause) {
      throw new Error(`in the theme '${theme}': ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    }
  }
}

/** A page below this width has the colours of a wide one, in one column. */
const wide = 600;

/** Checks that axe finds no problem. Rules that do not depend on colours run in the first theme only. */
async function checkAccessibleIn({ page }: OpenPanel, theme: ThemeName): Promise<void> {
  const isFirst = theme === themeNames[0];
  if (!isFirst && (page.viewportSize()?.width ?? 0) < wide) return;
  const problems = await accessibilityProblems(page, isFirst ? undefined : colourRules);
  expect(problems.join('\n')).toBe('');
}

async function checkWidthIn({ page, shoot }: OpenPanel, theme: ThemeName, name: string): Promise<void> {
  await shoot(`${name}-${theme}`);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(page.viewportSize()?.width);
}

/** Checks that axe finds no problem: in any theme, and on a narrow page in the first one. */
export async function checkAccessible(panel: OpenPanel): Promise<void> {
  await inEachTheme(panel, (theme) => checkAccessibleIn(panel, theme));
}

/** Checks that nothing is wider than the page in any theme. Takes a picture of each. */
export async function checkWidth(panel: OpenPanel, name: string): Promise<void> {
  await inEachTheme(panel, (theme) => checkWidthIn(panel, theme, name));
}

/** Both checks. The page is drawn once in each theme. */
export async function checkLooks(panel: OpenPanel, name: string): Promise<void> {
  await inEachTheme(panel, async (theme) => {
    await checkWidthIn(panel, theme, name);
    await checkAccessibleIn(panel, theme);
  });
}
