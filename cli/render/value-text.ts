import { formatNumber } from '../../design/index.ts';

/** A whole number in groups of three digits: "12,544". */
export function countText(value: number): string {
  return formatNumber(Math.round(value));
}

/** "1.13x", "27.9x", "1,204x". */
export function ratioText(ratio: number): string {
  return `${ratio >= 99.5 ? countText(ratio) : ratio.toFixed(ratio < 9.995 ? 2 : 1)}x`;
}
