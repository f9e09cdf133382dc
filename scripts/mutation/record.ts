import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { repositoryFolder } from '../vscode/artifacts.ts';

const page = path.join(repositoryFolder, 'docs', 'mutation.md');

/**
 * Replaces the row of docs/mutation.md that starts with the same first cell, in the table between two marks, or adds it
 * after the others.
 */
export function recordRow(table: 'rooms' | 'faults', cells: readonly string[]): void {
  const text = readFileSync(page, 'utf8');
  const [start, end] = [`<!-- ${table} -->\n`, `<!-- end of ${table} -->`];
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/mutation.md has no marks '${start.trim()}' and '${end}'`);
  const cell = (each: string): string => each.replaceAll('|', '\\|').replaceAll('\n', ' ');
  const row = `| ${cells.map(cell).join(' | ')} |`;
  const rows = text
    .slice(from + start.length, to)
    .trimEnd()
    .split('\n');
  const place = rows.findIndex((each) => each.startsWith(`| ${cell(cells[0] ?? '')} |`));
  if (place < 0) rows.push(row);
  else rows[place] = row;
  writeFileSync(page, `${text.slice(0, from)}${start}${rows.join('\n')}\n${text.slice(to)}`);
}
