import type { SearchKind } from '../../../design/index.ts';
import { Nsga2 } from './nsga2.ts';
import { samplingSearch } from './sampling.ts';
import type { DesignSearch, SearchAxis } from './space.ts';

export type {
  Choices,
  DesignSearch,
  SearchAxis,
  SearchResult,
} from './space.ts';

/** A search over a space that tries at most `budget` designs. */
export function createSearch(
  kind: SearchKind,
  axes: readonly SearchAxis[],
  budget: number,
  seed: number,
): DesignSearch {
  return kind === 'nsga2' ? new Nsga2(axes, budget, seed) : samplingSearch(kind, axes, budget, seed);
}
