import {
  assertNever,
  followsChips,
  formatBytes,
  formatQuantity,
  type Npu,
  type SloOutcome,
  sloName,
} from '../../design/index.ts';
import { changeArrivals, changeBurst, changeLimit, changeNpu } from '../../language/index.ts';
import type { BrokenObjective, Candidate, FixPlan } from './fix-plan.ts';
import { loadAt } from './load.ts';
import { longerRunPlan } from './longer-run.ts';
import { measuredBeside, relaxedLimits } from './relaxed-limits.ts';
import { memoryPlan, sequencesPlan, stepTokensPlan } from './token-plans.ts';
import { figure, growing, measured, plan } from './value-plan.ts';

/** What a fix can change so that an objective is met, in the order of the offers. */
export const fixKinds = [
  'longer run',
  'load for all',
  'load',
  'burst',
  'bandwidth',
  'arrays',
  'array size',
  'scratchpad',
  'sequences',
  'step tokens',
  'memory',
  'limit',
] as const;
export type FixKind = (typeof fixKinds)[number];

/** Returns undefined if this kind of change cannot help this design. */
export function planOf(kind: FixKind, broken: BrokenObjective): FixPlan | undefined {
  const { place, scenario, outcome } = broken;
  const { npu } = scenario;
  const goal = outcome.slo.text;
  const isSpeed = outcome.slo.metric !== 'accuracy';
  switch (kind) {
    case 'longer run':
      return longerRunPlan(broken);
    case 'load for all': {
      const slos = broken.before.main.serves[place.serve]?.slos ?? [];
      const missed = slos.filter(({ verdict }) => verdict !== 'met');
      if (missed.length < 2 || missed.some(({ slo }) => slo.metric === 'throughput')) return undefined;
      const figures = (serve: readonly SloOutcome[]): string =>
        serve.flatMap((one, index) => (slos[index]?.verdict === 'met' ? [] : [figure(one)])).join(', ');
      const whole = loadPlan(
        broken,
        (says) => (_, serve) =>
          `Lower the load to ${says} (largest that meets every objective of this serve: ${figures(serve)})`,
      );
      return whole && { ...whole, meetsAll: true };
    }
    case 'load':
      // A chip cannot complete more requests than arrive, so a lower load does not help a throughput objective.
      if (outcome.slo.metric === 'throughput') return undefined;
      return loadPlan(
        broken,
        (says) => (met) => `Lower the load to ${says} (largest that meets ${goal}: ${measured(met)})`,
      );
    case 'bandwidth': {
      const { offChip } = npu;
      if (!isSpeed || offChip === 'none') return undefined;
      const now = npu.hbm.bandwidthBytesPerSecond;
      const from = formatQuantity(now, 'B/s');
      return plan(growing(now / 1e9, 1.05, 8), true, (value) => ({
        changes: changeNpu(place, offChip, { bandwidth: `${value} GB/s` }),
        title: (met) =>
          `Raise ${offChip} bandwidth from ${from} to ${formatQuantity(value * 1e9, 'B/s')} (${figure(met)})`,
      }));
    }
    case 'arrays': {
      if (!isSpeed) return undefined;
      const { count } = npu.array;
      const kind = npu.array.name === undefined ? '' : `${npu.array.name} `;
      const counts = Array.from({ length: 7 * count }, (_, i) => count + 1 + i);
      return plan(counts, true, (value) => ({
        changes: changeNpu(place, arrayHead(npu), { count: String(value) }),
        title: (met) => `Use ${value} ${kind}arrays instead of ${count} (${figure(met)})`,
      }));
    }
    case 'array size': {
      if (!isSpeed) return undefined;
      const { rows, columns } = npu.array;
      // Not monotone: a larger array can be slower if the network uses it badly.
      return plan(largerArrays(rows, columns), false, (larger) => ({
        changes: changeNpu(place, arrayHead(npu), {
          ...(larger.rows === rows ? {} : { rows: String(larger.rows) }),
          ...(larger.columns === columns ? {} : { columns: String(larger.columns) }),
        }),
        title: (met) =>
          `Use arrays of ${larger.rows} x ${larger.columns} instead of ${rows} x ${columns} (${figure(met)})`,
      }));
    }
    case 'scratchpad': {
      if (!isSpeed || npu.cmem === null) return undefined;
      const now = npu.cmem.capacityBytes;
      return plan(growing(now / 2 ** 20, 1.1, 16).map(Math.ceil), true, (value) => ({
        changes: changeNpu(place, npu.unified === true ? 'buffer' : 'CMEM', { capacity: `${value} MiB` }),
        title: (met) =>
          `Enlarge ${npu.unified === true ? 'the buffer' : 'CMEM'} from ${formatBytes(now)} to ${formatBytes(value * 2 ** 20)} (${figure(met)})`,
      }));
    }
    case 'burst':
      return isSpeed ? burstPlan(broken) : lessBurstPlan(broken);
    case 'sequences':
      return isSpeed ? sequencesPlan(broken) : undefined;
    case 'step tokens':
      return isSpeed ? stepTokensPlan(broken) : undefined;
    case 'memory':
      return isSpeed ? memoryPlan(broken) : undefined;
    case 'limit':
      return plan(relaxedLimits(outcome), false, (text) => {
        const relation = /^.*[<>]=?\s*/u.exec(goal)?.[0] ?? `${sloName(outcome.slo)}: `;
        return {
          changes: changeLimit(place, broken.objective, text),
          title: (met) => `Relax the objective to ${relation}${text} (measured: ${measuredBeside(met, outcome)})`,
        };
      });
    default:
      return assertNever(kind);
  }
}

/** The block of the first kind of array, as the file writes it. */
function arrayHead({ array }: Npu): string {
  return array.name === undefined ? 'array' : `array ${array.name}`;
}

function loadPlan(
  { place, scenario }: BrokenObjective,
  titled: (says: string) => Candidate['title'],
): FixPlan | undefined {
  const arrivals = scenario.serves[place.serve]?.arrivals;
  // In a closed loop the chips set the pace, so there is no rate to lower.
  if (arrivals === undefined || arrivals.kind === 'closed' || followsChips(arrivals)) return undefined;
  return plan(percents, true, (percent) => {
    const { parameters, says } = loadAt(arrivals, percent / 100);
    return { changes: changeArrivals(place, parameters), title: titled(says) };
  });
}

/** Gains speed and loses precision. */
function burstPlan({ place, scenario }: BrokenObjective): FixPlan | undefined {
  const { npu, scheduler } = scenario;
  const mode =
    npu.burst === null ? changeNpu(place, 'mode burst', { precision: 'int8', packing: 'reduction' }) : ([] as const);
  const policies = (['slack', 'always'] as const).filter(
    (policy) => npu.burst === null || policy !== scheduler.burst.kind,
  );
  return plan(policies, false, (policy) => {
    const burst = policy === scheduler.burst.kind ? [] : changeBurst(place, scheduler, policy);
    const verb =
      npu.burst === null
        ? `Add a burst mode (int8), burst: ${policy}`
        : scheduler.burst.kind === 'never'
          ? `Turn burst mode on, burst: ${policy}`
          : `Change burst from ${scheduler.burst.kind} to ${policy}`;
    return { changes: mode && burst && [...mode, ...burst], title: (met) => `${verb} (${figure(met)})` };
  });
}

/** Gains precision and loses speed. */
function lessBurstPlan({ place, scenario: { npu, scheduler } }: BrokenObjective): FixPlan | undefined {
  if (npu.burst === null || scheduler.burst.kind === 'never') return undefined;
  const policies = (['slack', 'never'] as const).filter((policy) => policy !== scheduler.burst.kind);
  return plan(policies, false, (policy) => ({
    changes: changeBurst(place, scheduler, policy),
    title: (met) =>
      policy === 'never'
        ? `Turn burst mode off, burst: never (${figure(met)})`
        : `Change burst from ${scheduler.burst.kind} to ${policy} (${figure(met)})`,
  }));
}

/** Percentages of the present load, the largest first. */
const percents: readonly number[] = Array.from({ length: 99 }, (_, i) => 99 - i);

/** The factors by which an array is enlarged, in each direction. Our assumption. */
const arrayFactors = [1, 1.5, 2, 3, 4];

/** Sorted by the number of elements; with equal numbers, the array that is closer to a square comes first. */
function largerArrays(rows: number, columns: number): readonly { readonly rows: number; readonly columns: number }[] {
  return arrayFactors
    .flatMap((tall) =>
      arrayFactors.map((wide) => ({ rows: Math.ceil(rows * tall), columns: Math.ceil(columns * wide) })),
    )
    .filter((size) => size.rows * size.columns > rows * columns)
    .sort((a, b) => a.rows * a.columns - b.rows * b.columns || a.rows + a.columns - (b.rows + b.columns));
}
