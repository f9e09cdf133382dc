import { describe, expect, test } from 'vitest';
import { costJson, layersCsv } from '../../../cli/json/cost.ts';
import { renderLayersReport } from '../../../cli/render/layers-report.ts';
import { modelCost } from '../hand-made.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { stimpack } = smallProgram();

describe('layers', () => {
  test.each([
    ['layers good.npu', { npu: 'A', model: 'ResNet50', mode: 'base', batch: 1 }],
    ['layers good.npu -m Tiny -n Conventional', { npu: 'Conventional', model: 'Tiny', mode: 'base', batch: 1 }],
    ['layers good.npu --mode burst -b 8', { npu: 'A', model: 'ResNet50', mode: 'burst', batch: 8 }],
  ])('stimpack %s', async (line, expected) => {
    const seen: unknown[] = [];
    const { code } = await stimpack(line, engineThat('met', seen));
    expect([code, seen]).toEqual([0, [expected]]);
  });

  const columns = [
    'layer',
    'kind',
    'm',
    'n',
    'k',
    'groups',
    'macs',
    'parameters',
    'computeCycles',
    'vectorCycles',
    'memoryCycles',
    'cycles',
    'bound',
    'utilization',
  ];

  test('CSV has the documented columns, quotes cells that need it, and leaves missing numbers empty', async () => {
    const { out } = await stimpack('layers good.npu --format csv');
    const [header = '', conv1 = ''] = out.split('\n');
    expect(header.split(',')).toEqual(expect.arrayContaining(columns));
    expect(conv1).toMatch(
      /^conv1,conv,12544,64,147,1,118013952,9472,6272,392,1204,0,0,6272,compute,cmem,5\.2,0\.287,.*,true,,,,0\.0001,"bound by/,
    );
    expect(out.split('\n').length).toBe(modelCost.layers.length + 2);
  });

  test('reports the array of each layer on a chip with several kinds', () => {
    const [first, ...rest] = modelCost.layers;
    if (first === undefined) throw new Error('no layer');
    const cost = { ...modelCost, layers: [{ ...first, array: 'Small' }, ...rest] };
    const header = layersCsv(cost).split('\n')[0] ?? '';
    expect(header).toMatch(/,explanation,array$/u);
    expect(layersCsv(cost).split('\n')[1]).toMatch(/,Small$/u);
    expect(costJson(cost)).toMatchObject({ layers: [{ array: 'Small' }, ...rest.map(() => ({ array: null }))] });
    const look = { width: 200, colour: false, unicode: true, plots: false };
    expect(renderLayersReport(cost, look)).toMatch(/MACs\/B {2}array\n(.*\n)*?.*conv1.* Small\n/u);
    expect(renderLayersReport(modelCost, look)).not.toContain('array\n');
  });

  test('JSON has the same columns as CSV', async () => {
    const csv = (await stimpack('layers good.npu --format csv')).out;
    const document = JSON.parse((await stimpack('layers good.npu --format json')).out);
    expect(Object.keys(document.layers[0])).toEqual(csv.split('\n')[0]?.split(','));
    expect(document).toMatchObject({
      model: 'ResNet50',
      npu: 'A',
      cycles: 10192,
      latencySeconds: 9.7e-6,
      macs: 236_027_904,
    });
  });
});
