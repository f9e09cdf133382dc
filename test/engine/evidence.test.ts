import { expect, test } from 'vitest';
import { evidenceOf } from '../../engine/index.ts';
import { modelCost, scenarioResult } from '../cli/hand-made.ts';

const burst = { ...modelCost, mode: 'burst' as const };
const caveats = [
  { code: 'trace-rows', origin: { uri: 'a', start: 0, end: 1 }, text: 'x', effect: { kind: 'none' } },
] as const;
const plain = scenarioResult();
const result = { ...plain, main: { ...plain.main, caveats }, layers: [burst, modelCost] };

test('the evidence has the facts of messages, and no data of the plots', () => {
  const [serve] = result.main.serves;
  const evidence = evidenceOf(result);
  expect(evidence.scenario).toBe('Rush');
  expect(evidence.main).toEqual({
    serves: [
      {
        name: 'ResNet50',
        model: 'ResNet50',
        origin: serve?.origin,
        arrivalsOrigin: serve?.arrivalsOrigin,
        offeredRps: 2400,
        completedRps: 2398.5,
        burstShare: 0.123,
        slos: serve?.slos,
      },
    ],
    caveats,
  });
});

test('the evidence has the costs of base mode only', () => {
  const [cost, ...others] = evidenceOf(result).layers;
  expect(others).toEqual([]);
  expect(cost).toMatchObject({ model: 'ResNet50', mode: 'base', cycles: 10192 });
  expect(cost?.layers[0]).toEqual({
    layer: 'conv1',
    cycles: 6272,
    explanation: 'bound by the arrays, 1.2 times the next stage',
  });
});
