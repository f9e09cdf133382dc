import { traceMessages } from '../messages/index.ts';
import { ColumnValues } from './column-values.ts';
import { contentOf } from './columns.ts';
import { mostCodes, namesEvents, pairsEvents } from './event-names.ts';
import type { TraceRecord } from './records.ts';
import { type Column, holdsTimes, nameOf } from './sample.ts';
import { SeenIdentities } from './seen-identities.ts';
import type { Finding } from './trace.ts';

/** The most columns whose identities are kept. Our assumption: a row has one identity of its request, or a few. */
const mostIdentityColumns = 4;

/** The columns that can show that a row is not exactly one request. */
export interface WatchedColumns {
  /** All columns but the one of the times, the one of `where`, and the one that divides gaps into sessions. */
  readonly others: readonly Column[];
  /** If the rows have gaps: the column that names the session in which a gap counts. */
  readonly session: Column | undefined;
  /** The name of the column of the times. */
  readonly timesName: string;
}

interface Watched<Kept> {
  readonly column: Column;
  readonly kept: Kept;
}

/**
 * Follows the columns of a trace through all its rows, and reports those whose content suggests that a row is not exactly one request. A column
 * with too many values to be a column of codes is not followed further.
 */
export class RowMeaning {
  private readonly session: Watched<ColumnValues> | undefined;
  private readonly others: readonly Watched<ColumnValues>[];
  private readonly timesName: string;
  private values: readonly Watched<ColumnValues>[];
  private identities: readonly Watched<SeenIdentities>[];
  private readonly repeated: { readonly column: Column; readonly line: number }[] = [];

  constructor({ others, session, timesName }: WatchedColumns) {
    this.timesName = timesName;
    this.others = others.map((column) => ({ column, kept: new ColumnValues() }));
    this.session = session === undefined ? undefined : { column: session, kept: new ColumnValues() };
    this.values = this.session === undefined ? this.others : [...this.others, this.session];
    this.identities = others
      .filter(({ name }) => namesRequest(name))
      .slice(0, mostIdentityColumns)
      .map((column) => ({ column, kept: new SeenIdentities() }));
  }

  /** Adds a row that is replayed. `indexOf`: the place of a column in the record. */
  add(record: TraceRecord, indexOf: (record: TraceRecord, column: number) => number): void {
    let hasFull = false;
    for (const { column, kept } of this.values) {
      const index = indexOf(record, column.index);
      if (index < record.count) kept.add(record, index);
      hasFull ||= kept.isFull;
    }
    if (hasFull) this.values = this.values.filter(({ kept }) => !kept.isFull);
    if (this.identities[0]?.kept.isFull === true) this.identities = [];
    let found: Column | undefined;
    for (const { column, kept } of this.identities) {
      const index = indexOf(record, column.index);
      if (index < record.count && kept.add(record, index)) found = column;
    }
    if (found === undefined) return;
    this.repeated.push({ column: found, line: record.line });
    this.identities = this.identities.filter(({ column }) => column !== found);
  }

  findings(): readonly Finding[] {
    const findings: Finding[] = [];
    const { session } = this;
    if (session !== undefined && session.kept.values.size > 1) {
      const message = traceMessages.sessionGaps({ column: this.timesName, session: nameOf(session.column) });
      findings.push({ message, effect: { kind: 'any' } });
    }
    let hasEvents = false;
    for (const { column, kept } of this.others) {
      const { values, isFull } = kept;
      const name = nameOf(column);
      const kinds = isFull ? `more than ${mostCodes}` : String(values.size);
      if (column.role === 'count' && countsRequests(values))
        findings.push({ message: traceMessages.counts({ column: name }), effect: { kind: 'any' } });
      const isEvent = column.role === 'event' || (isFull ? pairsEvents(values) : namesEvents(column.name, values));
      if (values.size > 1 && isEvent) {
        hasEvents = true;
        findings.push({ message: traceMessages.events({ column: name, kinds }), effect: { kind: 'any' } });
      }
      if (column.role === 'model' && values.size > 1)
        findings.push({ message: traceMessages.models({ column: name, kinds }) });
    }
    const [first] = this.repeated;
    // Events of one request have its identity, and one caveat about them is enough.
    if (first !== undefined && !hasEvents)
      findings.push({
        message: traceMessages.repeatedIdentity({ column: nameOf(first.column), line: first.line }),
        effect: { kind: 'any' },
      });
    return findings;
  }
}

function countsRequests(values: ReadonlySet<string>): boolean {
  return holdsTimes(contentOf([...values], true)) && [...values].some((value) => Number(value) !== 1);
}

/** Whether a column is named like the identity of one request: `id`, `request_id`, `traceId`. Sessions and users have several requests. */
function namesRequest(name: string): boolean {
  // In an object such as `user`, an `id` is the identity of the object.
  if (/^(id|uuid|guid)$/iu.test(name.trim())) return true;
  const last = name.slice(name.lastIndexOf('.') + 1).replace(/([a-z\d])([A-Z])/gu, '$1_$2');
  return identity.test(last.trim());
}

const identity = /^(x[_-])?(request|req|trace|query|invocation|call|inference)[_ -]?(id|uuid|guid|no|number)$/iu;
