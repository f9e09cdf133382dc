import {
  type AccuracyKey,
  accuracyKeyOf,
  chipKinds,
  type Npu,
  type Scenario,
  type Scheduler,
} from '../../design/index.ts';
import { nameNotes, scenarioMessages } from '../messages/index.ts';
import type { Reporter } from './reporter.ts';

/**
 * Reports each accuracy objective whose model does not state the accuracy in the formats of a mode that the chip can run in: without it, the
 * objective cannot be checked. A model without any accuracy is reported with its serve.
 */
export function checkAccuracyByMode(scenario: Scenario, reporter: Reporter): void {
  for (const { npu } of chipKinds(scenario)) checkChip(npu, scenario, reporter);
}

function checkChip(npu: Npu, { scheduler, serves }: Scenario, reporter: Reporter): void {
  for (const { model, slos } of serves) {
    const { accuracy } = model;
    if (accuracy === null) continue;
    for (const slo of slos) {
      if (slo.metric !== 'accuracy') continue;
      for (const { mode, key } of modesInUse(npu, scheduler)) {
        if (accuracy.byPrecision[key] !== undefined) continue;
        const facts = { model: model.name, npu: npu.name, mode, key };
        const note = nameNotes.kindDeclaredHere({ kind: 'model', name: model.name }).text;
        reporter.report(slo.origin, scenarioMessages.missingAccuracy(facts), {
          related: [{ message: note, origin: model.origin }],
        });
        break;
      }
    }
  }
}

function modesInUse(npu: Npu, scheduler: Scheduler): readonly { readonly mode: string; readonly key: AccuracyKey }[] {
  const base = { mode: 'base', key: accuracyKeyOf(npu.base) };
  return npu.burst === null || scheduler.burst.kind === 'never'
    ? [base]
    : [base, { mode: 'burst', key: accuracyKeyOf(npu.burst) }];
}
