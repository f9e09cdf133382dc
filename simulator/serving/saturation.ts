import { deadlineSeconds, type RunInput, type ServeInput } from './input.ts';
import type { ChipKind } from './kinds.ts';
import { meanRatePerSecond } from './traffic/arrivals.ts';

/*
 * The saturation rate. Above it, every queue grows without limit. At this rate, the chips would be busy all the time if
 * each request ran in the best batch size, in the best mode and with its weights in the best memory. No schedule can be
 * faster, so this is a hard bound.
 */

/** The shortest possible time that one request occupies a chip of a kind, in seconds. */
function leastSecondsOnKind(
  { burst }: Pick<RunInput, 'burst'>,
  { canBurst }: Pick<ChipKind, 'canBurst'>,
  serve: ServeInput,
  tables: ServeInput['tables'],
): number {
  const mayBurst = canBurst && burst.kind !== 'never';
  const mayBase = !(mayBurst && burst.kind === 'always');
  let least = Number.POSITIVE_INFINITY;
  if (serve.steps !== undefined) {
    const { baseWork, burstWork } = serve.steps;
    if (mayBase || burstWork === null) least = baseWork.meanSeconds;
    return mayBurst && burstWork !== null ? Math.min(least, burstWork.meanSeconds) : least;
  }
  for (const { batch, seconds, layerCount } of tables) {
    for (let mode = mayBase ? 0 : 1; mode < (mayBurst ? 2 : 1); mode++) {
      let sum = 0;
      for (let layer = 0; layer < layerCount; layer++) {
        const cell = (layer * 2 + mode) * 3;
        sum += Math.min(seconds[cell] as number, seconds[cell + 1] as number, seconds[cell + 2] as number);
      }
      least = Math.min(least, sum / batch);
    }
  }
  return least * (serve.serviceScale?.mean ?? 1);
}

/**
 * The shortest possible time that one request occupies a chip, in seconds. With several kinds of chip: the time on one of `chips` equal chips
 * that together complete as many requests of this serve alone, the harmonic mean of the times.
 */
export function leastSecondsPerRequest(input: RunInput, serve: ServeInput): number {
  if (input.kinds === undefined) return leastSecondsOnKind(input, input, serve, serve.tables);
  const index = indexOf(input, serve);
  let perSecond = 0;
  for (const kind of input.kinds) perSecond += kind.chips / secondsOn(input, kind, index);
  return input.chips / perSecond;
}

/** A lower bound of the load of some serves: seconds of work per second and chip. 1 means saturation. */
export function leastLoad(input: RunInput, serves: readonly ServeInput[] = input.serves): number {
  const costs = leastCosts(input, serves);
  const work = serves.reduce((sum, serve, at) => sum + meanRatePerSecond(serve.arrivals) * (costs[at] as number), 0);
  return work / input.chips;
}

/**
 * The least work of a request of each serve, in seconds of a chip: all chips together do at most `chips` seconds of work per second, for
 * any order and place of the requests. With one kind of chip it is the shortest time of a request.
 *
 * With several kinds, the smallest load over all ways to divide the requests among the kinds is a linear program. By its dual, any prices of a
 * second of each kind give a bound if they sum up to `chips` over all chips: a request does work of at least min over the kinds of (seconds on the
 * kind) x (price of the kind). We try the prices at which one serve costs the same on every kind, and take those with the highest load. For one
 * serve and for two kinds, this is the solution: the bound is concave and piecewise linear, with corners only there.
 */
export function leastCosts(input: RunInput, serves: readonly ServeInput[]): readonly number[] {
  const { kinds, chips } = input;
  if (kinds === undefined) return serves.map((serve) => leastSecondsPerRequest(input, serve));
  const times = serves.map((serve) => kinds.map((kind) => secondsOn(input, kind, indexOf(input, serve))));
  let best: readonly number[] = [];
  let most = -1;
  for (const own of times) {
    const perSecond = kinds.reduce((sum, kind, k) => sum + kind.chips / (own[k] as number), 0);
    const prices = own.map((seconds) => chips / (seconds * perSecond));
    const costs = times.map((seconds) => Math.min(...prices.map((price, k) => (seconds[k] as number) * price)));
    const load = serves.reduce((sum, { arrivals }, at) => sum + meanRatePerSecond(arrivals) * (costs[at] as number), 0);
    if (load <= most) continue;
    most = load;
    best = costs;
  }
  return best;
}

function secondsOn(input: RunInput, kind: ChipKind, index: number): number {
  return leastSecondsOnKind(input, kind, input.serves[index] as ServeInput, kind.serves[index]?.tables ?? []);
}

/** A serve of the input, or a copy of it with other traffic. */
function indexOf(input: RunInput, serve: ServeInput): number {
  return input.serves.findIndex(({ name }) => name === serve.name);
}

/** The tables of a serve on all kinds of chip. */
function tablesOnAllKinds(input: RunInput, serve: ServeInput): ServeInput['tables'] {
  if (input.kinds === undefined) return serve.tables;
  const index = indexOf(input, serve);
  return input.kinds.flatMap(({ serves }) => serves[index]?.tables ?? []);
}

/**
 * The serves that compete with serve `index`: those that run before it or in turn with it, and the serve itself. If their
 * load exceeds what the chips can serve, the queue of the serve grows without limit.
 *
 * - `fifo`: all serves.
 * - `edf`: all serves with a deadline. A serve without a deadline waits for all others.
 * - `priority`: the serves with the same or a higher priority.
 * - `sjf`: the serves whose longest batch is not longer than the shortest batch of this serve. For the others, the order
 *   depends on the batch sizes.
 */
export function servedBefore(input: RunInput, index: number): readonly ServeInput[] {
  const own = input.serves[index];
  if (own === undefined) return [];
  switch (input.order) {
    case 'priority':
      return input.serves.filter(({ priority }) => priority >= own.priority);
    case 'edf':
      return hasDeadline(own) ? input.serves.filter(hasDeadline) : input.serves;
    case 'sjf':
      return input.serves.filter(
        (other) => other === own || longestSeconds(input, other) <= shortestSeconds(input, own),
      );
    default:
      return input.serves;
  }
}

/**
 * The serves whose requests always run before those of serve `index`, whenever they arrive. They multiply the waiting time
 * of the serve by 1 / (1 - their load) (Cobham, Operations Research 2, 1954).
 */
export function servedFirst(input: RunInput, index: number): readonly ServeInput[] {
  const own = input.serves[index];
  if (own === undefined) return [];
  if (input.order === 'priority') return input.serves.filter(({ priority }) => priority > own.priority);
  if (input.order === 'edf') return hasDeadline(own) ? [] : input.serves.filter(hasDeadline);
  return input.order === 'sjf' ? servedBefore(input, index).filter((other) => other !== own) : [];
}

function cellSums(input: RunInput, serve: ServeInput): readonly number[] {
  return tablesOnAllKinds(input, serve).flatMap(({ seconds, layerCount }) =>
    Array.from({ length: 6 }, (_, cell) => {
      let sum = 0;
      for (let layer = 0; layer < layerCount; layer++) sum += seconds[layer * 6 + cell] as number;
      return sum;
    }),
  );
}

function hasDeadline({ slos }: ServeInput): boolean {
  return deadlineSeconds(slos) < Number.POSITIVE_INFINITY;
}

/** Seconds of the longest batch of a serve on any chip, with its weights in the worst memory. */
export function longestSeconds(input: RunInput, serve: ServeInput): number {
  return cellSums(input, serve).reduce((most, seconds) => Math.max(most, seconds), 0);
}

function shortestSeconds(input: RunInput, serve: ServeInput): number {
  return cellSums(input, serve).reduce((least, seconds) => Math.min(least, seconds), Number.POSITIVE_INFINITY);
}

/**
 * Relative tolerance for the rounding of a sum over layers. Our assumption: far above the rounding error of a thousand
 * layers.
 */
const ROUNDING = 1e-9;

/**
 * The load of a serve whose queue certainly grows without limit, because more work arrives than the chips can do.
 * null: the queue can be stable. A trace ends, so its queue always empties. A constant rate at exactly the saturation rate
 * is still stable. Random traffic at that rate is not.
 */
export function overloadOf(input: RunInput, index: number): number | null {
  if (input.serves.some(({ arrivals }) => arrivals.kind === 'trace')) return null;
  const before = servedBefore(input, index);
  const load = leastLoad(input, before);
  const even = before.every(({ arrivals, serviceScale }) => arrivals.kind === 'constant' && serviceScale === undefined);
  return load > 1 + ROUNDING || (!even && load >= 1 - ROUNDING) ? load : null;
}
