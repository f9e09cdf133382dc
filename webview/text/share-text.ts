import { formatPercent } from '../../protocol/index.ts';

/** A share of the whole; what is there but not to be seen reads as such, not as a string of zeros. */
export function sharePercent(fraction: number, digits = 3): string {
  return fraction > 0 && fraction < 1e-4 ? '< 0.01 %' : formatPercent(fraction, digits);
}
