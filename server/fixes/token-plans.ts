import { formatBytes } from '../../design/index.ts';
import { changeNpu, changeSteps } from '../../language/index.ts';
import type { BrokenObjective, FixPlan } from './fix-plan.ts';
import { figure, growing, plan } from './value-plan.ts';

/* What a scenario with a language model can change besides its chip: the limits of its steps, and the memory of its KV cache. */

/** More sequences at a time answer earlier, and fewer of them answer faster. */
export function sequencesPlan({ place, scenario }: BrokenObjective): FixPlan | undefined {
  const limits = scenario.serves[place.serve]?.sequences?.limits;
  if (limits === undefined) return undefined;
  const { sequences } = limits;
  const values = [2, 4, 8, 1 / 2, 1 / 4, 1 / 8].map((factor) => Math.round(sequences * factor));
  return plan([...new Set(values)].filter(isCount), false, (value) => ({
    changes: changeSteps(place, { sequences: String(value) }),
    title: (met) => `Run up to ${value} sequences at a time instead of ${sequences} (${figure(met)})`,
  }));
}

/** Smaller steps let others wait less for a prompt, and larger ones have room for more prompts. */
export function stepTokensPlan({ place, scenario }: BrokenObjective): FixPlan | undefined {
  const limits = scenario.serves[place.serve]?.sequences?.limits;
  // Compiled shapes belong to one largest step.
  if (limits === undefined || limits.buckets !== undefined) return undefined;
  const { tokens } = limits;
  const values = [1 / 2, 1 / 4, 1 / 8, 2, 4].map((factor) => Math.round(tokens * factor));
  return plan([...new Set(values)].filter(isCount), false, (value) => ({
    changes: changeSteps(place, { tokens: String(value) }),
    title: (met) => `Compute up to ${value} tokens in a step instead of ${tokens} (${figure(met)})`,
  }));
}

/** More memory has room for more KV blocks. */
export function memoryPlan({ place, scenario: { npu, serves } }: BrokenObjective): FixPlan | undefined {
  const { offChip } = npu;
  if (serves[place.serve]?.sequences === undefined || offChip === 'none') return undefined;
  const now = npu.hbm.capacityBytes;
  return plan(growing(now / 1e9, 1.1, 4), true, (value) => ({
    changes: changeNpu(place, offChip, { capacity: `${value} GB` }),
    title: (met) => `Enlarge ${offChip} from ${formatBytes(now)} to ${formatBytes(value * 1e9)} (${figure(met)})`,
  }));
}

/** What the language accepts as a limit of a step. */
function isCount(value: number): boolean {
  return value >= 1 && value <= 4096 * 16;
}
