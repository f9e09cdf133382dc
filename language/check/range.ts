import type { Message } from '../../design/index.ts';
import { limits } from '../limits.ts';
import { explorationMessages } from '../messages/index.ts';
import type { Expression, Range } from '../syntax/index.ts';
import {
  type Dimension,
  describeDimension,
  findUnit,
  formatPercent,
  formatQuantity,
  plain,
  sameDimension,
  toSi,
  type Unit,
} from '../units/index.ts';
import { originOf } from './checked-file.ts';
import type { Reporter } from './reporter.ts';
import type { Scope, Value } from './scope.ts';

/** One value of a range. */
interface RangeStep {
  readonly value: number;
  readonly dimension: Dimension;
  /** In the unit of the first value. */
  readonly text: string;
}

export interface RangeReading {
  /** An end of the range, checked against the bounds of the property. */
  readonly read: (node: Expression) => { readonly value: number; readonly dimension: Dimension } | undefined;
  readonly evaluate: (node: Expression) => Value | undefined;
  /** Only whole numbers. The default step is 1. */
  readonly isInteger: boolean;
  /** Shown as a percentage. */
  readonly isShare: boolean;
  /** The value that factors multiply: `0.5 x .. 2 x`. undefined if `x` is a unit of the values themselves. */
  readonly base: number | undefined;
}

/**
 * Reads `400 GB/s .. 1200 GB/s step 100 GB/s`, or a range with a factor: `32 MiB .. 256 MiB step 2 x`. The values are computed in the unit of
 * the first value, so that they are the numbers that a person would write: 0.1 + 0.2 is 0.3. `linear 5` and `logarithmic 5` give the number
 * of values. undefined after an error, which is reported.
 */
export function rangeSteps(
  range: Range,
  scope: Scope,
  reporter: Reporter,
  { read, evaluate, isInteger, isShare, base }: RangeReading,
): readonly RangeStep[] | undefined {
  const from = read(range.from);
  const to = read(range.to);
  const { file } = scope;
  const place = originOf(file, range.step ?? range);
  const fail = (message: Message, at = place): undefined => reporter.report(at, message) as undefined;
  if (from === undefined || to === undefined) return undefined;
  if (from.value > to.value) {
    return fail(explorationMessages.backwardsRange(), originOf(file, range));
  }
  const isRelative = base !== undefined && factorOf(range.from) !== undefined;
  if (isRelative && factorOf(range.to) === undefined)
    return fail(explorationMessages.mixedRange(), originOf(file, range));
  if (range.step === undefined && (!isInteger || isRelative)) {
    return fail(explorationMessages.missingStep());
  }
  const written = unitOf(range.from);
  // The size of the written unit. That of a factor is the value that it multiplies.
  const scale = isRelative ? base : written === undefined ? 1 : toSi(1, written.unit);
  const [first, last] = [from.value / scale, to.value / scale];
  const { dimension } = from;
  if (range.spacing !== 'step' && range.step !== undefined) {
    const number = evaluate(range.step);
    if (number === undefined) return undefined;
    const isCount = number.kind === 'quantity' && sameDimension(number.dimension, plain);
    if (!isCount || !Number.isInteger(number.value) || number.value < 2)
      return fail(explorationMessages.countOfValues({ spacing: range.spacing }));
    if (number.value > limits.explorationDesigns)
      return fail(explorationMessages.tooManyValues({ most: limits.explorationDesigns }));
    if (range.spacing === 'logarithmic' && first <= 0) return fail(explorationMessages.logarithmOfZero());
    const parts = spaced(range.spacing, first, last, number.value);
    return distinct(parts.map((part) => stepAt(part)));
  }
  const factor = factorOf(range.step);
  let step = 1;
  if (factor !== undefined) {
    if (factor <= 1 || first <= 0) return fail(explorationMessages.factorTooSmall());
  } else if (range.step !== undefined) {
    const value = evaluate(range.step);
    if (value === undefined) return undefined;
    const wanted = isRelative ? plain : from.dimension;
    if (value.kind !== 'quantity' || !sameDimension(value.dimension, wanted)) {
      return fail(explorationMessages.stepOfOtherUnit({ wanted: describeDimension(wanted) }));
    }
    if (value.value <= 0) return fail(explorationMessages.stepNotPositive());
    if (isInteger && !isRelative && !Number.isInteger(value.value)) return fail(explorationMessages.stepNotWhole());
    step = isRelative ? value.value : value.value / scale;
  }
  // The small addition compensates for rounding in the division.
  const most = factor === undefined ? (last - first) / step : Math.log(last / first) / Math.log(factor);
  const count = Math.floor(most + 1e-9) + 1;
  if (count > limits.explorationDesigns)
    return fail(explorationMessages.tooManyValues({ most: limits.explorationDesigns }));
  const key = JSON.stringify([
    first,
    step,
    factor,
    count,
    isInteger,
    isShare,
    isRelative,
    scale,
    written?.name,
    dimension,
  ]);
  return remembered(key, () =>
    distinct(
      Array.from({ length: count }, (_, place) =>
        stepAt(factor === undefined ? first + place * step : first * factor ** place),
      ),
    ),
  );

  function stepAt(exact: number): RangeStep {
    const number = isInteger && !isRelative ? Math.round(exact) : Number(exact.toPrecision(12));
    if (isRelative) {
      const value = Number((number * scale).toPrecision(15));
      return { value: isInteger ? Math.round(value) : value, dimension, text: `${number} x` };
    }
    if (written === undefined) {
      return { value: number, dimension, text: isShare ? formatPercent(number) : formatQuantity(number, dimension) };
    }
    return { value: toSi(number, written.unit), dimension, text: `${number} ${written.name}` };
  }
}

/** Evenly spaced numbers, or numbers with equal ratios: four digits, as a person would write them. The two ends are exact. */
function spaced(spacing: 'linear' | 'logarithmic', first: number, last: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, place) => {
    if (place === 0 || place === count - 1) return place === 0 ? first : last;
    const part = place / (count - 1);
    if (spacing === 'linear') return first + part * (last - first);
    return Number((first * (last / first) ** part).toPrecision(4));
  });
}

/** Without repeated values, which rounding to whole numbers makes. */
function distinct(steps: readonly RangeStep[]): readonly RangeStep[] {
  return steps.filter(({ value }, place) => place === 0 || steps[place - 1]?.value !== value);
}

/** The most recently read ranges, by everything that determines their values. It avoids computing thousands of values at every keystroke. */
const known = new Map<string, readonly RangeStep[]>();
const mostKnown = 16;

function remembered(key: string, work: () => readonly RangeStep[]): readonly RangeStep[] {
  const steps = known.get(key) ?? work();
  // Remove the least recently used range.
  known.delete(key);
  known.set(key, steps);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  return steps;
}

function unitOf(node: Expression): { readonly name: string; readonly unit: Unit } | undefined {
  if (node.kind !== 'quantity' || node.unit === undefined) return undefined;
  const unit = findUnit(node.unit.text);
  return unit && { name: node.unit.text, unit };
}

/** Reads a factor: `2 x`. */
export function factorOf(step: Expression | undefined): number | undefined {
  return step?.kind === 'quantity' && step.unit?.text === 'x' ? step.number : undefined;
}
