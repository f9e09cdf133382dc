import type { Memory, Npu } from '../../design/index.ts';
import type { TableCache } from '../../simulator/index.ts';
import { findCapacity } from './capacity.ts';
import { ContenderRuns } from './contender-runs.ts';
import { pairedRatios } from './paired-gain.ts';
import type { Contender } from './subjects.ts';
import { type Bursts, burstLoad, type Offer, type Traffic } from './traffic.ts';

/** An assumption that is replaced by another one, for both chips. */
export interface Alternative {
  readonly name: string;
  readonly traffic: Traffic;
  readonly npu?: (npu: Npu) => Npu;
  readonly bursts?: Bursts;
}

const faster = (memory: Memory, by: number): Memory => ({
  ...memory,
  bandwidthBytesPerSecond: memory.bandwidthBytesPerSecond * by,
  ...(memory.readBytesPerSecond === undefined ? {} : { readBytesPerSecond: memory.readBytesPerSecond * by }),
  ...(memory.writeBytesPerSecond === undefined ? {} : { writeBytesPerSecond: memory.writeBytesPerSecond * by }),
});
const rate = (elementsPerCycle: number) => (npu: Npu) => ({
  ...npu,
  quantizer: { ...npu.quantizer, elementsPerCycle },
});
const cmem = (by: number) => (npu: Npu) => ({ ...npu, cmem: npu.cmem === null ? null : faster(npu.cmem, by) });
const hbm = (by: number) => (npu: Npu) => ({
  ...npu,
  hbm: { ...npu.hbm, bandwidthBytesPerSecond: npu.hbm.bandwidthBytesPerSecond * by },
});
const switching = (switchLatencySeconds: number) => (npu: Npu) => ({ ...npu, switchLatencySeconds });

/**
 * Bursts as in Azure's public trace of a code model (2023, 8,819 requests). Of its windows of 1 s, those with more than twice the mean have
 * 4.77 times the mean load, are 18.6 % of the time, and last 3.2 s. The 99th percentile of its windows is 10.9 times the mean.
 */
export const azureCode: Bursts = { load: 4.77, share: 0.186, meanSeconds: 3.2 };
/**
 * The trace of a conversation model from the same source is calmer: the 99th percentile of its windows is 2.35 times the mean. Share and
 * length of its bursts as in the other trace: our assumption.
 */
export const azureConversation: Bursts = { ...azureCode, load: 2.35 };

export const alternatives: readonly Alternative[] = [
  { name: 'unit: 128 elements/cycle', traffic: 'poisson', npu: rate(128) },
  { name: 'unit: 256 elements/cycle', traffic: 'poisson', npu: rate(256) },
  { name: 'unit: 1,024 elements/cycle', traffic: 'poisson', npu: rate(1024) },
  { name: 'residency: least recently used', traffic: 'poisson', npu: (npu) => ({ ...npu, residency: 'lru' }) },
  { name: 'CMEM bandwidth / 2', traffic: 'poisson', npu: cmem(1 / 2) },
  { name: 'CMEM bandwidth x 2', traffic: 'poisson', npu: cmem(2) },
  { name: 'HBM bandwidth / 2', traffic: 'poisson', npu: hbm(1 / 2) },
  { name: 'HBM bandwidth x 2', traffic: 'poisson', npu: hbm(2) },
  { name: 'switch: 10 us', traffic: 'poisson', npu: switching(10e-6) },
  { name: 'switch: 100 us', traffic: 'poisson', npu: switching(100e-6) },
  { name: 'bursts of the Azure code trace', traffic: 'bursty', bursts: azureCode },
  { name: 'bursts of the Azure conversation trace', traffic: 'bursty', bursts: azureConversation },
];

/** Seeds of each alternative. Fewer than for the published gain, because the arrivals are paired. Our assumption. */
export const alternativeSeeds = 3;
/** Bursts in a run, and the most requests of it. Our assumption. */
const wantedBursts = 30;
const mostRequests = 1_000_000;

/** The gain in the largest load under each alternative; the ratios are null if a chip has no load within the objectives. */
export interface AlternativeGain {
  readonly name: string;
  readonly ratios: readonly number[] | null;
}

export function alternativeGains(
  offer: Offer,
  [base, own]: readonly [Contender, Contender],
  [baseRps, ownRps]: readonly [number, number],
  cache: TableCache,
): readonly AlternativeGain[] {
  return alternatives
    .filter(({ traffic }) => traffic === offer.traffic)
    .map(({ name, npu = (same) => same, bursts }) => {
      const changed = (one: Contender): Contender => ({ ...one, npu: npu(one.npu) });
      const pair = [changed(base), changed(own)] as const;
      const other = bursts === undefined ? offer : withBursts(offer, bursts, baseRps);
      // The search starts at the known loads and moves away from them in growing steps.
      const start = (one: Contender, known: number) =>
        findCapacity(new ContenderRuns(other, one, cache), bursts === undefined ? known : known * scale(bursts)).at
          ?.rps ?? null;
      const [first, second] = [start(pair[0], baseRps), start(pair[1], ownRps)];
      const ratios =
        first === null || second === null ? null : pairedRatios(other, pair, [first, second], alternativeSeeds, cache);
      return { name, ratios };
    });
}

/** A start for the search: the usual load, divided by the ratio of the new bursts to the usual ones. */
function scale({ load }: Bursts): number {
  return burstLoad / load;
}

function withBursts(offer: Offer, bursts: Bursts, rps: number): Offer {
  const seconds = Math.min((wantedBursts * bursts.meanSeconds) / bursts.share, mostRequests / (rps * scale(bursts)));
  return { ...offer, bursts, duration: { kind: 'time', seconds } };
}
