import {
  type AccuracyKey,
  chipKinds,
  type Mode,
  type Npu,
  type Scenario,
  type Scheduler,
  type Serve,
  servedAccuracyKey,
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
  for (const serve of serves) {
    const { model, slos } = serve;
    const { accuracy } = model;
    if (accuracy === null) continue;
    for (const slo of slos) {
      if (slo.metric !== 'accuracy') continue;
      for (const { mode, key } of modesInUse(serve, npu, scheduler)) {
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

function modesInUse(
  serve: Serve,
  npu: Npu,
  scheduler: Scheduler,
): readonly { readonly mode: string; readonly key: AccuracyKey }[] {
  const used: readonly Mode[] = npu.burst === null || scheduler.burst.kind === 'never' ? ['base'] : ['base', 'burst'];
  return used.map((mode) => ({ mode, key: servedAccuracyKey(serve, npu, mode) }));
}
