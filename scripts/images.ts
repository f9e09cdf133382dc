import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { buildAll } from './build.ts';
import { repositoryFolder } from './vscode/artifacts.ts';
import { openWorkbench, temporaryCopy } from './vscode/open-workbench.ts';
import { until } from './vscode/wait.ts';
import { openFile, replaceLine, runCommand, save, webviewFrame } from './vscode/workbench.ts';

/* `npm run images`: takes the pictures of docs/images anew, in real VS Code, as a reader of the README would see it. */

const pictures = [
  { name: 'editor-violated', theme: 'Default Light Modern', load: '24000 rps' },
  { name: 'editor-met', theme: 'Default Dark Modern', load: '12000 rps' },
] as const;

async function take({ name, theme, load }: (typeof pictures)[number]): Promise<string> {
  const examples = temporaryCopy(path.join(repositoryFolder, 'examples'));
  const workbench = await openWorkbench({
    folder: examples.folder,
    extension: repositoryFolder,
    viewport: { width: 1500, height: 940 },
    settings: {
      'workbench.colorTheme': theme,
      'editor.minimap.enabled': false,
      'workbench.activityBar.location': 'hidden',
      // What is typed is finished: no list of suggestions over the picture.
      'editor.quickSuggestions': { other: 'off', comments: 'off', strings: 'off' },
      'editor.suggestOnTriggerCharacters': false,
    },
  });
  try {
    const { page } = workbench;
    await openFile(page, 'rush.npu');
    await runCommand(page, 'View: Close Primary Side Bar').catch(() => undefined);
    await runCommand(page, 'Stimpack: Open Results Beside the Editor');
    const text = readFileSync(path.join(examples.folder, 'rush.npu'), 'utf8').split('\n');
    await replaceLine(page, text.findIndex((line) => line.startsWith('let peak')) + 1, `let peak = ${load}`);
    await page.keyboard.press('Escape');
    await save(page);
    const frame = await webviewFrame(page, /ResNet50/);
    await until('the drawn run', async () => {
      const content = frame.getByTestId('content');
      const stale = (await content.getAttribute('data-stale')) === 'true';
      return !stale && ((await content.getAttribute('data-drawn')) ?? '') !== '';
    });
    await page.waitForTimeout(500);
    const file = path.join(repositoryFolder, 'docs', 'images', `${name}.png`);
    mkdirSync(path.dirname(file), { recursive: true });
    await page.screenshot({ path: file });
    return file;
  } finally {
    await workbench.close();
    examples.remove();
  }
}

await buildAll();
for (const picture of pictures) console.log(path.relative(repositoryFolder, await take(picture)));
