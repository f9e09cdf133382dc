import { expect, test } from 'vitest';
import { KeptDesigns } from '../../../server/kept-designs.ts';
import { tinyModel, tinyScenario, tinyServe } from '../../simulator/explore/fixtures.ts';

test('a copy of a design reuses the network, the chip and the tables of the original', () => {
  const { keep } = new KeptDesigns();
  const scenario = tinyScenario();
  const first = keep(scenario);
  const again = keep(structuredClone(scenario));
  expect(again.cache).toBe(first.cache);
  expect(again.scenario.npu).toBe(first.scenario.npu);
  expect(again.scenario.serves[0]?.model).toBe(first.scenario.serves[0]?.model);
});

test('a design with another load or scheduler is kept and reuses the tables', () => {
  const { keep } = new KeptDesigns();
  const first = keep(tinyScenario());
  const scheduler = { ...first.scenario.scheduler, order: 'edf' } as const;
  const other = keep(structuredClone(tinyScenario({ scheduler, seed: 2 })));
  expect(other.cache).toBe(first.cache);
  expect(other.scenario).toMatchObject({ scheduler: { order: 'edf' }, seed: 2 });
});

test('another network with the same name does not replace the stored one', () => {
  const { keep } = new KeptDesigns();
  const first = keep(tinyScenario());
  const other = keep(tinyScenario({ serves: [tinyServe({ model: tinyModel([128, 256]) })] }));
  expect(other.scenario.serves[0]?.model).not.toBe(first.scenario.serves[0]?.model);
  const tables = (kept: typeof first) => {
    const [serve] = kept.scenario.serves;
    return serve === undefined
      ? []
      : kept.cache.tables(kept.scenario.npu, serve.model, 1, {
          activationBytes: 0,
          shares: new Float64Array(serve.model.layers.length),
        });
  };
  expect(tables(other)[0]?.layerCount).toBeLessThan(tables(first)[0]?.layerCount ?? 0);
});
