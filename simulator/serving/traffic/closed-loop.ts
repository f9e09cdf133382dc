import type { Arrivals } from '../../../design/index.ts';
import type { BlockSource } from './block-source.ts';

/** The traffic of a closed loop. */
export type ClosedArrivals = Extract<Arrivals, { kind: 'closed' }>;

/**
 * The arrivals of a closed loop. Each client sends a query, waits until all of its requests are done, waits for the think
 * time, and sends the next query. The arrival times become known only during the run: `complete` adds them, and `fill`
 * returns those that are known.
 *
 * All clients start at time 0. The think time is the same for all clients, so the next queries are in the order of the
 * completions. The class does not record which query a request belongs to. It sends the next query as soon as the number of
 * completed requests equals the size of a query. This is exact for one client, and for queries of one request. The language
 * has no other closed loops.
 */
export class ClosedLoop implements BlockSource {
  private readonly perQuery: number;
  private readonly thinkSeconds: number;
  /**
   * The known arrival times that `fill` has not returned yet, in a ring. There is room for the requests of all clients.
   */
  private readonly times: Float64Array;
  private first = 0;
  private count: number;
  /** The number of completed requests of unfinished queries. */
  private done = 0;

  constructor({ clients, requestsPerQuery, thinkSeconds }: ClosedArrivals) {
    this.perQuery = requestsPerQuery;
    this.thinkSeconds = thinkSeconds;
    this.count = clients * requestsPerQuery;
    this.times = new Float64Array(this.count);
  }

  /** Returns the known arrival times. It returns fewer than requested until `complete` adds more. */
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
