import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The panel's bundle, for a page that contains it. */
export interface PanelFiles {
  readonly script: string;
  readonly style: string;
}

/**
 * From the path of one of our modules. A bundle in dist/ has the files in dist/webview/. A source file has them there
 * after a build.
 */
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
