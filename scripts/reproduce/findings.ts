import type { Worker } from 'node:worker_threads';
import { answerAll } from './pool.ts';
import { type Curve, type HardwareCurves, hardwareCurves, type PolicyCurves } from './sensitivity.ts';
import { type ServiceTimes, serviceTimes } from './service-times.ts';
import type { ServingFindings } from './serving.ts';
import { loadSubjects, type Scheme, type Subject } from './subjects.ts';
import type { Answer, Task } from './tasks.ts';
import { type Effort, traffics } from './traffic.ts';

/** All results that the page contains. */
export interface Findings {
  readonly subjects: readonly Subject[];
  /** The subjects that are single networks. */
  readonly alone: readonly Subject[];
  readonly service: ReadonlyMap<string, Readonly<Record<'tpuv4i' | 'on-chip' | 'off-chip' | 'stored', ServiceTimes>>>;
  readonly serving: readonly ServingFindings[];
  readonly hardware: HardwareCurves;
  readonly tightness: readonly Curve[];
  readonly policy: readonly PolicyCurves[];
}

/** The slow ones first, so that no thread has a slow one left at the end. */
const slowFirst = ['BertLarge', 'Vision', 'ResNet50', 'Dlrm', 'Language'];
const rank = (subject: string): number => (slowFirst.indexOf(subject) + slowFirst.length + 1) % (slowFirst.length + 1);

/** The tasks of the whole experiment. */
export function allTasks(subjects: readonly Subject[], effort: Effort): readonly Task[] {
  return subjects.flatMap(({ name }) => traffics.map((traffic): Task => ({ subject: name, traffic, effort })));
}

/** Runs tasks of the experiment. The answers are in the order of the tasks. */
export async function measure(
  tasks: readonly Task[],
  startWorker: () => Worker,
  onProgress?: (done: number, all: number) => void,
): Promise<readonly Answer[]> {
  const order = [...tasks].sort((a, b) => rank(a.subject) - rank(b.subject));
  let done = 0;
  onProgress?.(done, order.length);
  const answers = await answerAll(startWorker, order, () => onProgress?.(++done, order.length));
  return tasks.map((task): Answer => {
    const found = answers[order.indexOf(task)];
    if (found === undefined) throw new Error(`no answer for ${task.subject}`);
    return found;
  });
}

/** Adds to the answers what is computed without a simulation of traffic. */
export async function findingsOf(root: string, answers: readonly Answer[]): Promise<Findings> {
  const subjects = await loadSubjects(root);
  const alone = subjects.filter((subject) => subject.scenario.serves.length === 1);
  const service = new Map(
    alone.map(({ name, scenario, contenders }) => {
      const model = scenario.serves[0]?.model;
      if (model === undefined) throw new Error(`${name} serves nothing`);
      const of = (scheme: Scheme) => serviceTimes(contenders[scheme].npu, model);
      return [
        name,
        { tpuv4i: of('tpuv4i'), 'on-chip': of('on-chip'), 'off-chip': of('off-chip'), stored: of('stored') },
      ] as const;
    }),
  );
  return {
    subjects,
    alone,
    service,
    serving: answers.map((one) => one.serving),
    hardware: hardwareCurves(alone),
    tightness: answers.flatMap((one) => one.tightness ?? []),
    policy: answers.flatMap((one) => one.policy ?? []),
  };
}
