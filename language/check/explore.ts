import {
  areaGap,
  chipArea,
  type ExplorationGoal,
  type ExplorationMeasure,
  type ExplorationSearch,
  type Origin,
  type Scenario,
  searchKinds,
  servesSequences,
  timeOf,
} from '../../design/index.ts';
import { limits } from '../limits.ts';
import { explorationMessages, explorationNotes, limitMessages, nameNotes, settingNotes } from '../messages/index.ts';
import { measureWords } from '../schema/index.ts';
import { plain } from '../units/index.ts';
import { type Axis, readAxis } from './axis.ts';
import type { BlockReader } from './blocks.ts';
import { type CheckedExploration, candidatesOf, hasEffect, propertyBefore, tryAsWritten } from './candidates.ts';
import { readConstraints } from './explore-constraints.ts';
import type { Reporter } from './reporter.ts';
import type { Settings, SettingValue } from './settings.ts';
import type { Trial } from './variation.ts';
import type { VariedProperty } from './varied-target.ts';

/**
 * Makes an exploration. undefined if something is missing or wrong. Only a few of its designs are built, to check that they are valid and
 * differ.
 */
export function checkExplore(
  name: string,
  origin: Origin,
  settings: Settings,
  reader: BlockReader,
  reporter: Reporter,
  trial: Trial,
): CheckedExploration | undefined {
  const varies = settings.blocks.get('vary') ?? [];
  if (varies.length > limits.explorationAxes) {
    const message = limitMessages.tooManyAxes({ count: varies.length, most: limits.explorationAxes });
    reporter.report(varies[limits.explorationAxes]?.head ?? settings.head, message);
    return undefined;
  }
  const scenario = settings.reference('scenario');
  const valueBefore = (place: VariedProperty): SettingValue | undefined => {
    const other = { kind: 'quantity', value: 1, dimension: plain } as const;
    return scenario && propertyBefore(place, other, scenario, trial);
  };
  const axes = readAxes(varies, reader, reporter, valueBefore);
  const goals = goalsOf(settings, reporter);
  if (varies.length === 0) {
    reporter.report(settings.head, explorationMessages.nothingVaries());
  }
  const constraints = readConstraints(settings, reader, reporter);
  if (scenario === undefined || axes.length === 0 || axes.length < varies.length || goals === undefined)
    return undefined;
  const search = searchOf(settings);
  if (!isTriable(axes, search, reporter)) return undefined;
  const written = tryAsWritten(scenario, trial);
  // Errors of the scenario itself are already reported.
  if (written.kind === 'problem') return undefined;
  const judged = [...goals, ...constraints].map((one) => isMeasured(one, written.scenario, axes, reporter));
  for (const axis of axes) {
    if (hasEffect(axis, written, scenario, trial)) continue;
    const { path } = axis.shown;
    reporter.report(axis.shown.origin, explorationMessages.noEffect({ scenario: scenario.name, path }));
  }
  if (judged.includes(false) || goals.length === 0) return undefined;
  const shown = axes.map((axis) => axis.shown);
  const limited = constraints.length === 0 ? {} : { constraints };
  const checked = {
    exploration: { name, origin, scenario: scenario.name, axes: shown, goals, ...limited, ...(search && { search }) },
    axes,
    scenario,
  };
  const { count, design } = candidatesOf(checked, trial);
  const first = design(0);
  if (first.kind === 'problem' && design(count - 1).kind === 'problem') {
    reporter.report(settings.head, explorationMessages.noDesign({ reason: { text: first.message } }));
  }
  return checked;
}

function readAxes(
  varies: readonly Settings[],
  reader: BlockReader,
  reporter: Reporter,
  valueBefore: (place: VariedProperty) => SettingValue | undefined,
): readonly Axis[] {
  const axes: Axis[] = [];
  for (const vary of varies) {
    const axis = readAxis(vary, reader, reporter, valueBefore);
    if (axis === undefined) continue;
    const twin = axes.find(({ shown }) => shown.path === axis.shown.path);
    if (twin === undefined) axes.push(axis);
    else {
      reporter.report(axis.shown.origin, explorationMessages.variesTwice({ path: axis.shown.path }), {
        related: [{ message: settingNotes.firstHere({}).text, origin: twin.shown.origin }],
      });
    }
  }
  return axes;
}

/** The stated search. undefined: all designs are tried, or the search has an error, which is reported. */
function searchOf(settings: Settings): ExplorationSearch | undefined {
  const value = settings.value('search');
  const kind = value?.kind === 'form' ? searchKinds.find((one) => one === value.form) : undefined;
  if (value?.kind !== 'form' || kind === undefined) return undefined;
  const [budget, seed] = [value.settings.number('budget'), value.settings.number('seed')];
  return value.settings.broken ? undefined : { kind, budget, seed };
}

/** Reports an exploration with more designs than the limit. */
function isTriable(axes: readonly Axis[], search: ExplorationSearch | undefined, reporter: Reporter): boolean {
  const most = search === undefined ? limits.explorationDesigns : limits.explorationSpace;
  const long = axes.find(({ values }) => values.length > limits.explorationDesigns);
  if (long !== undefined) {
    reporter.report(long.shown.origin, explorationMessages.tooManyValues({ most: limits.explorationDesigns }));
    return false;
  }
  let count = 1;
  let culprit: Axis | undefined;
  for (const axis of axes) {
    count *= axis.values.length;
    if (count > most) culprit ??= axis;
  }
  if (culprit === undefined) return true;
  const sizes = axes.map(({ values }) => values.length).join(' x ');
  reporter.report(
    culprit.shown.origin,
    explorationMessages.tooManyDesigns({ count, sizes, most, withSearch: limits.explorationSpace }),
  );
  return false;
}

/** The goals in written order. undefined if two of them contradict each other. */
function goalsOf(settings: Settings, reporter: Reporter): readonly ExplorationGoal[] | undefined {
  const goals: ExplorationGoal[] = [];
  let isClear = true;
  for (const [key, blocks] of settings.blocks) {
    const [sense = ''] = key.split(' ', 1);
    const word = key.slice(sense.length + 1);
    const measure = measureWords.find((one) => one.name === word)?.measure;
    if ((sense !== 'maximize' && sense !== 'minimize') || measure === undefined) continue;
    for (const { head } of blocks) {
      const twin = goals.find((goal) => goal.measure === measure);
      if (twin === undefined) goals.push({ sense, measure, origin: head });
      else {
        isClear = false;
        reporter.report(head, explorationMessages.contradictingGoals({ measure }), {
          related: [{ message: settingNotes.firstHere({}).text, origin: twin.origin }],
        });
      }
    }
  }
  if (goals.length === 0) {
    reporter.report(settings.head, explorationMessages.noGoal());
  }
  return isClear ? goals : undefined;
}

const needsEnergy: ReadonlySet<ExplorationMeasure> = new Set(['energy', 'power']);

/** Whether a scenario states the values that a goal needs. Reports what is missing. */
function isMeasured(
  { measure, origin }: Pick<ExplorationGoal, 'measure' | 'origin'>,
  scenario: Scenario,
  axes: readonly Axis[],
  reporter: Reporter,
): boolean {
  const { npu, serves } = scenario;
  const changesChip = axes.some((axis) => axis.kind === 'property' && axis.property.type.kind === 'reference');
  if (needsEnergy.has(measure) && npu.energy === null && !changesChip) {
    const note = nameNotes.kindDeclaredHere({ kind: 'npu', name: npu.name }).text;
    reporter.report(origin, explorationMessages.unknownEnergy({ npu: npu.name, measure }), {
      related: [{ message: note, origin: npu.origin }],
    });
    return false;
  }
  if (measure === 'area' && (chipArea(npu)?.squareMetres ?? null) === null && !changesChip) {
    const note = nameNotes.kindDeclaredHere({ kind: 'npu', name: npu.name }).text;
    reporter.report(origin, explorationMessages.unknownArea({ npu: npu.name, missing: areaGap(npu) }), {
      related: [{ message: note, origin: npu.origin }],
    });
    return false;
  }
  if (measure === 'accuracy' && serves.every(({ model }) => model.accuracy === null)) {
    const [serve] = serves;
    reporter.report(origin, explorationMessages.unknownAccuracies({ scenario: scenario.name }), {
      related: serve === undefined ? [] : [{ message: explorationNotes.servedHere({}).text, origin: serve.origin }],
    });
    return false;
  }
  const isOfTokens = measure === 'token throughput' || ['ttft', 'tpot'].includes(timeOf(measure)?.time ?? '');
  if (isOfTokens && !serves.some(servesSequences)) {
    const [serve] = serves;
    reporter.report(origin, explorationMessages.noTokens({ scenario: scenario.name, measure }), {
      related: serve === undefined ? [] : [{ message: explorationNotes.servedHere({}).text, origin: serve.origin }],
    });
    return false;
  }
  if (measure === 'capacity' && serves.every(({ slos }) => slos.length === 0)) {
    const note = nameNotes.kindDeclaredHere({ kind: 'scenario', name: scenario.name }).text;
    reporter.report(origin, explorationMessages.noObjective({ scenario: scenario.name }), {
      related: [{ message: note, origin: scenario.origin }],
    });
    return false;
  }
  return true;
}
