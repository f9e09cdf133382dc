import {
  addCaveats,
  type Caveat,
  followsChips,
  type LoadCurve,
  type LoadLine,
  type LoadPoint,
  percentileName,
  type RunResult,
  runVerdict,
  type Scenario,
  type Serve,
  type ServeResult,
  servesSequences,
  sloName,
  type Verdict,
} from '../../design/index.ts';
import { runInputOf, TableCache } from '../run-input.ts';
import { type RunInput, scaleArrivals, simulateRun } from '../serving/index.ts';
import { highestFactor, tryLoad, withItsCaveats } from './try-load.ts';

export interface LoadCurveOptions {
  readonly isCancelled?: () => boolean;
  readonly onProgress?: (fraction: number) => void;
}

/**
 * The loads of the points as fractions of the saturation load. They are closer together where queues start to grow. Our
 * assumption.
 */
const SHARES = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1, 1.05];
/**
 * The number of requests of one point with `duration: auto`. Our assumption: about 400 requests are beyond the 99th
 * percentile.
 */
const REQUESTS = 40_000;
/** The same for a language model: one of its requests takes as long to simulate as hundreds of others. Our assumption: 40 are beyond the 99th percentile. */
const TOKEN_REQUESTS = 4096;

/**
 * The latency as a function of the offered load, with the policy of the scenario and with base mode only. All points use the same
 * random numbers, so they differ only in load and policy. undefined: the computation was cancelled.
 */
export function loadCurve(scenario: Scenario, options: LoadCurveOptions = {}): LoadCurve | undefined {
  const cache = new TableCache();
  const { npu, scheduler } = scenario;
  const own = runInputOf(scenario, scenario.name, npu, scheduler, cache);
  const never: RunInput = { ...own, label: 'base mode only', burst: { kind: 'never' } };
  const bursts = own.canBurst && scheduler.burst.kind !== 'never';
  const inputs = bursts
    ? ([
        ['design', own],
        ['base-only', never],
      ] as const)
    : ([['design', own]] as const);
  const ceiling = highestFactor(own);
  // The load as written is also a point, because the other plots show this load.
  const isClosed = scenario.serves.some(({ arrivals }) => followsChips(arrivals));
  const open = [...SHARES.map((share) => share * ceiling), ...(ceiling > 0.96 ? [1] : [])].toSorted((a, b) => a - b);
  // A closed loop has only one load, which depends on the chips.
  const factors = isClosed ? [1] : open;
  const serves: LoadCurve['serves'][number][] = [];
  const lines: LoadLine[] = [];
  const caveats: Caveat[] = [];
  const shown: ShownTime[] = [];
  for (const [at, [kind, input]] of inputs.entries()) {
    const runs: { readonly factor: number; readonly run: RunResult; readonly verdict: Verdict }[] = [];
    for (const [place, factor] of factors.entries()) {
      const run = simulateAt(input, factor, options);
      const judged = run && judgedLoad(run, input, factor, options);
      if (run === undefined || judged === undefined) return undefined;
      runs.push({ factor, run, verdict: judged.verdict });
      for (const one of [run, judged]) addCaveats(caveats, one.caveats);
      options.onProgress?.((at + (place + 1) / factors.length) / inputs.length);
    }
    for (const [index, written] of scenario.serves.entries()) {
      const { name, origin } = written;
      const own = runs.flatMap(({ run }) => run.serves[index] ?? []);
      // The line of base mode shows the same time as that of the design.
      const known = shown[index] ?? (servesSequences(written) ? firstExceeded(own) : undefined) ?? ofLatency(written);
      if (shown[index] === undefined) {
        const { fraction, limitSeconds, measure } = known;
        serves.push({ name, origin, fraction, limitSeconds, measure });
        shown[index] = known;
      }
      const points = runs.flatMap(({ factor, run, verdict }) => {
        const serve = run.serves[index];
        if (serve === undefined) return [];
        const offeredRps = isClosed ? serve.completedRps : serve.offeredRps;
        return [pointOf(factor, offeredRps, known.valueOf(serve), serve, verdict)];
      });
      lines.push({ kind, label: input.label, serve: name, points, knee: -1 });
    }
  }
  return { scenario: scenario.name, origin: scenario.origin, serves, lines: ascending(lines), caveats };
}

/**
 * Orders the points by the offered load of the design. If the traffic changes its rate, a larger factor can have a lower offered load,
 * because the same number of requests covers a shorter part of the traffic. The lines of a serve keep the same order of factors.
 */
function ascending(lines: readonly LoadLine[]): readonly LoadLine[] {
  return lines.map((line) => {
    const { points: first } = lines.find(({ serve }) => serve === line.serve) ?? line;
    const order = [...first.keys()].toSorted((a, b) => (first[a]?.offeredRps ?? 0) - (first[b]?.offeredRps ?? 0));
    const points = order.flatMap((place) => line.points[place] ?? []);
    return { ...line, points, knee: kneeOf(points) };
  });
}

function simulateAt(input: RunInput, factor: number, { isCancelled }: LoadCurveOptions): RunResult | undefined {
  const serves = input.serves.map((serve) => ({ ...serve, arrivals: scaleArrivals(serve.arrivals, factor) }));
  const count = input.serves.some(({ steps }) => steps !== undefined) ? TOKEN_REQUESTS : REQUESTS;
  const duration = input.duration.kind === 'auto' ? ({ kind: 'requests', count } as const) : input.duration;
  return simulateRun({ ...input, serves, duration }, isCancelled === undefined ? {} : { isCancelled });
}

/**
 * The verdict of a point, and the caveats of the run that decided it. If the run of the point is undecided, the longer run decides that the search
 * for a capacity uses at this load. The curve and the search then have the same verdict. undefined: it was cancelled.
 */
function judgedLoad(
  run: RunResult,
  input: RunInput,
  factor: number,
  { isCancelled }: LoadCurveOptions,
): { readonly verdict: Verdict; readonly caveats: readonly Caveat[] } | undefined {
  const verdict = runVerdict(run);
  if (verdict !== 'undecided' || input.duration.kind !== 'auto') return { verdict, caveats: run.caveats };
  const longer = tryLoad(input, factor, isCancelled);
  return longer && { verdict: withItsCaveats(input, factor, longer).verdict, caveats: longer.run.caveats };
}

/** The time that the curve of a serve shows. */
interface ShownTime {
  readonly fraction: number;
  readonly limitSeconds: number | null;
  readonly measure: string;
  readonly valueOf: (serve: ServeResult) => number;
}

/** The tightest objective on a percentile of latency. */
function ofLatency({ slos }: Serve): ShownTime {
  let found: { fraction: number; limitSeconds: number } | undefined;
  for (const slo of slos) {
    if (slo.metric !== 'latency' || slo.of !== undefined || slo.statistic.kind !== 'percentile') continue;
    if (found === undefined || slo.limitSeconds < found.limitSeconds) {
      found = { fraction: slo.statistic.fraction, limitSeconds: slo.limitSeconds };
    }
  }
  const { fraction, limitSeconds } = found ?? { fraction: 0.99, limitSeconds: null };
  const measure = `${percentileName(fraction)} latency`;
  return { fraction, limitSeconds, measure, valueOf: (serve) => latencyAt(serve, fraction) };
}

/**
 * The objective of a language model that exceeds its limit at the smallest load; if none does, the one that comes closest at the largest load.
 * `runs`: the results of ascending loads. undefined: no objective limits a time.
 */
function firstExceeded(runs: readonly ServeResult[]): ShownTime | undefined {
  const ratioOf = (serve: ServeResult | undefined, place: number) => {
    const outcome = serve?.slos[place];
    return outcome === undefined ? 0 : outcome.measured.value / outcome.limit;
  };
  let best: { readonly place: number; readonly at: number; readonly ratio: number } | undefined;
  for (const [place, { slo }] of (runs[0]?.slos ?? []).entries()) {
    if (slo.metric !== 'latency') continue;
    const exceeded = runs.findIndex((serve) => ratioOf(serve, place) > 1);
    const at = exceeded < 0 ? runs.length : exceeded;
    const ratio = ratioOf(runs[Math.min(at, runs.length - 1)], place);
    if (best === undefined || at < best.at || (at === best.at && ratio > best.ratio)) best = { place, at, ratio };
  }
  const slo = runs[0]?.slos[best?.place ?? -1]?.slo;
  if (best === undefined || slo?.metric !== 'latency') return undefined;
  const { place } = best;
  return {
    fraction: slo.statistic.kind === 'percentile' ? slo.statistic.fraction : 0.99,
    limitSeconds: slo.limitSeconds,
    measure: sloName(slo),
    valueOf: (serve) => serve.slos[place]?.measured.value ?? Number.NaN,
  };
}

function pointOf(factor: number, offeredRps: number, seconds: number, serve: ServeResult, verdict: Verdict): LoadPoint {
  const { completedRps, accuracy, energyJoulesPerRequest, burstShare } = serve;
  return {
    factor,
    offeredRps,
    completedRps,
    overloaded: serve.backlog !== undefined,
    latencySeconds: seconds,
    verdict,
    accuracy,
    energyJoulesPerRequest,
    burstShare,
  };
}

/** A percentile from the summary if it contains it, otherwise from the points of the distribution. */
function latencyAt({ latency, distribution }: ServeResult, fraction: number): number {
  if (fraction === 0.99) return latency.p99;
  const place = distribution.fraction.findIndex((at) => at >= fraction - 1e-12);
  return place < 0 ? latency.max : (distribution.seconds[place] ?? Number.NaN);
}

/**
 * The knee: the load with the largest ratio of load to latency, of the loads that the chip can serve (L. Kleinrock, "Power and
 * deterministic rules of thumb for probabilistic problems in computer communications", ICC 1979). Kleinrock uses the mean response
 * time. We use the percentile of the objective.
 */
function kneeOf(points: readonly LoadPoint[]): number {
  let knee = -1;
  let best = 0;
  for (const [place, { offeredRps, overloaded, latencySeconds }] of points.entries()) {
    if (overloaded) continue;
    const power = offeredRps / latencySeconds;
    if (power > best) {
      best = power;
      knee = place;
    }
  }
  return knee;
}
