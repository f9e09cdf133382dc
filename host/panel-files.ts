import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The panel's bundle, for a page that carries it along. */
export interface PanelFiles {
  readonly script: string;
  readonly style: string;
}

/** Seen from a module of ours: a bundle in dist/ has it in dist/webview/, a source file has it there once it was built. */
export function readPanelFiles(moduleFile: string): PanelFiles | undefined {
  const directory = dirname(moduleFile);
  for (const candidate of [join(directory, 'webview'), join(directory, '..', 'dist', 'webview')]) {
    const script = join(candidate, 'panel.js');
    const style = join(candidate, 'panel.css');
    if (existsSync(script) && existsSync(style)) {
      return { script: readFileSync(script, 'utf8'), style: readFileSync(style, 'utf8') };
    }
  }
  return undefined;
}
