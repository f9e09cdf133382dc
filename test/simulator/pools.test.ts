import { describe, expect, it, test } from 'vitest';
import { chipNames, totalChips, withVariant } from '../../design/index.ts';
import { compile } from '../../language/index.ts';
import { areaOf, chipsOf } from '../../simulator/explore/measured.ts';
import { capacity, exploreDesigns, runInputOf, simulateScenario, TableCache } from '../../simulator/index.ts';
import { leastLoad } from '../../simulator/serving/index.ts';
import { testHost } from '../language/host.ts';

/* Scenarios of .npu files whose pool has chips of several kinds. */

const uri = 'file:///pool.npu';

interface Parts {
  readonly pool?: string;
  readonly slo?: string;
  readonly more?: string;
}

function compiled({ pool = 'also Fast { chips: 1 }', slo = '', more = '' }: Parts = {}) {
  const text = `import "stimpack/stimpack"
  model Net {
    input: 64
    accuracy { bf16: 90 %, int8: 80 % }
    layers { a: dense { outputs: 2048 } b: dense { outputs: 2048 } }
  }
  npu Slow extends TPUv4i { clock: 525 MHz, HBM { bandwidth: 300 GB/s }, area { vector: 1 um2, PHY { area: 1 mm2 } } }
  npu Fast extends Stimpack { area { vector: 1 um2, PHY { area: 2 mm2 } } }
  npu Eight extends Slow { mode base { precision: int8 } }
  scenario S {
    npu: Slow
    chips: 3
    ${pool}
    ${more}
    duration: 2000 requests
    serve Net {
      arrivals: poisson(200000 rps)
      slo {
        p99 latency <= 1 ms
        ${slo}
      }
    }
  }
  explore E {
    scenario: S
    vary S.also.Fast.chips in [0, 1, 4]
    minimize chips
  }`;
  return compile(uri, testHost({ [uri]: text }));
}

const errors = (parts: Parts): readonly string[] =>
  compiled(parts)
    .diagnostics.filter(({ severity }) => severity === 'error')
    .map(({ message }) => message);

function scenarioOf(parts: Parts = {}) {
  const { design, diagnostics } = compiled(parts);
  const [scenario] = design.scenarios;
  if (scenario === undefined) throw new Error(JSON.stringify(diagnostics));
  return scenario;
}

function loadOf(parts: Parts): number {
  const scenario = scenarioOf(parts);
  return leastLoad(runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache()));
}

describe('a scenario with chips of two kinds', () => {
  const scenario = scenarioOf({ more: 'compare: [Slow, Fast, always]' });
  const result = simulateScenario(scenario);
  const fast = scenario.also?.[0]?.npu ?? scenario.npu;

  it('names the kinds in the result', () => {
    expect(scenario.also?.map(({ npu, chips }) => [npu.name, chips])).toEqual([['Fast', 1]]);
    expect(totalChips(scenario)).toBe(4);
    expect(result?.main.npu).toBe('3 Slow + 1 Fast');
    expect(result?.main.kinds?.map(({ npu, chips }) => [npu, chips])).toEqual([
      ['Slow', 3],
      ['Fast', 1],
    ]);
    expect(result && chipNames(result.main)).toEqual(['Slow 1', 'Slow 2', 'Slow 3', 'Fast']);
    expect(result?.main.area).toBeUndefined();
    expect(result?.main.kinds?.[1]?.area?.knownSquareMetres).toBeGreaterThan(0);
  });

  it('compares with as many equal chips, and a policy keeps the kinds', () => {
    expect(result?.variants.map(({ npu, timeline }) => [npu, timeline.chips])).toEqual([
      ['Slow', 4],
      ['Fast', 4],
      ['3 Slow + 1 Fast', 4],
    ]);
    const [first, , policy] = scenario.compare;
    if (first === undefined || policy === undefined) throw new Error('no variants');
    expect(withVariant(scenario, first).also).toBeUndefined();
    expect(withVariant(scenario, policy).also).toBe(scenario.also);
  });

  it('lets only the chip with a burst mode burst', () => {
    const always = result?.variants[2];
    expect(always?.timeline.totals.map(({ burst }) => burst > 0)).toEqual([false, false, false, true]);
    expect(always?.serves[0]?.accuracy).toBeGreaterThan(0.8);
    expect(always?.serves[0]?.accuracy).toBeLessThan(0.9);
  });

  it('has the area and the number of all chips', () => {
    expect(chipsOf(scenario)).toBe(4);
    const [own, other] = [scenario, { ...scenario, npu: fast, also: [] }].map((one) =>
      areaOf({ ...one, chips: 1, also: [] }),
    );
    if (own === undefined || other === undefined) throw new Error('no area');
    expect(areaOf(scenario)).toEqual(3 * own + other);
  });
});

test('the rate of a pool is the sum of the rates of its chips', () => {
  const rate = (pool: string): number => 200_000 / loadOf({ pool });
  const one = rate('also Fast { chips: 1 }') - rate('');
  expect(one).toBeGreaterThan(rate('') / 3);
  expect(rate('also Fast { chips: 5 }')).toBeCloseTo(rate('') + 5 * one, -1);
});

test('a result names the memory of both kinds', () => {
  const names = (other: string) => {
    const text = `import "stimpack/stimpack"
      import "stimpack/resnet50"
      npu Small extends TPUv4i { HBM: none, DRAM { capacity: 8 GB, bandwidth: 30 GB/s } }
      scenario S { npu: TPUv4i  also ${other} { } serve ResNet50 { arrivals: poisson(100 rps) } }`;
    const [scenario] = compile(uri, testHost({ [uri]: text })).design.scenarios;
    return scenario && runInputOf(scenario, 'S', scenario.npu, scenario.scheduler, new TableCache()).memories;
  };
  expect(names('Small')?.offChip).toBe('memory');
  expect(names('Stimpack')?.offChip).toBe('HBM');
});

test('no chips of another kind give the run without the block, to the bit', () => {
  const run = (pool: string) => simulateScenario(scenarioOf({ pool }))?.main;
  // As many characters, so that the places in the text are equal.
  expect(run('also Fast { chips: 0 }')).toEqual(run(' '.repeat(22)));
});

test('capacity counts the chips of all kinds', () => {
  const most = (pool: string): number => capacity(scenarioOf({ pool }))?.low?.offeredRps ?? Number.NaN;
  expect(most('also Fast { chips: 4 }')).toBeGreaterThan(1.5 * most('also Fast { chips: 0 }'));
});

test('an exploration varies the number of chips of another kind', () => {
  const program = compiled();
  const candidates = program.candidates('E');
  const [exploration] = program.design.explorations;
  if (candidates === undefined || exploration === undefined) throw new Error(JSON.stringify(program.diagnostics));
  const designs = [0, 1, 2].map((design) => ({ design, candidate: candidates.design(design) }));
  const explored = exploreDesigns(exploration.goals, designs);
  expect([...(explored?.measures[0] ?? [])]).toEqual([3, 4, 7]);
});

describe('errors', () => {
  test.each<readonly [string, Parts, string]>([
    ['a name that is no chip', { pool: 'also Net { chips: 1 }' }, "Expected an npu, but 'Net' is a model"],
    ['the kind of the scenario', { pool: 'also Slow { chips: 1 }' }, "already has chips of kind 'Slow'"],
    ['the same kind twice', { pool: 'also Fast { } also Fast { }' }, "already has chips of kind 'Fast'"],
    ['too many chips', { pool: 'also Fast { chips: 1022 }' }, 'The scenario has 1025 chips of all kinds. At most 1024'],
    ['half a chip', { pool: 'also Fast { chips: 0.5 }' }, 'a whole number'],
    [
      'preemption',
      { more: 'scheduler { order: edf, preemption: layer }' },
      'an interrupted batch cannot continue on a chip of another kind',
    ],
    [
      'an accuracy that depends on the chip',
      {
        pool: 'also Eight { }',
        slo: 'accuracy >= 85 %',
      },
      "'Slow' and 'Eight' compute 'Net' in different formats",
    ],
  ])('%s', (_, parts, part) => {
    expect(errors(parts).join('\n')).toContain(part);
  });
});
