import type { Candidates, Design } from '../design/index.ts';
import { contentHash } from './content-hash.ts';

/**
 * The content hash of an exploration. It includes the axes and goals, the scenario as written, the first and the last design,
 * and all chips and schedulers, because an axis can name them. Like each content hash, it ignores origins.
 */
export function explorationHash({ exploration, count, design }: Candidates, all: Design): string {
  const { npus, schedulers, scenarios } = all;
  const written = scenarios.find(({ name }) => name === exploration.scenario);
  return contentHash([exploration, { ...written, compare: [] }, design(0), design(count - 1), npus, schedulers]);
}
