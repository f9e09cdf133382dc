import { noWork, type SequenceInput, type StepCost } from '../../../simulator/sequences/index.ts';

/*
 * An independent scheduler of sequences for tests: plain objects, every step walked, every block an object in an array, all
 * times as big integers of picoseconds. It shares no code with simulator/sequences/ except the cost of a step. It is slow
 * and simple: compare it with the rules in docs/sequences.md, line by line.
 */

interface Block {
  users: number;
  identity: string | null;
  /** The memory of the block, and whether a step in burst mode took it with its own format. */
  readonly units: number;
  readonly isBurst: boolean;
}

/** A second mode: the chip bursts in every second period. */
export interface TwinBurst {
  readonly cost: StepCost;
  readonly switchPicoseconds: number;
  readonly periodNanoseconds: number;
}

interface Sequence {
  readonly request: number;
  readonly input: number;
  readonly output: number;
  readonly promptIdentities: readonly number[];
  /** Tokens produced or planned. */
  produced: number;
  /** Tokens whose step has ended, so that their values are known. */
  known: number;
  computed: number;
  blocks: Block[];
  isDecoding: boolean;
}

/** What a step does when it ends. */
interface PlannedStep {
  readonly picoseconds: bigint;
  readonly producers: readonly Sequence[];
}

export interface TwinRun {
  readonly first: readonly number[];
  readonly last: readonly number[];
  readonly steps: number;
  readonly preemptions: number;
  readonly dropped: number;
  readonly cachedTokens: number;
  readonly usedBlocks: readonly number[];
  readonly burstBlocks: readonly number[];
  readonly burstTokens: readonly number[];
  readonly burstSteps: number;
  readonly chunks: readonly number[];
  readonly running: readonly number[];
  readonly waiting: readonly number[];
}

export function twinRun(input: SequenceInput, burst?: TwinBurst): TwinRun {
  const { requests, limits, sampleNanoseconds } = input;
  const { blockTokens } = limits;
  const units = limits.blockUnits ?? { base: 1, burst: 1 };
  const count = requests.arrivalNanoseconds.length;
  const first: number[] = new Array(count).fill(Number.NaN);
  const last: number[] = new Array(count).fill(Number.NaN);
  // Memory without a block, and the free list; the first block is reused next. One unit is the null block.
  const capacity = Math.max(0, limits.blocks - 1);
  let empty = capacity;
  const free: Block[] = [];
  // All cached blocks by identity, in the order in which they got it.
  const cached = new Map<string, Block[]>();
  const running: Sequence[] = [];
  const waiting: Sequence[] = [];
  const usedSamples: number[] = [];
  const burstSamples: number[] = [];
  const burstTokens: number[] = new Array(count).fill(0);
  const chunks: number[] = new Array(count).fill(0);
  let isBurst = false as boolean;
  let burstSteps = 0;
  const runningSamples: number[] = [];
  const waitingSamples: number[] = [];
  let now = 0n;
  let arrived = 0;
  let steps = 0;
  let preemptions = 0;
  let dropped = 0;
  let cachedTokens = 0;
  let values: readonly [number, number, number, number] = [0, 0, 0, 0];

  const identityOf = (one: Sequence, index: number): string => {
    const isPrompt = (index + 1) * blockTokens <= one.input && index < one.promptIdentities.length;
    return isPrompt ? `prompt ${one.promptIdentities[index]}` : `request ${one.request} block ${index}`;
  };
  const sizeOf = (blocks: readonly Block[]): number => blocks.reduce((sum, block) => sum + block.units, 0);
  const freeUnits = (): number => empty + sizeOf(free);
  const newUnits = (): number => (isBurst ? units.burst : units.base);
  const takeBlock = (): Block => {
    while (empty < newUnits()) {
      const block = free.shift();
      if (block === undefined) throw new Error('twin: no free block');
      empty += block.units;
      if (block.identity === null) continue;
      const others = (cached.get(block.identity) ?? []).filter((other) => other !== block);
      if (others.length > 0) cached.set(block.identity, others);
      else cached.delete(block.identity);
    }
    empty -= newUnits();
    return { users: 1, identity: null, units: newUnits(), isBurst: isBurst && limits.blockUnits !== undefined };
  };
  /** The tokens of a sequence in blocks of the format of burst mode: token by token. */
  const inBurst = (one: Sequence): number => {
    let tokens = 0;
    for (let token = 0; token < one.computed; token++) {
      if (one.blocks[Math.floor(token / blockTokens)]?.isBurst === true) tokens++;
    }
    return tokens;
  };
  const release = (one: Sequence): void => {
    for (const block of [...one.blocks].reverse()) {
      block.users--;
      if (block.users === 0) free.push(block);
    }
    one.blocks = [];
  };
  const cacheFullBlocks = (one: Sequence, tokens: number): void => {
    if (!limits.prefixCaching) return;
    for (const [index, block] of one.blocks.entries()) {
      if ((index + 1) * blockTokens > tokens || block.identity !== null) continue;
      const identity = identityOf(one, index);
      block.identity = identity;
      cached.set(identity, [...(cached.get(identity) ?? []), block]);
    }
  };
  const cachedPrefix = (one: Sequence, tokens: number): Block[] => {
    const found: Block[] = [];
    if (!limits.prefixCaching) return found;
    while ((found.length + 1) * blockTokens <= tokens - 1) {
      const block = cached.get(identityOf(one, found.length))?.[0];
      if (block === undefined) break;
      found.push(block);
    }
    return found;
  };
  const cut = (tokens: number) => (limits.longestChunk > 0 ? Math.min(tokens, limits.longestChunk) : tokens);

  const plan = (): PlannedStep => {
    const work = noWork();
    const producers: Sequence[] = [];
    let budget = limits.tokens;
    let preempted = false;
    const schedule = (one: Sequence, chunk: number): void => {
      const total = one.input + one.produced;
      const before = one.computed;
      while (one.blocks.length * blockTokens < before + chunk) one.blocks.push(takeBlock());
      one.computed += chunk;
      budget -= chunk;
      cacheFullBlocks(one, Math.min(one.computed, one.input + one.known));
      work.tokens += chunk;
      work.sequences++;
      if (one.isDecoding) {
        work.decodes++;
        work.decodeContext += one.computed;
        work.longestContext = Math.max(work.longestContext, one.computed);
        work.burstDecodeContext += inBurst(one);
      } else {
        work.prefillTokens += chunk;
        if (one.produced === 0) chunks[one.request] = (chunks[one.request] as number) + 1;
        work.prefillContext += chunk * before;
        work.prefillKeys += chunk * one.computed;
        work.burstPrefillKeys += chunk * inBurst(one);
      }
      if (one.computed === total) {
        one.isDecoding = true;
        one.produced++;
        if (isBurst || inBurst(one) > 0) burstTokens[one.request] = (burstTokens[one.request] as number) + 1;
        producers.push(one);
      }
    };
    for (const one of [...running]) {
      if (budget === 0) break;
      if (!running.includes(one)) break;
      if (one.produced === one.output) continue;
      const chunk = Math.min(cut(one.input + one.produced - one.computed), budget);
      const needed = (Math.ceil((one.computed + chunk) / blockTokens) - one.blocks.length) * newUnits();
      while (needed > freeUnits() && running.includes(one)) {
        const victim = running.pop();
        if (victim === undefined) throw new Error('twin: nothing to preempt');
        preempted = true;
        preemptions++;
        release(victim);
        victim.computed = 0;
        victim.isDecoding = false;
        if (victim.produced < victim.output) waiting.unshift(victim);
      }
      if (!running.includes(one)) break;
      schedule(one, chunk);
    }
    while (!preempted && waiting.length > 0 && budget > 0 && running.length < limits.sequences) {
      const one = waiting[0] as Sequence;
      const total = one.input + one.produced;
      const prefix = cachedPrefix(one, total);
      const hits = prefix.length * blockTokens;
      let chunk = cut(total - hits);
      if (!limits.chunked && chunk > budget) break;
      chunk = Math.min(chunk, budget);
      const tokens = limits.wholeInput ? total : hits + chunk;
      const needed = (Math.ceil(tokens / blockTokens) - prefix.length) * newUnits();
      if (needed + sizeOf(prefix.filter((block) => block.users === 0)) > freeUnits()) break;
      waiting.shift();
      for (const block of prefix) {
        if (block.users === 0) free.splice(free.indexOf(block), 1);
        block.users++;
      }
      one.blocks = [...prefix];
      one.computed = hits;
      cachedTokens += hits;
      running.push(one);
      schedule(one, chunk);
    }
    if (work.sequences > 0) steps++;
    if (work.sequences > 0 && isBurst) burstSteps++;
    const used = sizeOf([...new Set(running.flatMap((one) => one.blocks))]);
    if (used + freeUnits() !== capacity) throw new Error(`twin: ${used} used + ${freeUnits()} free != ${capacity}`);
    const cost = isBurst && burst !== undefined ? burst.cost : input.cost;
    return { picoseconds: work.sequences > 0 ? BigInt(cost.picoseconds(work)) : 0n, producers };
  };

  const end = ({ producers }: PlannedStep): void => {
    for (const one of producers) {
      one.known++;
      if (one.known === 1) first[one.request] = Number(now / 1000n);
      if (running.includes(one) && limits.lookAhead) {
        // The block is full if all of its tokens are known; the step in flight computes the one after this.
        const inFlight = one.produced - one.known;
        cacheFullBlocks(one, Math.min(one.computed - inFlight, one.input + one.known));
      }
      if (one.known < one.output) continue;
      last[one.request] = Number(now / 1000n);
      if (running.includes(one)) {
        release(one);
        running.splice(running.indexOf(one), 1);
      }
    }
  };

  const takeArrivals = (): void => {
    while (arrived < count && BigInt(requests.arrivalNanoseconds[arrived] as number) * 1000n <= now) {
      const request = arrived++;
      const input = requests.inputTokens[request] as number;
      const output = requests.outputTokens[request] as number;
      // All blocks of a request may have the larger format.
      const fits = Math.ceil((input + output - 1) / blockTokens) * Math.max(units.base, units.burst) <= capacity;
      const undivided = !limits.chunked && limits.longestChunk === 0 && input + output - 1 > limits.tokens;
      if (!fits || undivided) {
        dropped++;
        continue;
      }
      const { identities, starts } = requests.promptBlocks ?? { identities: [], starts: [] };
      const promptIdentities = [...identities.slice(starts[request], starts[request + 1])];
      waiting.push({
        request,
        input,
        output,
        promptIdentities,
        produced: 0,
        known: 0,
        computed: 0,
        blocks: [],
        isDecoding: false,
      });
    }
  };

  const sample = (): void => {
    if (sampleNanoseconds > 0) {
      while (BigInt(usedSamples.length * sampleNanoseconds) < now / 1000n) {
        usedSamples.push(values[0]);
        runningSamples.push(values[1]);
        waitingSamples.push(values[2]);
        burstSamples.push(values[3]);
      }
    }
    const used = [...new Set(running.flatMap((one) => one.blocks))].filter((block) => block.isBurst);
    values = [capacity - freeUnits(), running.length, waiting.length, sizeOf(used)];
  };

  const nothing: PlannedStep = { picoseconds: 0n, producers: [] };
  let inFlight = nothing;
  let previous = nothing;
  let hasSwitched = false;
  for (;;) {
    // `previous` ends now. With look-ahead, `inFlight` starts now, and the step after it is planned.
    end(previous);
    takeArrivals();
    sample();
    if (burst !== undefined && running.length + waiting.length > 0) {
      const before: boolean = isBurst;
      if (!hasSwitched) isBurst = (now / 1000n / BigInt(burst.periodNanoseconds)) % 2n === 1n;
      hasSwitched = false;
      if (isBurst !== before && burst.switchPicoseconds > 0) {
        now += BigInt(burst.switchPicoseconds);
        previous = nothing;
        hasSwitched = true;
        continue;
      }
    }
    const next = plan();
    const isIdle = next.picoseconds === 0n && inFlight.picoseconds === 0n && running.length + waiting.length === 0;
    if (isIdle) {
      if (arrived === count) break;
      now = BigInt(requests.arrivalNanoseconds[arrived] as number) * 1000n;
    }
    if (limits.lookAhead) {
      now += inFlight.picoseconds;
      previous = inFlight;
      inFlight = next;
    } else {
      now += next.picoseconds;
      previous = next;
    }
  }
  return {
    first,
    last,
    steps,
    preemptions,
    dropped,
    cachedTokens,
    usedBlocks: usedSamples,
    burstBlocks: burstSamples,
    burstTokens,
    burstSteps,
    chunks,
    running: runningSamples,
    waiting: waitingSamples,
  };
}
