import type { TraceOptions } from '../../design/index.ts';
import type { RowCounts } from './rows.ts';

/** What the `.npu` file states about a trace, and the effect of each statement, as clauses for the report of a run. `isSpread`: whether rows shared a coarse time and were spread. */
export function statedClauses(
  options: TraceOptions,
  { withTime, malformed, filteredOut }: RowCounts,
  isSpread: boolean,
): readonly string[] {
  const clauses: string[] = [];
  const total = withTime + malformed;
  if (options.column !== undefined) clauses.push(`the arrival times are in column '${options.column}'`);
  if (options.unit !== undefined) clauses.push(`its times are in ${options.unit}`);
  if (options.gaps !== undefined)
    clauses.push(`its values are ${options.gaps ? 'times between requests' : 'arrival times'}`);
  if (options.ends !== undefined) clauses.push(`its times are ${options.ends ? 'ends of requests' : 'arrivals'}`);
  if (options.where !== undefined)
    clauses.push(`only rows with ${options.where} are replayed, ${total} of ${total + filteredOut}`);
  if (options.skip === true && malformed > 0)
    clauses.push(`${malformed} of ${total} rows that cannot be read are left out on purpose`);
  if (isSpread) clauses.push('rows that share a coarse time are spread over it');
  if (options.spread === false) clauses.push('rows that share a time arrive at one instant');
  if (options.blockTokens !== undefined) clauses.push(`its hashes identify blocks of ${options.blockTokens} tokens`);
  return clauses;
}
