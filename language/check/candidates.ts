import type { CandidateDesign, Candidates, Exploration, Model } from '../../design/index.ts';
import type { Axis } from './axis.ts';
import type { Declaration } from './checked-file.ts';
import type { Value } from './scope.ts';
import type { SettingValue } from './settings.ts';
import type { PropertyValue, Trial, Variation } from './variation.ts';
import type { VariedProperty } from './varied-target.ts';

/** An exploration without errors, with everything needed to build its designs. */
export interface CheckedExploration {
  readonly exploration: Exploration;
  readonly axes: readonly Axis[];
  readonly scenario: Declaration;
}

/** The designs of an exploration. Each design is built on request. */
export function candidatesOf({ exploration, axes, scenario }: CheckedExploration, trial: Trial): Candidates {
  const count = axes.reduce((product, axis) => product * axis.values.length, 1);
  const varier = new Varier(axes);
  const choose = (index: number): readonly number[] => {
    let rest = index;
    return axes
      .toReversed()
      .map(({ values }) => {
        const choice = rest % values.length;
        rest = Math.floor(rest / values.length);
        return choice;
      })
      .reverse();
  };
  let written: number | undefined;
  return {
    exploration,
    count,
    asWritten: () => {
      written ??= indexAsWritten(axes, scenario, trial);
      return written;
    },
    design: (index) => trial(scenario, varier.variation(choose(index))),
  };
}

/** The design whose values leave the scenario as it is written; -1 if there is none. */
function indexAsWritten(axes: readonly Axis[], scenario: Declaration, trial: Trial): number {
  const content = contents();
  const base = content(trial(scenario, asWritten));
  let index = 0;
  for (const axis of axes) {
    const varier = new Varier([axis]);
    const isSame = (choice: number): boolean => content(trial(scenario, varier.variation([choice]))) === base;
    const place = choicesToTry(axis, scenario, trial).find(isSame) ?? -1;
    if (place < 0) return -1;
    index = index * axis.values.length + place;
  }
  return index;
}

/**
 * The values of an axis that may leave the scenario as it is. A trial takes most of a millisecond, and an axis can have 10,000 values:
 * if the value before is a number or a word, only an equal one is tried.
 */
function choicesToTry(axis: Axis, scenario: Declaration, trial: Trial): readonly number[] {
  const all = [...axis.values.keys()];
  const key = plainKey(axis.kind === 'let' ? axis.written : valueBefore(axis, scenario, trial));
  return key === undefined ? all : all.filter((choice) => (plainKey(axis.values[choice]) ?? key) === key);
}

/** undefined if the scenario does not use the property, or if nothing sets it. */
function valueBefore(axis: Axis & { kind: 'property' }, scenario: Declaration, trial: Trial): SettingValue | undefined {
  const [setting] = axis.values;
  return setting && propertyBefore(axis, setting, scenario, trial);
}

/** The same before the values of the axis are known. `other`: any value of the property. */
export function propertyBefore(
  place: VariedProperty,
  other: SettingValue,
  scenario: Declaration,
  trial: Trial,
): SettingValue | undefined {
  let before: SettingValue | undefined;
  const { declaration, blocks, form, property } = place;
  trial(scenario, {
    ...asWritten,
    properties: [{ declaration, blocks, ...(form && { form }), property, setting: other }],
    onReplaced: (_, value) => {
      before = value;
    },
  });
  return before;
}

/** Equal for equal values, if one look shows whether they are equal; undefined for all others. */
function plainKey(value: SettingValue | Value | undefined): string | undefined {
  if (value?.kind === 'quantity') return `${value.value}`;
  return value?.kind === 'word' ? value.word : undefined;
}

/** The scenario as written, without variation. */
export function tryAsWritten(scenario: Declaration, trial: Trial): CandidateDesign {
  return trial(scenario, asWritten);
}

const asWritten: Variation = { lets: new Map(), properties: [], model: (_, read) => read() };

/** Whether the first or the last value of an axis changes the scenario. `written`: the scenario without variation. */
export function hasEffect(axis: Axis, written: CandidateDesign, scenario: Declaration, trial: Trial): boolean {
  const content = contents();
  const base = content(written);
  const varier = new Varier([axis]);
  return [0, axis.values.length - 1].some((choice) => content(trial(scenario, varier.variation([choice]))) !== base);
}

/** Converts the chosen axis values into variations. */
class Varier {
  private readonly axes: readonly Axis[];
  /** Networks that depend on a `let`, by the values of the `let`s. */
  private readonly models = new Map<Declaration, Map<string, Model | undefined>>();

  constructor(axes: readonly Axis[]) {
    this.axes = axes;
  }

  variation(choices: readonly number[]): Variation {
    const lets = new Map<Declaration, Value>();
    const properties: PropertyValue[] = [];
    const letChoices: number[] = [];
    for (const [place, axis] of this.axes.entries()) {
      const choice = choices[place] ?? 0;
      if (axis.kind === 'let') {
        const value = axis.values[choice];
        if (value !== undefined) lets.set(axis.declaration, value);
        letChoices.push(choice);
        continue;
      }
      const { declaration, blocks, form, property } = axis;
      const setting = axis.values[choice];
      if (setting !== undefined) properties.push({ declaration, blocks, ...(form && { form }), property, setting });
    }
    const key = letChoices.join(' ');
    return {
      lets,
      properties,
      model: (declaration, read) => {
        const known = this.models.get(declaration) ?? new Map<string, Model | undefined>();
        this.models.set(declaration, known);
        if (!known.has(key)) known.set(key, read());
        return known.get(key);
      },
    };
  }
}

/** Texts that are equal if two scenarios give the same simulation. */
function contents(): (design: CandidateDesign) => string {
  const traces: unknown[] = [];
  const models: Model[] = [];
  return (design) => {
    if (design.kind === 'problem') return `!${design.message}`;
    const { serves } = design.scenario;
    const served = new Map<unknown, number>(serves.map(({ model }) => [model, placeOf(model, models, isAlike)]));
    return JSON.stringify({ ...design.scenario, compare: [] }, (key, value: unknown) => {
      if (key === 'origin') return undefined;
      if (typeof value === 'number' && !Number.isFinite(value)) return String(value);
      return ArrayBuffer.isView(value) ? placeOf<unknown>(value, traces, Object.is) : (served.get(value) ?? value);
    });
  };
}

function placeOf<T>(thing: T, known: T[], alike: (a: T, b: T) => boolean): number {
  const place = known.findIndex((other) => Object.is(other, thing) || alike(other, thing));
  return place < 0 ? known.push(thing) - 1 : place;
}

/** A network that depends on a `let` is built again, and can be equal to the earlier one. */
function isAlike(a: Model, b: Model): boolean {
  const say = (model: Model): string =>
    JSON.stringify(model, (key, value: unknown) => (key === 'origin' ? null : value));
  return a.name === b.name && say(a) === say(b);
}
