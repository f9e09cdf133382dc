import type { MeasuredChips } from './chips.ts';
import { type ComparedRow, errorOf } from './compared-row.ts';
import { readTable } from './csv-table.ts';
import { fittedOverlap, gemminiRows } from './gemmini.ts';
import { attentionRows, blockRows } from './tpu-v6e.ts';

/** A value that was fitted, as the library states it and as the search finds it. */
export interface FittedValue {
  readonly name: string;
  readonly stated: number;
  readonly found: number;
}

/** Repeats the fits on the rows with `fitted`. Nothing is written: the library states the values. */
export function fitFolder(folder: string, chips: MeasuredChips): readonly FittedValue[] {
  const { tpuV6e, gemmini } = chips;
  const values: FittedValue[] = [];
  const layers = readTable(folder, 'tpu-v6e/layers.csv');
  if (layers !== null) {
    const stated = tpuV6e.array.sustainedFraction ?? 1;
    const [found = 0] = smallestError([stated], [0.01], ([sustainedFraction = 1]) =>
      fittedError(blockRows({ ...tpuV6e, array: { ...tpuV6e.array, sustainedFraction } }, layers)),
    );
    values.push({ name: 'TPU v6e, sustained', stated, found });
  }
  const attention = readTable(folder, 'tpu-v6e/attention.csv');
  const unit = tpuV6e.attention;
  if (attention !== null && unit !== undefined) {
    const [launch = 0, pass = 0] = smallestError(
      [unit.launchSeconds * 1e6, unit.passSeconds * 1e6],
      [0.1, 0.01],
      ([launchMicroseconds = 0, passMicroseconds = 0]) => {
        const fixed = { launchSeconds: launchMicroseconds / 1e6, passSeconds: passMicroseconds / 1e6 };
        const chip = { ...tpuV6e, attention: { ...unit, ...fixed } };
        // Decode and prefill count the same, however many rows they have.
        return (
          fittedError(attentionRows(chip, attention, 'decode')) + fittedError(attentionRows(chip, attention, 'prefill'))
        );
      },
    );
    values.push({ name: 'TPU v6e, launch (us)', stated: unit.launchSeconds * 1e6, found: launch });
    values.push({ name: 'TPU v6e, per pass (us)', stated: unit.passSeconds * 1e6, found: pass });
  }
  const operators = readTable(folder, 'gemmini-firesim/own-tiling.csv');
  if (operators !== null) {
    const stated = gemmini.hbm.efficiency ?? 1;
    const [efficiency = 0, overlap = 0] = smallestError(
      [stated, fittedOverlap],
      [0.01, 0.01],
      ([fraction = 1, part = 0]) => {
        const chip = { ...gemmini, hbm: { ...gemmini.hbm, efficiency: fraction } };
        return fittedError(gemminiRows(chip, operators, { overlap: part, ownTiles: false }));
      },
    );
    values.push({ name: 'Gemmini in FireSim, efficiency', stated, found: efficiency });
    values.push({ name: 'Gemmini in FireSim, overlap', stated: fittedOverlap, found: overlap });
  }
  return values;
}

/** The mean of |ln(ours / measured)|: twice the measured time and half of it count the same, so the fit does not prefer short times. */
function fittedError(rows: readonly ComparedRow[]): number {
  const fitted = rows.filter((row) => row.fitted);
  return fitted.reduce((sum, row) => sum + Math.abs(Math.log(1 + errorOf(row))), 0) / fitted.length;
}

/** The smallest error that a search along each axis finds: steps of 32, 8, 2 and 1 times `steps`, until none helps. Values stay positive. */
function smallestError(
  start: readonly number[],
  steps: readonly number[],
  errorAt: (values: readonly number[]) => number,
): readonly number[] {
  let best = start;
  let smallest = errorAt(start);
  for (const scale of [32, 8, 2, 1]) {
    for (let improved = true; improved; ) {
      improved = false;
      for (const [axis, step] of steps.entries()) {
        for (const direction of [1, -1]) {
          const moved = best.map((value, at) => (at === axis ? value + direction * scale * step : value));
          if ((moved[axis] ?? 0) <= 0) continue;
          const error = errorAt(moved);
          if (error >= smallest) continue;
          smallest = error;
          best = moved;
          improved = true;
        }
      }
    }
  }
  return best;
}
