import type { TableData } from '../model/table.ts';
import { h } from './dom.ts';

export function tableElement(data: TableData): HTMLTableElement {
  const head = data.columns.map((column) => h('th', { scope: 'col' }, column.title));
  const rows = data.rows.map((row) =>
    h(
      'tr',
      {},
      ...row.map((cell, index) => {
        const column = data.columns[index];
        if (typeof cell === 'string') return h(index === 0 ? 'th' : 'td', index === 0 ? { scope: 'row' } : {}, cell);
        const text = column?.format?.(cell) ?? String(cell);
        return h(index === 0 ? 'th' : 'td', { 'data-value': cell, ...(index === 0 ? { scope: 'row' } : {}) }, text);
      }),
    ),
  );
  return h(
    'table',
    { class: 'numbers' },
    h('caption', {}, data.caption),
    h('thead', {}, h('tr', {}, ...head)),
    h('tbody', {}, ...rows),
  );
}
