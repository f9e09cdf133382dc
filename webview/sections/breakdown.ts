import type { BreakdownPart, SloOutcome } from '../../protocol/index.ts';
import { breakdownParts, formatPercent, formatSeconds } from '../../protocol/index.ts';
import { h } from '../elements/dom.ts';

/** Shares below this are combined: their bars would be too small to see. */
const smallestFraction = 0.005;

function visibleParts(parts: readonly BreakdownPart[]): readonly Row[] {
  const small = parts.filter((part) => part.fraction < smallestFraction);
  const rows: Row[] = parts.filter((part) => part.fraction >= smallestFraction);
  const seconds = small.reduce((sum, part) => sum + part.seconds, 0);
  const fraction = small.reduce((sum, part) => sum + part.fraction, 0);
  const [only] = small;
  if (small.length === 1 && only !== undefined) rows.push(only);
  else if (small.length > 1) rows.push({ kind: 'rest', name: 'everything else', seconds, fraction });
  return rows;
}

type Row = Omit<BreakdownPart, 'kind'> & { readonly kind: BreakdownPart['kind'] | 'rest' };

/** null if there is no latency to divide: no request finished, or the objective has another metric. */
export function breakdownList({ breakdown }: SloOutcome): HTMLElement | null {
  const parts = breakdown === null ? [] : visibleParts(breakdownParts(breakdown));
  if (parts.length === 0) return null;
  const largest = parts[0]?.fraction ?? 1;
  return h(
    'figure',
    { class: 'breakdown', 'data-testid': 'breakdown' },
    h('figcaption', {}, breakdown?.ofLate ? 'How a late request spends its time' : 'How a request spends its time'),
    h(
      'ul',
      {},
      ...parts.map((part) => {
        const bar = h('span', { class: `part-bar part-${part.kind}`, 'aria-hidden': 'true' });
        bar.style.width = `${(100 * part.fraction) / largest}%`;
        return h(
          'li',
          {},
          h('span', { class: 'part-name' }, part.name),
          h(
            'span',
            { class: 'part-value', 'data-value': part.seconds },
            `${formatSeconds(part.seconds)}, ${shareOf(part.fraction)}`,
          ),
          h('span', { class: 'part-track' }, bar),
        );
      }),
    ),
  );
}

function shareOf(fraction: number): string {
  return fraction < 0.001 ? '< 0.1 %' : formatPercent(fraction, 2);
}
