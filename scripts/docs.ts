import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { codes, diagnosticIndex, diagnosticPage } from './diagnostic-pages.ts';
import { grammarWithLayers } from './grammar.ts';
import { referencePage } from './reference-page.ts';

const repository = fileURLToPath(new URL('../', import.meta.url));

/**
 * The files that are generated completely or in part, by their path in the repository: pages of the documentation, and
 * the grammar. Throws for a code without a page.
 */
export function generatedPages(): ReadonlyMap<string, string> {
  const pages = new Map([['docs/reference.md', referencePage()]]);
  const corpus = path.join(repository, 'test/language/corpus');
  for (const code of codes) {
    const name = `docs/diagnostics/${code}.md`;
    pages.set(name, diagnosticPage(readFileSync(path.join(repository, name), 'utf8'), code, corpus));
  }
  pages.set('docs/diagnostics/README.md', diagnosticIndex());
  const grammar = 'syntaxes/npu.tmLanguage.json';
  pages.set(grammar, grammarWithLayers(readFileSync(path.join(repository, grammar), 'utf8')));
  return pages;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const [name, text] of generatedPages()) writeFileSync(path.join(repository, name), text);
}
