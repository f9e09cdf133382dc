import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findOnPath, isFile } from './processes.ts';

/**
 * The program of an installed VS Code that can open a window here, or undefined. STIMPACK_VSCODE may name it.
 */
export function findInstalledCode(): string | undefined {
  const chosen = namedCode();
  if (chosen !== undefined) return chosen;
  // In a terminal of a remote VS Code, `code` is another program. It only sends commands to that window and cannot load
  // an extension under development.
  if (process.env.VSCODE_IPC_HOOK_CLI !== undefined) return undefined;
  if (!hasDisplay()) return undefined;
  const onPath = findOnPath('code', 'code-insiders', 'codium');
  // On Windows it is a .cmd file, which needs a shell and its quoting. The program is one folder above.
  const beside = onPath?.endsWith('.cmd') === true ? join(dirname(onPath), '..', 'Code.exe') : onPath;
  return beside !== undefined && isFile(beside) ? beside : WELL_KNOWN.find(isFile);
}

const WELL_KNOWN = [
  '/Applications/Visual Studio Code.app/Contents/Resources/app/bin/code',
  join(process.env.LOCALAPPDATA ?? '', 'Programs', 'Microsoft VS Code', 'Code.exe'),
] as const;

/** The program that STIMPACK_VSCODE names. Throws if it is not a file. */
export function namedCode(): string | undefined {
  const chosen = process.env.STIMPACK_VSCODE;
  if (chosen === undefined || chosen === '') return undefined;
  if (!isFile(chosen)) throw new Error(`STIMPACK_VSCODE names ${chosen}, which is not a file.`);
  return chosen;
}

/** True if a window can be shown. On Linux, a terminal without a desktop cannot show one. */
export function hasDisplay(): boolean {
  return process.platform !== 'linux' || (process.env.DISPLAY ?? process.env.WAYLAND_DISPLAY ?? '') !== '';
}

/**
 * Opens a window of an installed VS Code with the extension loaded from its source folder. The window stays open after
 * this process ends.
 */
export function openInstalledCode(
  code: string,
  open: { readonly extension: string; readonly folder: string; readonly file?: string },
): void {
  const args = [open.folder, `--extensionDevelopmentPath=${open.extension}`];
  if (open.file !== undefined) args.push('--goto', open.file);
  if (process.getuid?.() === 0) {
    // As root, VS Code starts only with these two options.
    args.push('--no-sandbox', `--user-data-dir=${mkdtempSync(join(tmpdir(), 'stimpack-code-'))}`);
  }
  spawn(code, args, { detached: true, stdio: 'ignore' }).unref();
}
