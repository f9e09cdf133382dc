import { installDebianPackages } from '../vscode/debian.ts';
import { findOnPath, tryRun } from '../vscode/processes.ts';

/** The other editors that tests start, with the Debian packages that contain them. Emacs 28 does not include eglot. */
const packages = { nvim: ['neovim'], emacs: ['emacs-nox', 'elpa-eglot'] } as const;

export type OtherEditor = keyof typeof packages;

/** Whether tests can start the editor with its LSP client. */
export async function isThere(editor: OtherEditor): Promise<boolean> {
  if (findOnPath(editor) === undefined) return false;
  if (editor === 'nvim') return true;
  return (await tryRun('emacs', ['--batch', '--eval', "(require 'eglot)"])).code === 0;
}

/** Installs the editor if it is missing. Returns undefined if it is there, else a sentence that states why it is missing. */
export async function missingEditor(editor: OtherEditor): Promise<string | undefined> {
  if (await isThere(editor)) return undefined;
  const problem = await installDebianPackages(packages[editor], 'an editor for tests of the language server');
  return (await isThere(editor)) ? undefined : `${editor} is missing. ${problem ?? ''}`.trim();
}
