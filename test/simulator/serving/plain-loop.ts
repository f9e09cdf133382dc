/*
 * An independent event loop for tests: plain objects and arrays, each layer an event, each decision planned from the start. It shares no code with
 * simulator/ and follows the rules in docs/scheduler.md. It is slow and simple. Weights are always at hand, and a switch takes constant time.
 */

export interface PlainServe {
  /** Ascending. Of a closed loop: the first request of each client. */
  readonly arrivals: readonly number[];
  readonly most: number;
  readonly timeout: number;
  /** Seconds of a batch in base mode. */
  readonly seconds: (size: number) => number;
  readonly priority: number;
  readonly deadline: number;
  /** Of a closed loop: the pause of a client, and the number of requests in all. */
  readonly think?: number;
  readonly requests?: number;
}

export interface PlainRun {
  readonly serves: readonly PlainServe[];
  readonly chips: number;
  readonly order: 'fifo' | 'edf' | 'sjf' | 'priority';
  readonly layers: number;
  /** Seconds of burst mode, divided by those of base mode. */
  readonly ratio: number;
  readonly switchSeconds: number;
  readonly burst?: { readonly atLayers: boolean } & (
    | { readonly threshold: number }
    | { readonly guard: number; readonly hold: number }
  );
}

interface Batch {
  readonly serve: number;
  readonly arrivals: readonly number[];
  layer: number;
}

interface Chip {
  batch: Batch | null;
  /** The end of the layer or of the switch. Infinity: idle. */
  until: number;
  isSwitching: boolean;
  inBurst: boolean;
  wantsBurst: boolean;
  /** The layer before which the chip decides again, in burst mode. */
  decidesAt: number;
  /** Since when base mode has been good enough. */
  goodSince: number;
}

/** For each serve: arrival, start and end of each request, in the order of their ends. */
export function plainRun(
  run: PlainRun,
): readonly (readonly (readonly [arrival: number, start: number, end: number])[])[] {
  const { serves, burst, layers, ratio, switchSeconds } = run;
  const coming = serves.map(({ arrivals }) => [...arrivals]);
  const queues: number[][] = serves.map(() => []);
  const sent = serves.map(({ arrivals }) => arrivals.length);
  const done: [number, number, number][][] = serves.map(() => []);
  const chips = Array.from(
    { length: run.chips },
    (): Chip => ({
      batch: null,
      until: Infinity,
      isSwitching: false,
      inBurst: false,
      wantsBurst: false,
      decidesAt: Infinity,
      goodSince: Infinity,
    }),
  );
  const starts = new Map<Batch, number>();
  let now = 0;
  const secondsOf = (serve: number, size: number, inBurst: boolean): number =>
    (serves[serve] as PlainServe).seconds(size) * (inBurst ? ratio : 1);

  const keyOf = (serve: number, size: number, head: number): number => {
    const own = serves[serve] as PlainServe;
    if (run.order === 'fifo') return head;
    if (run.order === 'edf') return head + own.deadline;
    return run.order === 'priority' ? -own.priority : own.seconds(size);
  };
  const readyAt = (serve: number): number => {
    const queue = queues[serve] as number[];
    const { most, timeout } = serves[serve] as PlainServe;
    return queue.length >= most ? 0 : (queue[0] ?? Infinity) + timeout;
  };
  const next = (): number => {
    const ready = queues.flatMap((queue, serve) => {
      if (queue.length === 0 || readyAt(serve) > now) return [];
      const head = queue[0] as number;
      return [{ serve, key: keyOf(serve, Math.min(queue.length, (serves[serve] as PlainServe).most), head), head }];
    });
    ready.sort((a, b) => a.key - b.key || a.head - b.head || a.serve - b.serve);
    return ready[0]?.serve ?? -1;
  };

  /**
   * The largest violation of the inequality in seconds, limited by what burst mode saves. 0: the base plan is good. One chip with one serve.
   * `at`: when the chip can change its mode, before layer `layer` of its batch.
   */
  const shortfall = (chip: Chip, at: number, layer: number): number => {
    if (burst === undefined || !('guard' in burst)) return 0;
    const own = serves[0] as PlainServe;
    let base = at + (chip.inBurst ? switchSeconds : 0);
    let fast = at + (chip.inBurst ? 0 : switchSeconds);
    let most = 0;
    const check = (head: number): void => {
      const late = base - head - (1 - burst.guard) * own.deadline;
      if (late > 0 && fast < base) most = Math.max(most, Math.min(late, base - fast));
    };
    const { batch } = chip;
    if (batch !== null) {
      const rest = 1 - layer / layers;
      base += rest * secondsOf(0, batch.arrivals.length, false);
      fast += rest * secondsOf(0, batch.arrivals.length, true);
      check(batch.arrivals[0] as number);
    }
    const queue = queues[0] as number[];
    for (let place = 0; place < queue.length; place += own.most) {
      const size = Math.min(own.most, queue.length - place);
      base += secondsOf(0, size, false);
      fast += secondsOf(0, size, true);
      check(queue[place] as number);
    }
    return most;
  };
  /** Whether a chip runs its next layers in burst mode, decided before a batch or where the layers of a burst end. */
  const decides = (chip: Chip, layer: number): boolean => {
    if (burst === undefined) return false;
    if ('threshold' in burst) return queues.reduce((sum, { length }) => sum + length, 0) >= burst.threshold;
    if (shortfall(chip, now, layer) > 0) {
      chip.goodSince = Infinity;
      return true;
    }
    if (!chip.inBurst) return false;
    chip.goodSince = Math.min(chip.goodSince, now);
    return now < chip.goodSince + burst.hold;
  };
  const runLayer = (chip: Chip): void => {
    const batch = chip.batch as Batch;
    chip.isSwitching = false;
    chip.until = now + secondsOf(batch.serve, batch.arrivals.length, chip.inBurst) / layers;
    batch.layer++;
  };
  /** Starts the next layers in a mode, after a switch if it is another one. */
  const goOn = (chip: Chip, inBurst: boolean): void => {
    if (inBurst !== chip.inBurst) {
      chip.inBurst = inBurst;
      chip.isSwitching = true;
      chip.until = now + switchSeconds;
      if (switchSeconds > 0) return;
    }
    begin(chip);
  };
  /** The first layers of a span: in burst mode with `switch at: layer`, as few as the plan needs. */
  const begin = (chip: Chip): void => {
    const batch = chip.batch as Batch;
    const from = batch.layer;
    runLayer(chip);
    chip.wantsBurst = false;
    chip.decidesAt = Infinity;
    if (!chip.inBurst || burst === undefined || !('guard' in burst) || !burst.atLayers) return;
    const perLayer = secondsOf(0, batch.arrivals.length, true) / layers;
    if (chip.goodSince === Infinity) {
      const missing = shortfall(chip, chip.until, from + 1);
      if (missing > 0) {
        const saved = (secondsOf(0, batch.arrivals.length, false) / layers) * (1 - ratio);
        let count = 1;
        while (count * saved < missing + switchSeconds) count++;
        chip.decidesAt = Math.min(layers, from + count);
        return;
      }
      chip.goodSince = now;
    }
    let border = from + 1;
    while (border < layers && now + (border - from) * perLayer < chip.goodSince + burst.hold) border++;
    chip.decidesAt = border;
  };
  const startBatch = (chip: Chip, serve: number): void => {
    const arrivals = (queues[serve] as number[]).splice(0, (serves[serve] as PlainServe).most);
    // The policy reads the queue without the requests of this batch.
    chip.batch = { serve, arrivals, layer: 0 };
    starts.set(chip.batch, now);
    goOn(chip, decides(chip, 0));
  };
  const finish = (chip: Chip): void => {
    const batch = chip.batch as Batch;
    const { think, requests = 0 } = serves[batch.serve] as PlainServe;
    for (const arrival of batch.arrivals) {
      (done[batch.serve] as [number, number, number][]).push([arrival, starts.get(batch) as number, now]);
      if (think === undefined || (sent[batch.serve] as number) >= requests) continue;
      sent[batch.serve] = (sent[batch.serve] as number) + 1;
      const own = coming[batch.serve] as number[];
      own.push(now + think);
      own.sort((a, b) => a - b);
    }
    starts.delete(batch);
    chip.batch = null;
    chip.until = Infinity;
  };
  const idleReturn = (chip: Chip): number => {
    if (chip.batch !== null || !chip.inBurst || chip.isSwitching || burst === undefined) return Infinity;
    return 'threshold' in burst ? now : Math.min(chip.goodSince, now) + burst.hold;
  };
  const becomeIdle = (chip: Chip): void => {
    if (burst !== undefined && 'guard' in burst && chip.inBurst) chip.goodSince = Math.min(chip.goodSince, now);
  };
  const onBorder = (chip: Chip): void => {
    const batch = chip.batch as Batch;
    if (chip.isSwitching) begin(chip);
    else if (batch.layer === layers) finish(chip);
    else if (chip.wantsBurst) {
      chip.goodSince = Infinity;
      goOn(chip, true);
    } else if (batch.layer === chip.decidesAt) goOn(chip, decides(chip, batch.layer));
    else runLayer(chip);
  };
  const onArrivals = (): void => {
    if (burst === undefined || !burst.atLayers) return;
    for (const chip of chips) {
      if (chip.batch === null || chip.isSwitching || chip.inBurst || chip.wantsBurst) continue;
      const { layer } = chip.batch;
      if (layer === layers && 'threshold' in burst) continue;
      const needed =
        'threshold' in burst
          ? queues.reduce((sum, { length }) => sum + length, 0) >= burst.threshold
          : shortfall(chip, chip.until, layer) > 0;
      if (needed && layer < layers) chip.wantsBurst = true;
    }
  };

  for (;;) {
    const isIdle = (chip: Chip): boolean => chip.batch === null && !chip.isSwitching;
    const timers = chips.some(isIdle)
      ? queues.map((queue, serve) => (queue.length > 0 ? readyAt(serve) : Infinity))
      : [];
    const returns = chips.map((chip) => (isIdle(chip) ? idleReturn(chip) : Infinity));
    const at = Math.min(
      ...coming.map((own) => own[0] ?? Infinity),
      ...chips.map(({ until }) => until),
      ...timers.map((time) => Math.max(time, now)),
      ...returns,
    );
    if (at === Infinity) return done;
    now = at;
    let arrived = false;
    for (const [serve, own] of coming.entries()) {
      while (own.length > 0 && (own[0] as number) <= now) {
        (queues[serve] as number[]).push(own.shift() as number);
        arrived = true;
      }
    }
    if (arrived) onArrivals();
    for (const chip of chips) {
      if (chip.until > now) continue;
      if (chip.batch === null) {
        // A switch back of an idle chip has ended.
        chip.isSwitching = false;
        chip.until = Infinity;
      } else onBorder(chip);
    }
    // Requests of a closed loop without a pause can join the next batch.
    if (coming.some((own) => (own[0] ?? Infinity) <= now)) continue;
    for (const chip of chips) {
      if (!isIdle(chip)) continue;
      const serve = next();
      if (serve >= 0) startBatch(chip, serve);
      else becomeIdle(chip);
      if (isIdle(chip) && idleReturn(chip) <= now) {
        chip.inBurst = false;
        chip.isSwitching = switchSeconds > 0;
        chip.until = switchSeconds > 0 ? now + switchSeconds : Infinity;
      }
    }
  }
}
