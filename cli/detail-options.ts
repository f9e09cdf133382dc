import { type Design, type Exploration, furtherMeasures, servesSequences } from '../design/index.ts';
import { designHash } from '../engine/index.ts';
import type { DetailOptions } from '../simulator/index.ts';

/** What the rows of an exploration have in addition to the values of its goals. */
export function detailOptions(
  { scenarios }: Pick<Design, 'scenarios'>,
  { goals, scenario }: Pick<Exploration, 'goals' | 'scenario'>,
): DetailOptions {
  const written = scenarios.find(({ name }) => name === scenario);
  return { further: furtherMeasures(goals, written?.serves.some(servesSequences) ?? false), hashOf: designHash };
}
