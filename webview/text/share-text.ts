import { formatPercent } from '../../protocol/index.ts';

/** A share of the whole. A tiny share is written as "< 0.01 %", not as a row of zeros. */
export function sharePercent(fraction: number, digits = 3): string {
  return fraction > 0 && fraction < 1e-4 ? '< 0.01 %' : formatPercent(fraction, digits);
}
