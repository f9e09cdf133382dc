import { type Curve, type PolicyCurves, policyCurves, tightnessCurve } from './sensitivity.ts';
import { type ServingFindings, serve } from './serving.ts';
import { loadSubjects, type Subject } from './subjects.ts';
import type { Effort, Traffic } from './traffic.ts';
import { tunedSubject } from './tuning.ts';

/** A task for a worker: plain data in both directions. */
export interface Task {
  readonly subject: string;
  readonly traffic: Traffic;
  readonly effort: Effort;
}

export interface Answer {
  readonly serving: ServingFindings;
  /**
   * For a single network: the effect of the limit under Poisson traffic, and the effect of guard and hold under bursty
   * traffic.
   */
  readonly tightness: Curve | null;
  readonly policy: PolicyCurves | null;
}

let known: readonly Subject[] | undefined;

/** Answers one task. Tasks are independent, so their order and their thread do not change the answers. */
export async function answer(root: string, task: Task): Promise<Answer> {
  known ??= await loadSubjects(root);
  const subject = known.find((one) => one.name === task.subject);
  if (subject === undefined) throw new Error(`experiment.npu has no scenario ${task.subject}`);
  const serving = serve(subject, task.traffic, task.effort);
  const { tuned } = serving;
  const isAlone = subject.scenario.serves.length === 1;
  const base = serving.load.tpuv4i.metRps;
  const own = serving.load['on-chip'].metRps;
  return {
    serving,
    tightness:
      isAlone && task.traffic === 'poisson'
        ? tightnessCurve(tunedSubject(subject, tuned, 'all'), { base, own }, task.effort)
        : null,
    policy:
      isAlone && task.traffic === 'bursty'
        ? policyCurves(tunedSubject(subject, tuned, 'batch'), base, task.effort)
        : null,
  };
}
