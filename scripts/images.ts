import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright-core';
import { buildAll } from './build.ts';
import { repositoryFolder } from './vscode/artifacts.ts';
import { openWorkbench, temporaryCopy } from './vscode/open-workbench.ts';
import { until } from './vscode/wait.ts';
import { openFile, replaceLine, runCommand, save, webviewFrame } from './vscode/workbench.ts';

/* `npm run images` takes the pictures of docs/images again, in real VS Code, as a reader of the README would see it. */

const dark = 'Default Dark Modern';
const light = 'Default Light Modern';

interface Picture {
  readonly name: string;
  readonly theme: string;
  readonly file: string;
  /** The steps from the opened file to the picture. */
  readonly pose: (page: Page) => Promise<void>;
}

const pictures: readonly Picture[] = [
  { name: 'editor-violated', theme: light, file: 'rush.npu', pose: (page) => rushAt(page, '24000 rps') },
  { name: 'editor-met', theme: dark, file: 'rush.npu', pose: (page) => rushAt(page, '13000 rps') },
  { name: 'editor-explore', theme: light, file: 'explore.npu', pose: exploreSizes },
  {
    name: 'chat-violated',
    theme: light,
    file: 'chat.npu',
    pose: chatInBaseMode,
  },
  { name: 'chat-tokens', theme: light, file: 'chat.npu', pose: chatTokens },
];

async function rushAt(page: Page, load: string): Promise<void> {
  const text = readFileSync(path.join(repositoryFolder, 'examples', 'rush.npu'), 'utf8').split('\n');
  await replaceLine(page, text.findIndex((line) => line.startsWith('let peak')) + 1, `let peak = ${load}`);
  await page.keyboard.press('Escape');
  await save(page);
  await drawnRun(page, /ResNet50/);
}

/** The chat service with another scheduler. */
async function chatAt(page: Page, scheduler: string): Promise<Awaited<ReturnType<typeof webviewFrame>>> {
  const text = readFileSync(path.join(repositoryFolder, 'examples', 'chat.npu'), 'utf8').split('\n');
  const line = text.findIndex((one) => one.trim().startsWith('scheduler')) + 1;
  await replaceLine(page, line, scheduler);
  await page.keyboard.press('Escape');
  await save(page);
  return await drawnRun(page, /Llama31_8B/);
}

async function chatInBaseMode(page: Page): Promise<void> {
  await chatAt(page, '  scheduler { burst: never }');
}

/** The plots of tokens, which are below those of every network. */
async function chatTokens(page: Page): Promise<void> {
  const frame = await chatAt(page, '  scheduler { burst: slack { guard: 10 % } }');
  await frame.getByTestId('figure-ttft').scrollIntoViewIfNeeded();
  await frame.getByTestId('figure-ttft').evaluate((plot) => plot.scrollIntoView({ block: 'start' }));
}

async function exploreSizes(page: Page): Promise<void> {
  await save(page);
  const frame = await drawnRun(page, /Sizing/);
  await frame.getByTestId('explore-row-Sizing').click();
  await frame.getByTestId('explore-start').click();
  await until(
    'the tried designs',
    async () => (await frame.getByTestId('explore').getAttribute('data-phase')) === 'done',
    300_000,
  );
}

async function drawnRun(page: Page, text: RegExp): Promise<Awaited<ReturnType<typeof webviewFrame>>> {
  const frame = await webviewFrame(page, text);
  await until('the drawn run', async () => {
    const content = frame.getByTestId('content');
    const stale = (await content.getAttribute('data-stale')) === 'true';
    return !stale && ((await content.getAttribute('data-drawn')) ?? '') !== '';
  });
  return frame;
}

async function take({ name, theme, file, pose }: Picture): Promise<string> {
  const examples = temporaryCopy(path.join(repositoryFolder, 'examples'));
  const workbench = await openWorkbench({
    folder: examples.folder,
    extension: repositoryFolder,
    viewport: { width: 1500, height: 940 },
    settings: {
      'workbench.colorTheme': theme,
      'editor.minimap.enabled': false,
      'workbench.activityBar.location': 'hidden',
      // No list of suggestions covers the picture.
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.suggestOnTriggerCharacters': false,
    },
  });
  try {
    const { page } = workbench;
    await openFile(page, file);
    await runCommand(page, 'View: Close Primary Side Bar').catch(() => undefined);
    await runCommand(page, 'Stimpack: Open Results Beside the Editor');
    await pose(page);
    // A place where the pointer highlights nothing. Over the editor it would show scroll bars, over a border the
    // border.
    await page.mouse.move(250, 17);
    await page.waitForTimeout(800);
    const image = path.join(repositoryFolder, 'docs', 'images', `${name}.png`);
    mkdirSync(path.dirname(image), { recursive: true });
    await page.screenshot({ path: image });
    return image;
  } finally {
    await workbench.close();
    examples.remove();
  }
}

/** Names of pictures; all pictures if none is given. */
const wanted = process.argv.slice(2);
await buildAll();
for (const picture of pictures) {
  if (wanted.length === 0 || wanted.includes(picture.name))
    console.log(path.relative(repositoryFolder, await take(picture)));
}
