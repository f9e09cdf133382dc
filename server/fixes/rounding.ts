/*
 * Rounds values to three digits, as a user would write them. It rounds in the direction in which the fix
 * still works.
 */

export function roundUp(value: number): number {
  return roundBy(value, Math.ceil);
}

export function roundDown(value: number): number {
  return roundBy(value, Math.floor);
}

function roundBy(value: number, round: (value: number) => number): number {
  if (value <= 0 || !Number.isFinite(value)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((round(Number((value / unit).toPrecision(12))) * unit).toPrecision(3));
}
