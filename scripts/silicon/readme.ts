import type { ComparedTable } from './compared-row.ts';
import { summaryTable } from './page.ts';

const begin = '<!-- what follows is written by npm run silicon -->';
const end = '<!-- what npm run silicon writes ends here -->';

/** The README with new figures; unchanged if it has no place for them. */
export function readmeWith(readme: string, tables: readonly ComparedTable[]): string {
  const from = readme.indexOf(begin);
  const to = readme.indexOf(end);
  if (from < 0 || to < from) return readme;
  return `${readme.slice(0, from + begin.length)}\n\n${summaryTable(tables)}\n\n${readme.slice(to)}`;
}
