import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from './chromium.ts';
import { quietSettings, type Settings, vsCodeFolder } from './code-server.ts';
import { PATIENCE_MS } from './wait.ts';
import { exactTyping, stillWindow } from './workbench.ts';

/*
 * VS Code for the Web: the workbench without a server, as vscode.dev has it. Extensions run in a web worker and are loaded by HTTP. The page and the
 * extension host have different origins (a name below localhost, which Chromium resolves itself).
 */

export interface WebWorkbenchOptions {
  /** The URI of the folder to open. One of the extensions provides its files. */
  readonly folder: { readonly scheme: string; readonly path: string };
  /** Folders of unpacked extensions. */
  readonly extensions: readonly string[];
  readonly viewport?: { readonly width: number; readonly height: number };
}

export interface WebWorkbench {
  readonly page: Page;
  /** What extensions have sent so far with POST to `/reports/NAME`, by name. */
  readonly reports: ReadonlyMap<string, string>;
  /** The console of the page and of its workers so far. */
  readonly log: readonly string[];
  close(): Promise<void>;
}

export async function openWebWorkbench(options: WebWorkbenchOptions): Promise<WebWorkbench> {
  const { server: vscode } = await vsCodeFolder();
  const reports = new Map<string, string>();
  const site = await serveSite(vscode, options, reports);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    site.close();
  };
  try {
    browser = await launchChromium();
    const page = await browser.newPage({ viewport: options.viewport ?? { width: 1280, height: 800 } });
    page.setDefaultTimeout(PATIENCE_MS);
    const log: string[] = [];
    page.on('console', (message) => log.push(message.text()));
    page.on('pageerror', (error) => log.push(String(error)));
    await page.goto(site.url);
    await page
      .locator('.explorer-folders-view .monaco-list-row')
      .first()
      .waitFor({ timeout: 2 * PATIENCE_MS });
    return { page, reports, log, close };
  } catch (error) {
    await close();
    throw error;
  }
}

interface Site {
  readonly url: string;
  close(): void;
}

async function serveSite(
  vscode: string,
  { folder, extensions }: WebWorkbenchOptions,
  reports: Map<string, string>,
): Promise<Site> {
  const server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(404).end());
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const authority = `localhost:${(server.address() as AddressInfo).port}`;
  const html = pageHtml(vscode, {
    folderUri: folder,
    additionalBuiltinExtensions: extensions.map((_, index) => ({
      scheme: 'http',
      authority,
      path: `/extensions/${index}`,
    })),
    configurationDefaults: { ...quietSettings, ...exactTyping, ...stillWindow } satisfies Settings,
    enableWorkspaceTrust: false,
    userDataPath: '/user',
    isEnabledFileDownloads: true,
    isEnabledFileUploads: true,
    isEnabledCoderGettingStarted: false,
    productConfiguration: {
      enableTelemetry: false,
      quality: 'oss',
      webEndpointUrlTemplate: `http://{{uuid}}.${authority}/static`,
      // The origin of the page: Chromium denies the service worker of a webview in a frame from another site.
      webviewContentExternalBaseUrlTemplate: `http://${authority}/static/out/vs/workbench/contrib/webview/browser/pre/`,
    },
  });

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { pathname } = new URL(request.url ?? '/', `http://${authority}`);
    const [, first = '', ...rest] = normalize(decodeURIComponent(pathname)).split('/');
    const send = (content: string | Buffer, type: string): void => {
      const headers = { 'content-type': type, 'access-control-allow-origin': '*' };
      response.writeHead(200, headers).end(content);
    };
    if (first === '') return send(html, types['.html']);
    if (first === 'reports') {
      reports.set(rest.join('/'), await textOf(request));
      return send('', 'text/plain');
    }
    const base = first === 'static' ? vscode : first === 'extensions' ? extensions[Number(rest.shift())] : undefined;
    if (base === undefined) throw new Error('unknown');
    const path = join(base, ...rest);
    const isMain = pathname.endsWith('/workbench/workbench.js');
    send(
      isMain ? withoutServer(await readFile(path, 'utf8')) : await readFile(path),
      types[extname(path)] ?? 'application/octet-stream',
    );
  };
  return {
    url: `http://${authority}/`,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

const types: Readonly<Record<string, string>> & { readonly '.html': string } = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString('utf8');
}

/** VS Code's own page, with the configuration that its server would write into it. */
function pageHtml(vscode: string, configuration: unknown): string {
  const values: Readonly<Record<string, string>> = {
    WORKBENCH_WEB_CONFIGURATION: JSON.stringify(configuration).replaceAll('"', '&quot;'),
    WORKBENCH_WEB_BASE_URL: '/static',
    WORKBENCH_NLS_FALLBACK_URL: '/static/out/nls.messages.js',
  };
  return readFileSync(join(vscode, 'out/vs/code/browser/workbench/workbench.html'), 'utf8').replace(
    /\{\{(\w+)\}\}/gu,
    (_, name: string) => values[name] ?? '',
  );
}

/** The two places where code-server's workbench expects a server: the window's authority, and the folder of the user's settings. */
const serverPlaces: readonly (readonly [RegExp, string])[] = [
  [/remoteAuthority:location\.host/u, 'remoteAuthority:void 0'],
  [/(\w+\.file\(this\.userDataPath\)\.with\(\{scheme:\w+\.)vscodeRemote\}/u, '$1vscodeUserData}'],
];

function withoutServer(script: string): string {
  return serverPlaces.reduce((text, [place, replacement]) => {
    if (!place.test(text))
      throw new Error(`VS Code's workbench has no ${place.source}: look how this version names it`);
    return text.replace(place, replacement);
  }, script);
}
