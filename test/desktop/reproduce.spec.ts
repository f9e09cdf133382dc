import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';

const tabs = (): readonly vscode.Tab[] => vscode.window.tabGroups.all.flatMap((group) => group.tabs);

describe('the paper’s experiment in VS Code', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-reproduce-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('runs from the extension, shortened as its page states, and opens the page with its plots', async function () {
    this.timeout(300_000);
    const page = await vscode.commands.executeCommand<vscode.Uri | undefined>('stimpack.reproduce', {
      folder: vscode.Uri.file(folder),
      effort: 0.01,
    });
    assert.equal(page?.fsPath, path.join(folder, 'reproduction.md'));
    const text = readFileSync(page.fsPath, 'utf8');
    assert.match(text, /\*\*Shortened\.\*\* Each run has 1 % of the requests/);
    assert.match(text, /## Network by network/);
    const plots = [...text.matchAll(/\]\(images\/([^)]+)\)/g)].map(([, name]) => name);
    assert.deepEqual(readdirSync(path.join(folder, 'images')).sort(), plots.sort());
    // The files that the page links to stay in the extension. A preview opens no links with the file scheme.
    const links = [...text.matchAll(/\]\((?!images\/|https?:)([^)]+)\)/g)].map(([, target]) => decodeURI(target ?? ''));
    assert.ok(links.length > 0);
    assert.deepEqual(
      links.filter((target) => !existsSync(path.resolve(folder, target))),
      [],
    );
    // VS Code reports the tab of a preview to extensions some time after the command has ended.
    while (!tabs().some((tab) => tab.label.includes('reproduction.md'))) await sleep(20);
  });
});
