import {
  addCaveats,
  type Capacity,
  type CapacityLimit,
  type CapacityProbe,
  type Caveat,
  followsChips,
  formatRate,
  type Overload,
  poolName,
  type RunResult,
  type Scenario,
  type Verdict,
} from '../../design/index.ts';
import { runInputOf, TableCache } from '../run-input.ts';
import { meanRatePerSecond, type RunInput } from '../serving/index.ts';
import { highestFactor, isSustained, searchLimitCaveat, tryLoad, withItsCaveats } from './try-load.ts';

export interface CapacityOptions {
  /**
   * The precision of `low` and `high` as a fraction, 0.005 by default. Undecided loads between them can keep them further apart.
   */
  readonly tolerance?: number;
  /** If it returns true, the search ends without a result. */
  readonly isCancelled?: () => boolean;
  /** Called with the tried loads as a fraction of the expected number. */
  readonly onProgress?: (fraction: number) => void;
}

/*
 * The loads that the search tries first, as fractions of the saturation load. They also find a load that meets all objectives if
 * a smaller load does not. They are closer together near saturation, where the capacity of most chips is. Our assumption.
 */
const GRID = [0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1];
/**
 * The number and the factor of further steps for a trace. A trace ends, so a load above saturation can still meet its
 * objectives.
 */
const MOST_GROWTH = 24;
const GROWTH = 1.25;
const USUAL_PROBES = GRID.length + 8;

/** A probe and its run. */
interface Tried {
  readonly probe: CapacityProbe;
  readonly run: RunResult;
}

/**
 * The largest factor for the arrivals of a scenario at which it still meets all objectives with its chip and scheduler. All loads
 * use the same random numbers, so they differ only in the load. undefined: the search was cancelled. Without objectives, the
 * result has no load.
 */
export function capacity(scenario: Scenario, options: CapacityOptions = {}): Capacity | undefined {
  const search = new Search(scenario, options);
  const found = search.run();
  return found ? search.result() : undefined;
}

class Search {
  private readonly tried: Tried[] = [];
  private readonly input: RunInput;
  private readonly scenario: Scenario;
  private readonly options: CapacityOptions;
  private readonly offeredRps: number;
  private readonly followsChips: boolean;

  constructor(scenario: Scenario, options: CapacityOptions) {
    this.scenario = scenario;
    this.options = options;
    this.input = runInputOf(scenario, scenario.name, scenario.npu, scenario.scheduler, new TableCache());
    this.followsChips = scenario.serves.some(({ arrivals }) => followsChips(arrivals));
    this.offeredRps = scenario.serves.reduce((sum, serve) => sum + meanRatePerSecond(serve.arrivals), 0);
  }

  /** Returns false if the search was cancelled. */
  run(): boolean {
    if (this.scenario.serves.every((serve) => serve.slos.length === 0)) return true;
    // The load of a closed loop cannot be scaled.
    if (this.followsChips) return this.try(1);
    const ceiling = highestFactor(this.input);
    for (const share of GRID) if (!this.try(share * ceiling)) return false;
    const traces = this.scenario.serves.some((serve) => serve.arrivals.kind === 'trace');
    for (let i = 0; traces && i < MOST_GROWTH && this.tried.at(-1)?.probe.verdict !== 'violated'; i++) {
      if (!this.try((this.tried.at(-1)?.probe.factor ?? ceiling) * GROWTH)) return false;
    }
    return this.narrow('met') && this.narrow('violated');
  }

  /**
   * Bisects between the largest load that meets all objectives and the next larger load. With `edge` violated: between the largest
   * load that is not violated and the next one that is.
   */
  private narrow(edge: 'met' | 'violated'): boolean {
    const tolerance = this.options.tolerance ?? 0.005;
    for (;;) {
      const low = this.lastMet();
      if (low < 0) return true;
      let below = low;
      let above = low + 1;
      if (edge === 'violated') {
        while (above < this.tried.length && this.verdict(above) !== 'violated') above++;
        below = above - 1;
      }
      const from = this.tried[below]?.probe.factor;
      const to = this.tried[above]?.probe.factor;
      if (from === undefined || to === undefined || to - from <= tolerance * to) return true;
      if (!this.try((from + to) / 2)) return false;
    }
  }

  private verdict(place: number): Verdict | undefined {
    return this.tried[place]?.probe.verdict;
  }

  /** The index of the largest load that meets all objectives, or -1. */
  private lastMet(): number {
    return this.tried.findLastIndex(({ probe }) => probe.verdict === 'met');
  }

  private try(factor: number): boolean {
    const { isCancelled, onProgress } = this.options;
    const report = (fraction: number): void => onProgress?.(Math.min(1, (this.tried.length + fraction) / USUAL_PROBES));
    const load = tryLoad(this.input, factor, isCancelled, report);
    if (load === undefined) return false;
    const { run, verdict } = load;
    const probe: CapacityProbe = {
      factor,
      offeredRps: this.followsChips ? completedRps(run) : this.offeredRps * factor,
      verdict,
      requests: run.serves.reduce((sum, serve) => sum + serve.counts.arrived, 0),
    };
    const place = this.tried.findIndex((other) => other.probe.factor > factor);
    this.tried.splice(place < 0 ? this.tried.length : place, 0, { probe, run });
    report(0);
    return true;
  }

  result(): Capacity {
    const { scenario, input } = this;
    const last = this.lastMet();
    const caveats: Caveat[] = [];
    const stated = new Set<string>();
    if (this.followsChips) stated.add(ownThroughput);
    const tried = this.tried.map(({ probe, run }): Tried => {
      const under = withItsCaveats(input, probe.factor, { run, verdict: probe.verdict });
      addCaveats(caveats, under.run.caveats);
      for (const text of under.run.statedInputs ?? []) stated.add(text);
      return { run: under.run, probe: { ...probe, verdict: under.verdict } };
    });
    addCaveats(caveats, this.limitCaveats());
    const probes = tried.map(({ probe }) => probe);
    const low = probes[last] ?? null;
    // If no load meets all objectives, the result only has the smallest load that violates one.
    const end = this.tried.findIndex(({ probe }, place) => place > last && probe.verdict === 'violated');
    const ending = tried[end];
    const breaks = tried[last + 1];
    return {
      scenario: scenario.name,
      origin: scenario.origin,
      npu: poolName(scenario),
      scheduler: scenario.scheduler.name,
      low,
      high: ending?.probe ?? null,
      limit: limitOf((ending ?? breaks)?.run),
      ...this.overloadOf(ending),
      exceptions: probes.filter((_, place) => place < last && this.verdict(place) === 'violated'),
      probes,
      caveats,
      ...(this.followsChips ? { followsChips: true as const } : {}),
      ...(stated.size === 0 ? {} : { statedInputs: [...stated] }),
    };
  }

  /** The caveats of a search that stopped at its highest or lowest load. */
  private limitCaveats(): readonly Caveat[] {
    const { origin } = this.scenario;
    if (this.followsChips) return [];
    const [lowest, highest] = [this.tried[0]?.probe, this.tried.at(-1)?.probe];
    if (lowest === undefined || highest === undefined) return [];
    if (this.lastMet() < 0) {
      const least = formatRate(lowest.offeredRps, 4);
      const text = `The search tried no load below ${least}. A smaller load may meet all objectives.`;
      return [searchLimitCaveat(text, origin)];
    }
    if (highest.verdict === 'violated') return [];
    const most = formatRate(highest.offeredRps, 4);
    return [searchLimitCaveat(`The search tried no load above ${most}. The capacity can be larger.`, origin)];
  }

  /** The overload at the upper end of the capacity, if the chips cannot serve this load. */
  private overloadOf(ending: Tried | undefined): { readonly overload?: Overload } {
    if (ending === undefined) return {};
    const { probe, run } = ending;
    const found = run.serves.flatMap(({ slos }) => slos).find(({ overload }) => overload !== undefined)?.overload;
    if (found !== undefined) return { overload: found };
    if (this.followsChips || isSustained(this.input, probe.factor)) return {};
    return {
      overload: { offeredRps: probe.offeredRps, saturationRps: this.offeredRps * highestFactor(this.input) },
    };
  }
}

const ownThroughput =
  'Arrivals that follow the chips: there is no load to scale, and the capacity is the throughput that the scenario itself reaches.';

/** The total throughput of all serves in a run, in requests per second. */
export function completedRps(run: RunResult): number {
  return run.serves.reduce((sum, serve) => sum + serve.completedRps, 0);
}

function limitOf(run: RunResult | undefined): CapacityLimit | null {
  if (run === undefined) return null;
  for (const wanted of ['violated', 'undecided'] as const) {
    for (const serve of run.serves) {
      for (const { slo, verdict, measured } of serve.slos) {
        if (verdict === wanted) return { serve: serve.name, slo, measured: measured.value, verdict };
      }
    }
  }
  return null;
}
