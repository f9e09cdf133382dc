import type { Candidates, Design } from '../design/index.ts';
import { contentHash } from './content-hash.ts';

/**
 * Of all that the designs of an exploration are made of, as far as it shows: what varies and is sought, the scenario as it is written, the
 * first and the last design, and what a value may name, each without its place in the text.
 */
export function explorationHash({ exploration, count, design }: Candidates, all: Design): string {
  const { npus, schedulers, scenarios } = all;
  const written = scenarios.find(({ name }) => name === exploration.scenario);
  return contentHash([exploration, { ...written, compare: [] }, design(0), design(count - 1), npus, schedulers]);
}
