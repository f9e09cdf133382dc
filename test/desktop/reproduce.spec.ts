import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';

describe('the paper’s experiment in VS Code', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stimpack-reproduce-'));
  after(() => rmSync(folder, { recursive: true, force: true }));

  it('runs from the extension, shortened as its page says, and opens the page with its plots', async function () {
    this.timeout(300_000);
    const page = await vscode.commands.executeCommand<vscode.Uri | undefined>('stimpack.reproduce', {
      folder: vscode.Uri.file(folder),
      effort: 0.02,
    });
    assert.equal(page?.fsPath, path.join(folder, 'reproduction.md'));
    const text = readFileSync(page.fsPath, 'utf8');
    assert.match(text, /\*\*Shortened\.\*\* Each run has 2 % of the requests/);
    assert.match(text, /## Network by network/);
    const plots = [...text.matchAll(/\]\(images\/([^)]+)\)/g)].map(([, name]) => name);
    assert.deepEqual(readdirSync(path.join(folder, 'images')).sort(), plots.sort());
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    assert.ok(tabs.some((tab) => tab.label.includes('reproduction.md')));
  });
});
