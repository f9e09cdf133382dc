import type { Modulated } from './modulated.ts';
import { Xoshiro128 } from './random.ts';
import { Sample } from './sample.ts';

/*
 * Queues without a closed form, each simulated by a loop of a few lines. They share no code with simulator/: no events, no queues
 * and no statistics. The service time is 1, or for a batch the time in `BatchQueue`.
 */

/** MMPP/D/1, first come, first served, with Lindley's recursion. */
export function modulatedQueue(arrivals: Modulated, requests: number, seed: number): Sample {
  const { low, high, quiet, busy } = arrivals;
  const random = new Xoshiro128(seed);
  const sample = new Sample(requests);
  let isHigh = random.uniform() * (quiet + busy) < busy;
  let phaseLeft = random.exponential() * (isHigh ? busy : quiet);
  let wait = 0;
  for (let i = 0; i < requests; i++) {
    // The next event is the earlier of two exponential times: the next arrival, or the end of the phase.
    let gap = 0;
    for (;;) {
      const next = random.exponential() / (isHigh ? high : low);
      if (next < phaseLeft) {
        phaseLeft -= next;
        gap += next;
        break;
      }
      gap += phaseLeft;
      isHigh = !isHigh;
      phaseLeft = random.exponential() * (isHigh ? busy : quiet);
    }
    const free = wait + 1 - gap;
    wait = i === 0 || free < 0 ? 0 : free;
    sample.add(wait + 1);
  }
  return sample;
}

/** The arrival times of the waiting requests, the oldest first. */
class Waiting {
  private times = new Float64Array(1024);
  private head = 0;
  count = 0;

  push(time: number): void {
    if (this.count === this.times.length) {
      const wider = new Float64Array(2 * this.times.length);
      for (let i = 0; i < this.count; i++) wider[i] = this.times[(this.head + i) % this.times.length] ?? 0;
      this.times = wider;
      this.head = 0;
    }
    this.times[(this.head + this.count) % this.times.length] = time;
    this.count++;
  }

  shift(): number {
    const time = this.times[this.head] ?? 0;
    this.head = (this.head + 1) % this.times.length;
    this.count--;
    return time;
  }
}

/**
 * Two Poisson streams on one server without preemption. The first stream has priority. Returns one sample for each
 * stream.
 */
export function priorityQueue(
  rates: readonly [number, number],
  requests: number,
  seed: number,
): readonly [Sample, Sample] {
  const [high, low] = rates;
  const random = new Xoshiro128(seed);
  const samples = [new Sample((requests * high) / (high + low)), new Sample((requests * low) / (high + low))] as const;
  const queues = [new Waiting(), new Waiting()] as const;
  let nextHigh = random.exponential() / high;
  let nextLow = random.exponential() / low;
  let free = 0;
  for (let served = 0; served < requests; served++) {
    // All requests that arrived during the last service are waiting now.
    if (queues[0].count + queues[1].count === 0) free = Math.max(free, Math.min(nextHigh, nextLow));
    for (; nextHigh <= free; nextHigh += random.exponential() / high) queues[0].push(nextHigh);
    for (; nextLow <= free; nextLow += random.exponential() / low) queues[1].push(nextLow);
    const at = queues[0].count > 0 ? 0 : 1;
    const came = queues[at].shift();
    free += 1;
    samples[at].add(free - came);
  }
  return samples;
}

export interface BatchQueue {
  readonly rate: number;
  readonly most: number;
  /** The service time of a batch of `size` requests, in seconds. */
  readonly seconds: (size: number) => number;
}

/** A queue with Poisson arrivals. A free server starts a batch of all waiting requests, but at most `most`. */
export function batchQueue({ rate, most, seconds }: BatchQueue, requests: number, seed: number): Sample {
  const random = new Xoshiro128(seed);
  const sample = new Sample(requests);
  const queue = new Waiting();
  const service = Array.from({ length: most + 1 }, (_, size) => seconds(size));
  let next = random.exponential() / rate;
  let free = 0;
  for (let served = 0; served < requests; ) {
    if (queue.count === 0) free = Math.max(free, next);
    for (; next <= free; next += random.exponential() / rate) queue.push(next);
    const size = Math.min(most, queue.count);
    free += service[size] ?? 0;
    for (let i = 0; i < size; i++) sample.add(free - queue.shift());
    served += size;
  }
  return sample;
}
