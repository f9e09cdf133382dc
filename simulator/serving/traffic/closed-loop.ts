import type { Arrivals } from '../../../design/index.ts';
import type { BlockSource } from './block-source.ts';

export type ClosedArrivals = Extract<Arrivals, { kind: 'closed' }>;

/**
 * The arrivals of a closed loop. Each client sends a query, waits until all its requests are done, thinks, and sends the next one. The times are
 * known only while the run goes on: `complete` adds them, and `fill` returns those that are known.
 *
 * All clients start at time 0. The think time is the same for all, so the times of the next queries are in the order of the completions.
 * Queries are not told apart: as soon as as many requests are done as a query has, the next query follows. This is exact for one client and for
 * queries of one request, and the language offers no other loops.
 */
export class ClosedLoop implements BlockSource {
  private readonly perQuery: number;
  private readonly thinkSeconds: number;
  /** Times that `fill` has not returned, in a ring. Never more than all clients' requests. */
  private readonly times: Float64Array;
  private first = 0;
  private count: number;
  /** Requests that are done, of queries that are not done. */
  private done = 0;

  constructor({ clients, requestsPerQuery, thinkSeconds }: ClosedArrivals) {
    this.perQuery = requestsPerQuery;
    this.thinkSeconds = thinkSeconds;
    this.count = clients * requestsPerQuery;
    this.times = new Float64Array(this.count);
  }

  fill(target: Float64Array, from: number, to: number): number {
    const { times } = this;
    const filled = Math.min(to - from, this.count);
    for (let i = 0; i < filled; i++) {
      target[from + i] = times[this.first] as number;
      this.first = (this.first + 1) % times.length;
    }
    this.count -= filled;
    return filled;
  }

  /** Adds the queries that follow `requests` completed requests. */
  complete(requests: number, nowSeconds: number): void {
    const { times, perQuery } = this;
    this.done += requests;
    while (this.done >= perQuery) {
      this.done -= perQuery;
      for (let i = 0; i < perQuery; i++) {
        times[(this.first + this.count++) % times.length] = nowSeconds + this.thinkSeconds;
      }
    }
  }
}
