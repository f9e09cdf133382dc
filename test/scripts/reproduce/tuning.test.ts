import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { alternatives, azureCode } from '../../../scripts/reproduce/alternatives.ts';
import { findCapacity } from '../../../scripts/reproduce/capacity.ts';
import { ContenderRuns, firstGuess, offered } from '../../../scripts/reproduce/contender-runs.ts';
import { loadSubjects } from '../../../scripts/reproduce/subjects.ts';
import { atLoad } from '../../../scripts/reproduce/traffic.ts';
import { preferred, tune, tunedContender, tunedSubject } from '../../../scripts/reproduce/tuning.ts';
import { TableCache } from '../../../simulator/index.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const subjects = await loadSubjects(root);
const gnmt = subjects.find(({ name }) => name === 'Gnmt');
if (gnmt === undefined) throw new Error('experiment.npu has no Gnmt');

describe('the preferred candidate', () => {
  const candidates = [
    { value: 'first', rps: 99.2 },
    { value: 'second', rps: 98.9 },
    { value: 'best', rps: 100 },
  ];
  it('is the first one within one step of the grid', () => {
    expect(preferred(candidates)).toBe('first');
    expect(preferred(candidates.slice(1))).toBe('second');
    expect(preferred([{ value: 'far', rps: 98 }, ...candidates.slice(2)])).toBe('best');
  });

  it('is the best one if no loss is allowed', () => {
    expect(preferred(candidates, 1)).toBe('best');
  });
});

describe('the choice for a chip', () => {
  const cache = new TableCache();
  const offer = offered(gnmt.scenario, 'poisson', 0.02, cache);
  const load = (contender: (typeof gnmt.contenders)['tpuv4i']) =>
    findCapacity(new ContenderRuns(offer, contender, cache), 1000).at?.rps ?? 0;
  const chosenFor = (scheme: 'tpuv4i' | 'on-chip') => {
    const contender = gnmt.contenders[scheme];
    return tune(offer, contender, firstGuess(new ContenderRuns(offer, contender, cache), 'poisson'), cache);
  };

  it('gives the baseline a larger batch where that serves more, as an engineer would', () => {
    const chosen = chosenFor('tpuv4i');
    expect(chosen.batch).toBeGreaterThan(8);
    expect(chosen).toMatchObject({ guardFraction: null, holdSeconds: null });
    expect(load(tunedContender(gnmt.contenders.tpuv4i, chosen))).toBeGreaterThan(1.5 * load(gnmt.contenders.tpuv4i));
  });

  it('includes guard and hold of a slack policy', () => {
    const chosen = chosenFor('on-chip');
    const { npu, scheduler } = tunedContender(gnmt.contenders['on-chip'], chosen);
    expect(npu.burst).not.toBeNull();
    expect(scheduler.burst).toEqual({
      kind: 'slack',
      guardFraction: chosen.guardFraction,
      holdSeconds: chosen.holdSeconds,
    });
  });

  it('can be used without its guard and hold, to change these alone', () => {
    const tuned = { batch: 32, guardFraction: 0.4, holdSeconds: 0 };
    const all = Object.fromEntries(Object.keys(gnmt.contenders).map((scheme) => [scheme, tuned]));
    const subject = tunedSubject(gnmt, all as Parameters<typeof tunedSubject>[1], 'batch');
    expect(subject.contenders['on-chip'].maxBatch).toBe(32);
    expect(subject.contenders['on-chip'].scheduler).toBe(gnmt.contenders['on-chip'].scheduler);
  });
});

describe('the other assumptions', () => {
  it.each(alternatives.map((one) => [one.name, one] as const))(
    '%s: changes the chip or the bursts, and not both',
    (_, { npu, bursts }) => {
      const own = gnmt.contenders['on-chip'].npu;
      expect(npu === undefined).toBe(bursts !== undefined);
      if (npu !== undefined) expect(npu(own)).not.toEqual(own);
    },
  );

  it('has bursts with the mean rate of the other traffic', () => {
    const offer = { ...offered(gnmt.scenario, 'bursty', 1, new TableCache()), bursts: azureCode };
    const [arrivals] = atLoad(offer, 1000).serves.map((serve) => serve.arrivals);
    if (arrivals?.kind !== 'bursty') throw new Error('the traffic is not bursty');
    const { lowRatePerSecond, highRatePerSecond, meanLowSeconds, meanHighSeconds } = arrivals;
    expect(highRatePerSecond).toBeCloseTo(4770, 6);
    expect(meanHighSeconds / (meanHighSeconds + meanLowSeconds)).toBeCloseTo(0.186, 9);
    const requests = lowRatePerSecond * meanLowSeconds + highRatePerSecond * meanHighSeconds;
    expect(requests / (meanLowSeconds + meanHighSeconds)).toBeCloseTo(1000, 6);
  });
});
