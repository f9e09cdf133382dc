import { assertNever } from '../../design/index.ts';
import { type Curve, type PolicyCurves, policyCurves, tightnessCurve } from './sensitivity.ts';
import { type ServingFindings, serve } from './serving.ts';
import { loadSubjects, type Subject } from './subjects.ts';
import type { Traffic } from './traffic.ts';

/** What a worker may be asked; plain data both ways. */
export type Task =
  | { readonly kind: 'serve'; readonly subject: string; readonly traffic: Traffic }
  | { readonly kind: 'tightness'; readonly subject: string }
  | { readonly kind: 'policy'; readonly subject: string };

export type Answer =
  | { readonly kind: 'serve'; readonly value: ServingFindings }
  | { readonly kind: 'tightness'; readonly value: Curve }
  | { readonly kind: 'policy'; readonly value: PolicyCurves };

let known: readonly Subject[] | undefined;

/** Answers one task. Each is independent of all others, so that their order and place change nothing. */
export function answer(root: string, task: Task): Answer {
  known ??= loadSubjects(root);
  const subject = known.find((one) => one.name === task.subject);
  if (subject === undefined) throw new Error(`experiment.npu has no scenario ${task.subject}`);
  switch (task.kind) {
    case 'serve':
      return { kind: task.kind, value: serve(subject, task.traffic) };
    case 'tightness':
      return { kind: task.kind, value: tightnessCurve(subject) };
    case 'policy':
      return { kind: task.kind, value: policyCurves(subject) };
    default:
      return assertNever(task);
  }
}
