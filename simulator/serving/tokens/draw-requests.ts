import { type Arrivals, assertNever, recordedTokens, type TokenCounts } from '../../../design/index.ts';
import type { SequenceRequests } from '../../sequences/index.ts';
import { exactExp, exactLog, exactSinTurns } from '../exact-math.ts';
import type { ServeInput, StepsInput } from '../input.ts';
import { arrivalSource } from '../traffic/arrivals.ts';
import { RandomStream } from '../traffic/random.ts';
import { promptBlocksOf } from './prompt-blocks.ts';

/** The streams of token counts, far from those of arrivals. So each load and variant has the same requests. */
const INPUT_STREAM = 1_000_000;
const OUTPUT_STREAM = 1_000_001;

/** The largest count, as in the language. */
const MOST_TOKENS = 2 ** 24;

const NANOSECONDS = 1e9;

/** The first `count` requests of a serve that arrive before `horizonSeconds`, or all rows of its trace if there are fewer. */
export function drawRequests(
  serve: ServeInput & { readonly steps: StepsInput },
  seed: number,
  count: number,
  horizonSeconds: number,
): SequenceRequests {
  const { arrivals, steps } = serve;
  const most = arrivals.kind === 'trace' ? Math.min(count, arrivals.timesSeconds.length) : count;
  // The streams of the first serve of a run, as in `ServeState`.
  const source = arrivalSource(arrivals, new RandomStream(seed, 0), new RandomStream(seed, -2));
  let seconds = new Float64Array(Math.min(most, FIRST_BLOCK));
  let arrived = 0;
  while (arrived < most) {
    if (arrived === seconds.length) {
      const wider = new Float64Array(Math.min(most, 2 * seconds.length));
      wider.set(seconds);
      seconds = wider;
    }
    const filled = source.fill(seconds, arrived, seconds.length);
    const end = arrived + filled;
    while (arrived < end && (seconds[arrived] as number) < horizonSeconds) arrived++;
    if (arrived < end || filled === 0) break;
  }
  const { inputTokens, outputTokens, sharedTokens } = steps.tokens;
  const input = drawTokens(inputTokens, arrivals, 'in', arrived, new RandomStream(seed, INPUT_STREAM));
  const hashes = arrivals.kind === 'trace' && steps.usesHashes === true ? arrivals.promptHashes : undefined;
  return {
    arrivalNanoseconds: Float64Array.from({ length: arrived }, (_, r) =>
      Math.round((seconds[r] as number) * NANOSECONDS),
    ),
    inputTokens: input,
    outputTokens: drawTokens(outputTokens, arrivals, 'out', arrived, new RandomStream(seed, OUTPUT_STREAM)),
    promptBlocks: hashes === undefined ? null : promptBlocksOf(hashes, input, steps.limits.blockTokens),
    ...(sharedTokens === undefined ? {} : { sharedTokens }),
  };
}

const FIRST_BLOCK = 512;

/** The token counts of the first `count` requests. */
export function drawTokens(
  counts: TokenCounts,
  arrivals: Arrivals,
  direction: 'in' | 'out',
  count: number,
  random: RandomStream,
): Int32Array {
  const tokens = new Int32Array(count);
  switch (counts.kind) {
    case 'constant':
      return tokens.fill(counts.tokens);
    case 'uniform': {
      const { least, most } = counts;
      for (let r = 0; r < count; r++) tokens[r] = least + Math.floor(random.uniform() * (most - least + 1));
      return tokens;
    }
    case 'lognormal': {
      const { mean, sigma } = counts;
      const center = exactLog(mean) - (sigma * sigma) / 2;
      for (let r = 0; r < count; r++) {
        const drawn = Math.round(exactExp(center + sigma * normal(random)));
        tokens[r] = Math.min(MOST_TOKENS, Math.max(1, drawn));
      }
      return tokens;
    }
    case 'empirical': {
      const { values } = counts;
      for (let r = 0; r < count; r++) tokens[r] = values[Math.floor(random.uniform() * values.length)] as number;
      return tokens;
    }
    case 'recorded': {
      const column = recordedTokens(arrivals, direction);
      if (column === undefined) throw new Error(`simulator bug: no recorded tokens (${direction})`);
      for (let r = 0; r < count; r++) tokens[r] = column[r] as number;
      return tokens;
    }
    default:
      return assertNever(counts);
  }
}

/** A number of the standard normal distribution (Box and Muller, Annals of Mathematical Statistics 29, 1958). */
function normal(random: RandomStream): number {
  const radius = Math.sqrt(-2 * exactLog(1 - random.uniform()));
  return radius * exactSinTurns(random.uniform());
}
