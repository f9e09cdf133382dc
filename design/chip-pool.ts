import type { Npu } from './npu.ts';
import type { RunResult } from './result.ts';
import type { ChipCount, Scenario, Variant } from './scenario.ts';

/*
 * The chips of a scenario: those of the kind that `npu` names, and those of other kinds that share the queue.
 */

type Pool = Pick<Scenario, 'npu' | 'chips' | 'also'>;

/** The kinds of chip of a scenario in the order of the file, its own kind first. */
export function chipKinds({ npu, chips, also = [] }: Pool): readonly ChipCount[] {
  return [{ npu, chips }, ...also];
}

/** The number of all chips that share the queue. */
export function totalChips(scenario: Pool): number {
  return chipKinds(scenario).reduce((sum, { chips }) => sum + chips, 0);
}

/** A scenario with the chips and the scheduler of one of its variants. */
export function withVariant({ also: _, ...scenario }: Scenario, variant: Variant): Scenario {
  const { npu, scheduler, chips = scenario.chips, also } = variant;
  return { ...scenario, npu, scheduler, chips, ...(also === undefined ? {} : { also }) };
}

/** All chips that the runs of a scenario and its variants use, each once. */
export function usedChips({ npu, also = [], compare }: Pick<Scenario, 'npu' | 'also' | 'compare'>): readonly Npu[] {
  return [...new Set([npu, ...also.map((other) => other.npu), ...compare.map((variant) => variant.npu)])];
}

/** The chips of a pool for a person: the name of the chip, or "3 TPUv4i + 1 Stimpack". */
export function poolName(scenario: Pool): string {
  const kinds = chipKinds(scenario);
  return kinds.length === 1 ? scenario.npu.name : kinds.map(({ npu, chips }) => `${chips} ${npu.name}`).join(' + ');
}

/** The name of each chip of a run: "chip 2", or "Stimpack 2" if there are several kinds. */
export function chipNames({ kinds, timeline }: Pick<RunResult, 'kinds' | 'timeline'>): readonly string[] {
  if (kinds === undefined) {
    return Array.from({ length: timeline.chips }, (_, chip) => (timeline.chips === 1 ? 'chip' : `chip ${chip + 1}`));
  }
  return kinds.flatMap(({ npu, chips }) =>
    Array.from({ length: chips }, (_, at) => (chips === 1 ? npu : `${npu} ${at + 1}`)),
  );
}
