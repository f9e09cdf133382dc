import { type Subject, schemes } from './subjects.ts';
import type { Answer } from './tasks.ts';
import type { Effort, Traffic } from './traffic.ts';

/** The largest load of one chip and scheduler with one network or mix. */
export interface LoadRow {
  readonly network: string;
  readonly chip: string;
  readonly scheduler: string;
  readonly traffic: Traffic;
  /** The largest load at which every objective is met, in requests per second; null if there is none. */
  readonly metRps: number | null;
  /** The smallest load at which an objective is violated; null if there is none. */
  readonly violatedRps: number | null;
  /** No schedule of the chip can complete more requests. */
  readonly saturationRps: number;
}

/** docs/reproduction.json: all that was simulated. The page is made from it. */
export interface ExperimentRecord {
  readonly effort: Effort;
  readonly loads: readonly LoadRow[];
  readonly answers: readonly Answer[];
}

export function recordOf(subjects: readonly Subject[], answers: readonly Answer[], effort: Effort): ExperimentRecord {
  const loads = answers.flatMap(({ serving: { subject, traffic, load } }) => {
    const contenders = subjects.find((one) => one.name === subject)?.contenders;
    if (contenders === undefined) throw new Error(`experiment.npu has no scenario ${subject}`);
    return schemes.map((scheme): LoadRow => {
      const { npu, scheduler } = contenders[scheme];
      const { metRps, violatedRps, saturationRps } = load[scheme];
      return {
        network: subject,
        chip: npu.name,
        scheduler: scheduler.name,
        traffic,
        metRps,
        violatedRps,
        saturationRps,
      };
    });
  });
  return { effort, loads, answers };
}
