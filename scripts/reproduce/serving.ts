import type { Scenario, Slo } from '../../design/index.ts';
import { TableCache } from '../../simulator/index.ts';
import { type AlternativeGain, alternativeGains } from './alternatives.ts';
import { ContenderRuns, firstGuess, offered } from './contender-runs.ts';
import { type PairedGain, pairedGain } from './paired-gain.ts';
import { type Probe, probe } from './probe.ts';
import { mostRepeats, type StatedLoad, statedLoad } from './stated-load.ts';
import { type Scheme, type Subject, schemes } from './subjects.ts';
import { atLoad, type Effort, type Offer, type Traffic } from './traffic.ts';
import { type TunedSchemes, tune, tunedSubject } from './tuning.ts';

/**
 * The stricter of the two accuracy targets in MLPerf Inference's rules, as a fraction of the full precision's accuracy.
 */
export const nearIdeal = 0.999;

export type AtBaseline = Readonly<Record<'tpuv4i' | 'on-chip', Probe> & Record<Scheme, Probe | 'late'>>;

/** The results of one subject under one kind of traffic. */
export interface ServingFindings {
  readonly subject: string;
  readonly traffic: Traffic;
  /** What was chosen for each scheme. Null for a mix, which keeps what the experiment states. */
  readonly tuned: TunedSchemes | null;
  readonly load: Readonly<Record<Scheme, StatedLoad>>;
  /** The load of `on-chip` if no network's served accuracy is below `nearIdeal` of base mode's. */
  readonly accurate: StatedLoad;
  /** The load of `on-chip` divided by TPUv4i's; null if one of the two has no load. */
  readonly gain: PairedGain | null;
  /** The same gain under other assumptions, for one network alone; null if one of the two has no load. */
  readonly alternatives: readonly AlternativeGain[] | null;
  /**
   * Every contender at the largest load of TPUv4i; null if TPUv4i has none. A scheme that violates an objective at a
   * smaller load is late there, because the latency of a growing queue depends on the length of the run. The compared
   * scheme always has a value.
   */
  readonly atBaseline: AtBaseline | null;
}

/** The same networks with the accuracy of MLPerf's stricter rule as one more objective. */
function nearlyIdeal(scenario: Scenario): Scenario {
  const serves = scenario.serves.map((serve) => {
    const ideal = serve.model.accuracy?.byPrecision.bf16;
    if (ideal === undefined) throw new Error(`${serve.model.name} has no accuracy`);
    const slo: Slo = { metric: 'accuracy', limit: nearIdeal * ideal, text: 'accuracy', origin: serve.model.origin };
    return { ...serve, slos: [...serve.slos, slo] };
  });
  return { ...scenario, serves };
}

/**
 * The share of the effort for the schemes beside the two that are compared, so that the experiment takes less time. Our
 * assumption. `statedLoad` spends more where this is not enough.
 */
export const besideShare = 1 / 2;

/** The share of the requests in a run that chooses a batch, a guard or a hold, or tries another assumption. Our assumption. */
const tryShare = 1 / 4;

/** An experiment with a smaller share of the requests cannot choose between assumptions. It keeps the stated one. Our assumption. */
export const leastWhole = 1 / 2;

/** The batch, guard and hold of each scheme, chosen with the arrivals of another seed. */
function tuneAll({ contenders }: Subject, offer: Offer, cache: TableCache): TunedSchemes {
  const found = schemes.map((scheme) => {
    const start = firstGuess(new ContenderRuns(offer, contenders[scheme], cache), offer.traffic);
    return [scheme, tune(offer, contenders[scheme], start, cache)] as const;
  });
  // One entry exists for each scheme, so the cast is safe.
  return Object.fromEntries(found) as TunedSchemes;
}

export function serve(subject: Subject, traffic: Traffic, effort: Effort): ServingFindings {
  const { scenario } = subject;
  const cache = new TableCache();
  const offer = offered(scenario, traffic, effort, cache);
  const short = offered(scenario, traffic, effort * tryShare, cache);
  const isAlone = scenario.serves.length === 1;
  const isWhole = effort >= leastWhole;
  const tuned = isAlone && isWhole ? tuneAll(subject, short, cache) : null;
  const { contenders } = tunedSubject(subject, tuned, 'all');
  const repeats = isWhole ? mostRepeats : 0;
  const of = (scheme: Scheme, share = besideShare) =>
    statedLoad(offer, contenders[scheme], effort * share, cache, repeats);
  const load: Readonly<Record<Scheme, StatedLoad>> = {
    tpuv4i: of('tpuv4i', 1),
    'on-chip': of('on-chip', 1),
    'off-chip': of('off-chip'),
    stored: of('stored'),
    always: of('always'),
    oracle: of('oracle'),
  };
  const { metRps: baseRps, at: baseline } = load.tpuv4i;
  const { metRps: ownRps } = load['on-chip'];
  const atBaseline = (scheme: Scheme, rps: number) => probe(atLoad(offer, rps), contenders[scheme], rps, cache);
  const orLate = (scheme: Scheme, rps: number) =>
    (load[scheme].violatedRps ?? Number.POSITIVE_INFINITY) <= rps ? 'late' : atBaseline(scheme, rps);
  return {
    subject: subject.name,
    traffic,
    tuned,
    load,
    accurate: statedLoad(
      { ...offer, scenario: nearlyIdeal(scenario) },
      contenders['on-chip'],
      effort * besideShare,
      cache,
      repeats,
    ),
    gain:
      baseRps === null || ownRps === null
        ? null
        : pairedGain(offer, [contenders.tpuv4i, contenders['on-chip']], [baseRps, ownRps], cache),
    alternatives:
      baseRps === null || ownRps === null || !isAlone || !isWhole
        ? null
        : alternativeGains(short, [contenders.tpuv4i, contenders['on-chip']], [baseRps, ownRps], cache),
    atBaseline:
      baseRps === null || baseline === null
        ? null
        : {
            tpuv4i: baseline,
            'on-chip': atBaseline('on-chip', baseRps),
            'off-chip': orLate('off-chip', baseRps),
            stored: orLate('stored', baseRps),
            always: orLate('always', baseRps),
            oracle: orLate('oracle', baseRps),
          },
  };
}
