import { describe, expect, test } from 'vitest';
import { buildServiceTable, costModel, planResidency } from '../../../simulator/hardware/index.ts';
import { cellIndex, weightStates } from '../../../simulator/service-table.ts';
import { bertLarge, plainTpu, resnet50, stimpack } from './fixtures.ts';

const net = resnet50();

describe('residency', () => {
  test('all weights of ResNet-50 in bf16 fit into 128 MiB', () => {
    const plan = planResidency(stimpack, [net]);
    const weighted = net.layers.map((layer) =>
      Number(layer.operation.kind === 'conv' || layer.operation.kind === 'dense'),
    );
    expect([...(plan.placed[0] ?? [])]).toEqual(weighted);
    expect(plan.usedBytes).toBeGreaterThan(51e6);
    expect(plan.usedBytes).toBeLessThan(51.3e6);
    // The rest of the memory has the originals of converted weights, then activations.
    const int8 = [...(plan.burstBytes[0] ?? [])].reduce((sum, bytes) => sum + bytes, 0);
    expect(plan.usedBytes + int8 + (plan.activationBytes ?? 0)).toBe(plan.capacityBytes);
  });
  test('the weights of BERT-large never fit', () => {
    const bert = bertLarge();
    const plan = planResidency(stimpack, [bert]);
    const all = [...(plan.baseBytes[0] ?? [])].reduce((sum, bytes) => sum + bytes, 0);
    expect(all).toBeGreaterThan(660e6);
    expect(plan.usedBytes).toBeLessThanOrEqual(plan.capacityBytes);
    expect(plan.activationBytes).toBe(0);
    // With lru, a pass over more weights than fit finds none of the weights of the pass before.
    expect(planResidency({ ...stimpack, residency: 'lru' }, [bert]).usedBytes).toBe(0);
  });
  test('stored copies need the space of both formats', () => {
    const one = planResidency(stimpack, [net]).usedBytes;
    const both = planResidency({ ...stimpack, quantizer: { source: 'stored', elementsPerCycle: 1 } }, [net]).usedBytes;
    expect(both / one).toBeCloseTo(1.5, 2);
  });
});

describe('service table', () => {
  test('a model with resident weights has the time of costModel in the table', () => {
    for (const batch of [1, 8]) {
      const plan = planResidency(stimpack, [net], [batch]);
      const shares = plan.shares[0] ?? new Float64Array(0);
      const table = buildServiceTable(stimpack, net, batch, { activationBytes: plan.activationBytes, shares });
      for (const mode of ['base', 'burst'] as const) {
        let seconds = 0;
        for (let layer = 0; layer < table.layerCount; layer++)
          seconds += table.seconds[cellIndex(layer, mode, 'resident')] ?? 0;
        expect(seconds).toBeCloseTo(costModel(stimpack, net, mode, batch).seconds, 15);
      }
    }
  });
  test('a chip without burst mode repeats the times of base mode', () => {
    const table = buildServiceTable(plainTpu, net, 2);
    for (let layer = 0; layer < table.layerCount; layer++)
      for (const state of ['resident', 'convert', 'fetch'] as const)
        expect(table.seconds[cellIndex(layer, 'burst', state)]).toBe(table.seconds[cellIndex(layer, 'base', state)]);
  });
  test('in base mode, a conversion is a fetch, and no state of the weights is faster than resident', () => {
    const table = buildServiceTable(stimpack, net, 1);
    const sums = new Map<string, number>();
    for (let layer = 0; layer < table.layerCount; layer++) {
      expect(table.seconds[cellIndex(layer, 'base', 'convert')]).toBe(table.seconds[cellIndex(layer, 'base', 'fetch')]);
      for (const mode of ['base', 'burst'] as const)
        for (const state of weightStates) {
          const key = `${mode} ${state}`;
          sums.set(key, (sums.get(key) ?? 0) + (table.seconds[cellIndex(layer, mode, state)] ?? Number.NaN));
        }
    }
    for (const mode of ['base', 'burst'] as const)
      for (const state of ['convert', 'fetch'] as const)
        expect(sums.get(`${mode} ${state}`)).toBeGreaterThanOrEqual(sums.get(`${mode} resident`) ?? Number.NaN);
  });
});
