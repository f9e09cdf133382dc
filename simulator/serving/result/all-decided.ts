import type { MeasuredPart } from '../judge/measured-part.ts';
import { judge } from '../judge/verdict.ts';
import type { Simulation } from '../state/simulation.ts';
import { zeroBreakdown } from './latency-breakdown.ts';
import { measureServe, type VerdictCheck } from './measure-serve.ts';

/** Whether all objectives are decided now. With `endsAtViolation`, also true if one objective is violated. */
export function allDecided(
  sim: Simulation,
  part: MeasuredPart,
  check: VerdictCheck,
  endsAtViolation: boolean,
): boolean {
  let decided = true;
  for (let serve = 0; serve < sim.serves.length; serve++) {
    const measured = measureServe(sim, serve, part, check);
    for (const slo of measured.serve.slos) {
      const { verdict } = judge(slo, measured, () => zeroBreakdown);
      if (verdict === 'undecided') decided = false;
      if (verdict === 'violated' && endsAtViolation) return true;
      if (!decided && !endsAtViolation) return false;
    }
  }
  return decided;
}
