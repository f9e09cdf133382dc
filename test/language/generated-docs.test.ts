import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { codes } from '../../scripts/diagnostic-pages.ts';
import { generatedPages } from '../../scripts/docs.ts';
import { repository } from './host.ts';

const folder = `${repository}docs/diagnostics/`;
const pages = readdirSync(folder).filter((name) => name !== 'README.md');

describe('diagnostics', () => {
  it('have a page each', () => {
    for (const code of codes) expect(existsSync(`${folder}${code}.md`), `docs/diagnostics/${code}.md`).toBe(true);
  });

  it('exist for every page', () => {
    expect(
      pages.map((name) => name.slice(0, -'.md'.length)).filter((code) => !(codes as readonly string[]).includes(code)),
    ).toEqual([]);
  });

  it('have an explanation and a remedy', () => {
    for (const name of pages) {
      const text = readFileSync(folder + name, 'utf8');
      expect(text.startsWith(`# ${name.slice(0, -'.md'.length)}\n\n**`), name).toBe(true);
      expect(text.split('\n\n').length, name).toBeGreaterThanOrEqual(3);
    }
  });
});

describe('generated pages', () => {
  it.each([...generatedPages()])('%s is what `npm run docs` writes', (name, text) => {
    expect(readFileSync(repository + name, 'utf8')).toBe(text);
  });
});
