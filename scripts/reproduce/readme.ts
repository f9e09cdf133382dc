import type { Findings } from './findings.ts';
import { meanings, paperBesideOurs } from './tables.ts';

const begin = '<!-- what follows is written by npm run reproduce -->';
const end = '<!-- what npm run reproduce writes ends here -->';

/** The README with new figures; unchanged if it has no place for them. */
export function readmeWith(readme: string, findings: Findings): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) return readme;
  return `${readme.slice(0, from + begin.length)}\n\n${meanings}\n\n${paperBesideOurs(findings)}\n\n${readme.slice(to)}`;
}
