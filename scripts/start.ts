import { spawn } from 'node:child_process';
import path from 'node:path';
import { buildAll } from './build.ts';
import { repositoryFolder } from './vscode/artifacts.ts';
import { startVsCode } from './vscode/code-server.ts';
import { findInstalledCode, openInstalledCode } from './vscode/installed-code.ts';
import { openWorkbench } from './vscode/open-workbench.ts';
import { openFile, runCommand, screenshot, webviewFrame } from './vscode/workbench.ts';

/*
 * `npm start` builds, prints the result of the example, and opens the example in VS Code with the extension loaded. It
 * uses the installed `code` if there is one, else VS Code served to a browser. `-- --headless` takes a screenshot
 * instead of waiting for a user. `-- --browser` serves to the browser even if `code` is installed.
 */

const flags = new Set(process.argv.slice(2));
const example = 'rush.npu';

function runExample(folder: string): Promise<number> {
  return new Promise((done) => {
    const cli = path.join(repositoryFolder, 'dist', 'cli.cjs');
    const child = spawn(process.execPath, [cli, 'run', path.join(folder, example)], { stdio: 'inherit' });
    child.on('exit', (code) => done(code ?? 1));
  });
}

async function takeScreenshot(folder: string): Promise<void> {
  const workbench = await openWorkbench({
    folder,
    extension: repositoryFolder,
    viewport: { width: 1600, height: 1000 },
  });
  try {
    const { page } = workbench;
    await openFile(page, example);
    await runCommand(page, 'Stimpack: Open Results Beside the Editor');
    const frame = await webviewFrame(page, /ResNet50/);
    await frame.locator('canvas').first().waitFor({ state: 'visible' });
    console.log(`Screenshot: ${await screenshot(page, 'start')}`);
  } finally {
    await workbench.close();
  }
}

async function serve(folder: string): Promise<void> {
  const vscode = await startVsCode({});
  const development = [['extensionDevelopmentPath', vscode.remoteUri(repositoryFolder)]] as const;
  const file = [['openFile', vscode.remoteUri(path.join(folder, example))]] as const;
  console.log(`\nVS Code with Stimpack: ${vscode.url(folder, [...development, ...file])}`);
  console.log('Open that address in a browser. Press Ctrl+C to stop.');
  await new Promise<void>((done) => {
    process.once('SIGINT', done);
    process.once('SIGTERM', done);
  });
  await vscode.stop();
}

await buildAll();
const folder = path.join(repositoryFolder, 'examples');
// Exit code 1 only means that an objective is violated, which the example may show.
const code = await runExample(folder);
if (code > 1) process.exit(code);

const installed = flags.has('--browser') || flags.has('--headless') ? undefined : findInstalledCode();
if (flags.has('--headless')) await takeScreenshot(folder);
else if (installed !== undefined) {
  const file = path.join(folder, example);
  console.log(`\nOpening ${file} in ${installed}`);
  openInstalledCode(installed, { extension: repositoryFolder, folder, file });
} else await serve(folder);
