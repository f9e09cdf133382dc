import { type Arrivals, assertNever, type Scenario, type ScenarioResult, type SloOutcome } from '../../design/index.ts';
import {
  changeArrivals,
  changeBurst,
  changeLimit,
  changeNpu,
  type LoadParameter,
  type ServePlace,
  type TextChange,
} from '../../language/index.ts';

/** What can be changed so that an objective is met. */
export const fixKinds = ['load', 'bandwidth', 'arrays', 'scratchpad', 'burst', 'limit'] as const;
export type FixKind = (typeof fixKinds)[number];

/** One design that a search may try, as a change of the text; `says` is what it comes to. */
export interface Candidate {
  readonly changes: readonly TextChange[];
  readonly says: string;
}

/** Designs from the one that changes least to the one that meets the objective soonest: the first that meets it is the fix. */
export interface FixPlan {
  readonly title: string;
  readonly candidates: readonly Candidate[];
}

/** An objective that is not met, and the design that it belongs to. */
export interface BrokenObjective {
  readonly place: ServePlace;
  readonly scenario: Scenario;
  readonly outcome: SloOutcome;
  /** Place of the objective among its serve's. */
  readonly objective: number;
  /** The run that found it so. */
  readonly before: ScenarioResult;
}

/** undefined where this kind of change is out of the question for this design. */
export function planOf(kind: FixKind, broken: BrokenObjective): FixPlan | undefined {
  const { place, scenario, outcome } = broken;
  const { npu } = scenario;
  const goal = outcome.slo.text;
  const isSpeed = outcome.slo.metric !== 'accuracy';
  switch (kind) {
    case 'load': {
      const arrivals = scenario.serves[place.serve]?.arrivals;
      // More requests cannot be served than come: fewer would not help a throughput.
      if (arrivals === undefined || outcome.slo.metric === 'throughput') return undefined;
      return plan(`Lower the load to the largest that meets ${goal}`, percents(), (percent) => {
        const { parameters, says } = loadAt(arrivals, percent / 100);
        return { changes: changeArrivals(place, parameters), says };
      });
    }
    case 'bandwidth': {
      if (!isSpeed) return undefined;
      const now = npu.hbm.bandwidthBytesPerSecond / 1e9;
      return plan(`Raise the HBM bandwidth to the smallest that meets ${goal}`, growing(now, 1.05, 8), (value) => {
        const text = `${value} GB/s`;
        return { changes: changeNpu(place, 'HBM', { bandwidth: text }), says: text };
      });
    }
    case 'arrays': {
      if (!isSpeed) return undefined;
      const counts = Array.from({ length: 7 * npu.array.count }, (_, i) => npu.array.count + 1 + i);
      return plan(`Add the fewest arrays that meet ${goal}`, counts, (count) => ({
        changes: changeNpu(place, 'array', { count: String(count) }),
        says: `${count} arrays`,
      }));
    }
    case 'scratchpad': {
      if (!isSpeed || npu.cmem === null) return undefined;
      const now = npu.cmem.capacityBytes / 2 ** 20;
      return plan(`Enlarge CMEM to the smallest that meets ${goal}`, growing(now, 1.1, 16), (value) => {
        const text = `${Math.ceil(value)} MiB`;
        return { changes: changeNpu(place, 'CMEM', { capacity: text }), says: text };
      });
    }
    case 'burst':
      return isSpeed ? burstPlan(broken, goal) : undefined;
    case 'limit':
      return plan(`Relax ${goal} to what is reached`, [0, 0.02, 0.05, 0.1, 0.2, 0.4, 0.8], (room) => {
        const text = relaxed(outcome, room);
        return { changes: changeLimit(place, broken.objective, text), says: text };
      });
    default:
      return assertNever(kind);
  }
}

function burstPlan({ place, scenario }: BrokenObjective, goal: string): FixPlan | undefined {
  const { npu, scheduler } = scenario;
  const title = `Turn burst mode on to meet ${goal}`;
  const mode =
    npu.burst === null ? changeNpu(place, 'mode burst', { precision: 'int8', packing: 'reduction' }) : ([] as const);
  const policies = (['slack', 'always'] as const).filter(
    (policy) => npu.burst === null || policy !== scheduler.burst.kind,
  );
  return plan(title, policies, (policy) => {
    const burst = policy === scheduler.burst.kind ? [] : changeBurst(place, scheduler, policy);
    return { changes: mode && burst && [...mode, ...burst], says: `burst: ${policy}` };
  });
}

function plan<T>(
  title: string,
  values: readonly T[],
  make: (value: T) => { readonly changes: readonly TextChange[] | undefined; readonly says: string },
): FixPlan | undefined {
  const candidates = values.flatMap((value): readonly Candidate[] => {
    const { changes, says } = make(value);
    return changes === undefined || changes.length === 0 ? [] : [{ changes, says }];
  });
  return candidates.length === 0 ? undefined : { title, candidates };
}

/** Shares of the present load, the largest first. */
function percents(): readonly number[] {
  return Array.from({ length: 99 }, (_, i) => 99 - i);
}

/** Values above one, each a step larger, with the digits that a person would write. */
function growing(now: number, step: number, most: number): readonly number[] {
  const values: number[] = [];
  for (let value = now * step; value <= now * most * 1.0001; value *= step) values.push(roundUp(value));
  return [...new Set(values)];
}

interface Load {
  readonly parameters: readonly (LoadParameter & { readonly text: string })[];
  readonly says: string;
}

/** The parameters that make arrivals come at a share of their rate. */
function loadAt(arrivals: Arrivals, share: number): Load {
  const rate = (perSecond: number): string => `${roundDown(perSecond * share)} rps`;
  switch (arrivals.kind) {
    case 'poisson':
    case 'constant':
    case 'diurnal':
    case 'loadgen': {
      const text = rate(arrivals.ratePerSecond);
      return { parameters: [{ name: 'rate', position: 0, text }], says: text };
    }
    case 'bursty': {
      const low = rate(arrivals.lowRatePerSecond);
      const high = rate(arrivals.highRatePerSecond);
      const parameters = [
        { name: 'low', position: 0, text: low },
        { name: 'high', position: 1, text: high },
      ];
      return { parameters, says: `${low} to ${high}` };
    }
    case 'trace': {
      const text = `${roundDown(arrivals.speedup * share)} x`;
      return { parameters: [{ name: 'speedup', position: 1, text }], says: text };
    }
    default:
      return assertNever(arrivals);
  }
}

/** A limit on the easy side of all that the measurement holds possible, with some room. */
function relaxed({ slo, measured }: SloOutcome, room: number): string {
  switch (slo.metric) {
    case 'latency': {
      const seconds = Math.max(measured.value, Number.isFinite(measured.high) ? measured.high : 0) * (1 + room);
      const [factor, unit] = seconds >= 1 ? [1, 's'] : seconds >= 1e-3 ? [1e3, 'ms'] : [1e6, 'us'];
      return `${roundUp(seconds * factor)} ${unit}`;
    }
    case 'accuracy': {
      const fraction = Math.min(measured.value, Number.isFinite(measured.low) ? measured.low : 1);
      return `${Math.floor(fraction * (1 - room / 100) * 1e4) / 100} %`;
    }
    case 'throughput':
    case 'goodput': {
      const perSecond = Math.min(
        measured.value,
        Number.isFinite(measured.low) ? measured.low : Number.POSITIVE_INFINITY,
      );
      return `${roundDown(perSecond * (1 - room / 2))} rps`;
    }
    default:
      return assertNever(slo);
  }
}

function roundUp(value: number): number {
  return roundBy(value, Math.ceil);
}

function roundDown(value: number): number {
  return roundBy(value, Math.floor);
}

/** To three digits, towards one side: what is written must not be less than what is meant. */
function roundBy(value: number, round: (value: number) => number): number {
  if (value <= 0 || !Number.isFinite(value)) return 0;
  const unit = 10 ** (Math.floor(Math.log10(value)) - 2);
  return Number((round(Number((value / unit).toPrecision(12))) * unit).toPrecision(3));
}
