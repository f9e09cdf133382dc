import type { BurstPolicy, Model, Npu, Slo } from '../../design/index.ts';
import { TableCache } from '../../simulator/index.ts';
import { findCapacity } from './capacity.ts';
import { ContenderRuns, firstGuess, offered } from './contender-runs.ts';
import { type Probe, probe } from './probe.ts';
import { serviceTimes } from './service-times.ts';
import type { Contender, Subject } from './subjects.ts';
import { atLoad, type Effort } from './traffic.ts';

/** Pairs of x and y for one network; null if there is nothing to show. */
export interface Curve {
  readonly subject: string;
  readonly x: readonly number[];
  readonly y: readonly (number | null)[];
}

export const rates = [32, 64, 128, 256, 512, 1024, 2048] as const;
export const cmemMebibytes = [8, 16, 32, 64, 128, 256, 512, 1024] as const;
export const hbmGigabytes = [150, 300, 614, 1228, 2456] as const;
export const tightness = [1, 1.5, 2, 3, 4] as const;
export const guards = [0, 0.05, 0.1, 0.2, 0.4, 0.8] as const;
export const holds = [0, 0.0005, 0.002, 0.008, 0.032] as const;

/**
 * How many times faster a request is in burst mode than in base mode on the same chip: the first request, or one after
 * others.
 */
function speedup(npu: Npu, model: Model, which: 'first' | 'steady'): number {
  const times = serviceTimes(npu, model);
  return times.base.seconds / times[which].seconds;
}

export interface HardwareCurves {
  readonly rate: readonly Curve[];
  readonly cmem: readonly Curve[];
  readonly hbm: readonly Curve[];
}

/** The effect of the quantization unit's rate, of CMEM's capacity and of HBM's bandwidth. Each changes alone. */
export function hardwareCurves(subjects: readonly Subject[]): HardwareCurves {
  const curves = (which: 'first' | 'steady', x: readonly number[], change: (npu: Npu, value: number) => Npu): Curve[] =>
    subjects.map(({ name, scenario, contenders }) => {
      const model = scenario.serves[0]?.model;
      const { npu } = contenders['on-chip'];
      const y = x.map((value) => (model === undefined ? null : speedup(change(npu, value), model, which)));
      return { subject: name, x, y };
    });
  return {
    rate: curves('first', rates, (npu, value) => ({
      ...npu,
      quantizer: { ...npu.quantizer, elementsPerCycle: value },
    })),
    cmem: curves('steady', cmemMebibytes, (npu, value) =>
      npu.cmem === null ? npu : { ...npu, cmem: { ...npu.cmem, capacityBytes: value * 2 ** 20 } },
    ),
    hbm: curves('steady', hbmGigabytes, (npu, value) => ({
      ...npu,
      hbm: { ...npu.hbm, bandwidthBytesPerSecond: value * 1e9 },
    })),
  };
}

/**
 * The load of Stimpack divided by the load of TPUv4i, with the limit divided by 1 to 4. `whole` has the two known loads
 * at the full limit, where the search at the next limit begins.
 */
export function tightnessCurve(
  subject: Subject,
  whole: { readonly base: number | null; readonly own: number | null },
  effort: Effort,
): Curve {
  const cache = new TableCache();
  const { scenario, contenders } = subject;
  const tighten = (slo: Slo, by: number): Slo =>
    slo.metric === 'latency' ? { ...slo, limitSeconds: slo.limitSeconds / by } : slo;
  let { base, own } = whole;
  const y = tightness.map((by) => {
    if (by !== 1) {
      const serves = scenario.serves.map((serve) => ({ ...serve, slos: serve.slos.map((slo) => tighten(slo, by)) }));
      const offer = offered({ ...scenario, serves }, 'poisson', effort, cache);
      const search = (contender: Contender, before: number | null): number | null => {
        const runs = new ContenderRuns(offer, contender, cache);
        return findCapacity(runs, before ?? firstGuess(runs, 'poisson')).at?.rps ?? null;
      };
      base = search(contenders.tpuv4i, base);
      own = search(contenders['on-chip'], own);
    }
    return base === null || own === null ? null : own / base;
  });
  return { subject: subject.name, x: tightness, y };
}

/** Runs at a load above TPUv4i's largest, for each guard and each hold; null without such a load. */
export interface PolicyCurves {
  readonly subject: string;
  readonly guard: readonly (Probe | null)[];
  readonly hold: readonly (Probe | null)[];
}

/** Above the largest load of TPUv4i, so that the scheduler has a choice. Our assumption. */
export const policyLoad = 1.1;

/**
 * Guard and hold of the scheduler, each changed alone, under bursty traffic at `policyLoad` times TPUv4i's load. Null
 * if TPUv4i has no such load.
 */
export function policyCurves(subject: Subject, baselineRps: number | null, effort: Effort): PolicyCurves {
  const { name, scenario, contenders } = subject;
  const cache = new TableCache();
  const offer = offered(scenario, 'bursty', effort, cache);
  const rps = (baselineRps ?? 0) * policyLoad;
  const own = contenders['on-chip'];
  const usual = own.scheduler.burst.kind === 'slack' ? own.scheduler.burst : undefined;
  const run = (burst: BurstPolicy): Probe | null =>
    baselineRps === null || usual === undefined
      ? null
      : probe(atLoad(offer, rps), { ...own, scheduler: { ...own.scheduler, burst } }, rps, cache);
  return {
    subject: name,
    guard: guards.map((guardFraction) => run({ kind: 'slack', holdSeconds: 0.002, ...usual, guardFraction })),
    hold: holds.map((holdSeconds) => run({ kind: 'slack', guardFraction: 0.05, ...usual, holdSeconds })),
  };
}
