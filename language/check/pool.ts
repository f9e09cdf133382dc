import {
  accuracyKeyOf,
  type Npu,
  type OtherChips,
  type Scenario,
  type Scheduler,
  servesSequences,
  totalChips,
} from '../../design/index.ts';
import { poolMessages, poolNotes } from '../messages/index.ts';
import { originOf } from './checked-file.ts';
import type { Reporter } from './reporter.ts';
import type { ScenarioContext } from './scenario-context.ts';
import type { Settings } from './settings.ts';

/** The chips of a scenario. */
export type Pool = Pick<Scenario, 'npu' | 'chips' | 'also'>;

/** The largest number of chips behind one queue. As in the schema. */
const MOST_CHIPS = 1024;

/** Reads the chips of a scenario and its `also` blocks. A block with an error is left out; the error is reported. */
export function poolOf(npu: Npu, settings: Settings, context: ScenarioContext): Pool {
  const { reporter } = context.reader;
  const also: OtherChips[] = [];
  for (const block of settings.blocks.get('also') ?? []) {
    const { scope, statement, head } = block;
    const subject = statement?.subject;
    const name = subject?.kind === 'path' ? subject.parts[0] : undefined;
    if (name === undefined) {
      reporter.report(subject === undefined ? head : originOf(scope.file, subject), poolMessages.missingChip());
      continue;
    }
    const declaration = context.reader.evaluator.lookUp(name, scope, 'npu');
    const other = declaration && context.npu(declaration);
    if (other === undefined) continue;
    if (other === npu || also.some((known) => known.npu === other)) {
      reporter.report(head, poolMessages.sameChip({ npu: other.name }));
      continue;
    }
    const chips = block.number('chips');
    if (chips > 0) also.push({ npu: other, chips, origin: head });
  }
  const chips = settings.number('chips');
  return also.length === 0 ? { npu, chips } : { npu, chips, also };
}

/** Reports what chips of several kinds cannot do. Returns whether the scenario can be simulated. */
export function checkPool(scenario: Scenario, reporter: Reporter): boolean {
  const [first] = scenario.also ?? [];
  if (first === undefined) return true;
  const before = reporter.count;
  const chips = totalChips(scenario);
  if (chips > MOST_CHIPS) reporter.report(first.origin, poolMessages.tooManyChips({ chips, most: MOST_CHIPS }));
  const open = scenario.serves.find(servesSequences);
  if (open !== undefined) reporter.report(first.origin, poolMessages.languageModel({ model: open.model.name }));
  const interrupting = mixedSchedulers(scenario).find(({ preemption }) => preemption === 'layer');
  if (interrupting !== undefined) {
    reporter.report(first.origin, poolMessages.preemption({ scheduler: interrupting.name }));
  }
  for (const other of scenario.also ?? []) checkAccuracy(scenario, other, reporter);
  return reporter.count === before;
}

/** The schedulers of the runs with several kinds of chip. */
function mixedSchedulers({ scheduler, compare }: Scenario): readonly Scheduler[] {
  return [scheduler, ...compare.flatMap((variant) => (variant.also === undefined ? [] : [variant.scheduler]))];
}

/** Reports objectives on an accuracy that depends on the kind of chip that serves a request. */
function checkAccuracy({ npu, serves }: Scenario, other: OtherChips, reporter: Reporter): void {
  for (const { model, slos } of serves) {
    const slo = slos.find(({ metric }) => metric === 'accuracy');
    if (slo === undefined || hasEqualFormats(npu, other.npu)) continue;
    reporter.report(
      slo.origin,
      poolMessages.unequalAccuracy({ model: model.name, first: npu.name, other: other.npu.name }),
      { related: [{ message: poolNotes.otherKind({}).text, origin: other.origin }] },
    );
  }
}

/** Whether two chips have the same accuracy in each of their modes. A chip without a burst mode only has one of the two. */
function hasEqualFormats(one: Npu, other: Npu): boolean {
  if (accuracyKeyOf(one.base) !== accuracyKeyOf(other.base)) return false;
  return one.burst === null || other.burst === null || accuracyKeyOf(one.burst) === accuracyKeyOf(other.burst);
}
