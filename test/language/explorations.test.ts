import { describe, expect, test } from 'vitest';
import type { Candidates, Scenario } from '../../design/index.ts';
import { compile, type Program } from '../../language/index.ts';
import { testHost } from './host.ts';

const chip = `npu Chip {
  clock: 1 GHz
  array { rows: 128, columns: 128 }
  vector { rate: 1024 operations/cycle }
  VMEM { capacity: 16 MiB, bandwidth: 20 TB/s }
  CMEM { capacity: 64 MiB, bandwidth: 1 TB/s }
  HBM { capacity: 8 GB, bandwidth: 600 GB/s }
  mode burst { precision: int8 }
  switch { latency: 100 cycles }
}
npu Mine extends Chip { HBM { capacity: 16 GB } }
model Net {
  input: 32 x 32 x 3
  layers { conv { kernel: 3 x 3, filters: width, padding: same } }
}
model Other {
  input: 32 x 32 x 3
  layers { conv { kernel: 3 x 3, filters: 8, padding: same } }
}
let width = 16
let load = 10 rps
let guard = 5 %
scheduler Careful { burst: slack { guard: guard, hold: 2 ms } }
scenario Rush {
  npu: Mine
  scheduler: Careful
  serve Net { arrivals: poisson(load), batch { max: 4 }, slo { p99 latency <= 5 ms } }
  serve Other { arrivals: poisson(2 * load) }
}
`;

function program(varied: string): Program {
  const text = `${chip}explore E {\n  scenario: Rush\n  ${varied}\n  maximize capacity\n}\n`;
  const found = compile('file:///e.npu', testHost({ 'file:///e.npu': text }));
  expect(found.diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([]);
  return found;
}

function candidates(varied: string): Candidates {
  const found = program(varied).candidates('E');
  if (found === undefined) throw new Error('no exploration');
  return found;
}

/** The values that the designs have; a text is the reason why a design is not valid. */
function seen<T>(varied: string, look: (scenario: Scenario) => T): readonly (T | string)[] {
  const { count, design } = candidates(varied);
  return Array.from({ length: count }, (_, index) => {
    const one = design(index);
    return one.kind === 'scenario' ? look(one.scenario) : one.message;
  });
}

describe('the values of an axis', () => {
  const values = (written: string) =>
    candidates(`vary ${written}`).exploration.axes[0]?.values.map(({ text, value }) => [text, value]);

  test.each([
    [
      'Mine.HBM.bandwidth in [400 GB/s, 1 TB/s]',
      [
        ['400 GB/s', 4e11],
        ['1 TB/s', 1e12],
      ],
    ],
    [
      'Mine.HBM.bandwidth in 100 GB/s .. 350 GB/s step 100 GB/s',
      [
        ['100 GB/s', 1e11],
        ['200 GB/s', 2e11],
        ['300 GB/s', 3e11],
      ],
    ],
    [
      'Mine.CMEM.capacity in 16 MiB .. 64 MiB step 2 x',
      [
        ['16 MiB', 2 ** 24],
        ['32 MiB', 2 ** 25],
        ['64 MiB', 2 ** 26],
      ],
    ],
    [
      'Mine.clock in 0.7 GHz .. 0.9 GHz step 100 MHz',
      [
        ['0.7 GHz', 7e8],
        ['0.8 GHz', 8e8],
        ['0.9 GHz', 9e8],
      ],
    ],
    [
      'guard in 1 % .. 3 % step 1 %',
      [
        ['1 %', 0.01],
        ['2 %', 0.02],
        ['3 %', 0.03],
      ],
    ],
    [
      'Rush.chips in 1 .. 3',
      [
        ['1', 1],
        ['2', 2],
        ['3', 3],
      ],
    ],
    [
      'width in 8 .. 32 step 2 x',
      [
        ['8', 8],
        ['16', 16],
        ['32', 32],
      ],
    ],
    [
      'load in load .. 3 * load step load',
      [
        ['10 rps', 10],
        ['20 rps', 20],
        ['30 rps', 30],
      ],
    ],
    [
      'Mine.array.dataflow in [weight-stationary, output-stationary]',
      [
        ['weight-stationary', null],
        ['output-stationary', null],
      ],
    ],
    [
      'Careful.burst in [never, slack { guard: 1 % }]',
      [
        ['never', null],
        ['slack { guard: 1 % }', null],
      ],
    ],
    [
      'Rush.npu in [Chip, Mine]',
      [
        ['Chip', null],
        ['Mine', null],
      ],
    ],
    [
      'Mine.HBM.bandwidth in 400 GB/s .. 1 TB/s linear 4',
      [
        ['400 GB/s', 4e11],
        ['600 GB/s', 6e11],
        ['800 GB/s', 8e11],
        ['1000 GB/s', 1e12],
      ],
    ],
    [
      'Mine.HBM.bandwidth in 100 GB/s .. 1 TB/s logarithmic 4',
      [
        ['100 GB/s', 1e11],
        ['215.4 GB/s', 2.154e11],
        ['464.2 GB/s', 4.642e11],
        ['1000 GB/s', 1e12],
      ],
    ],
    [
      'Rush.chips in 1 .. 8 logarithmic 4',
      [
        ['1', 1],
        ['2', 2],
        ['4', 4],
        ['8', 8],
      ],
    ],
    [
      'Rush.chips in 1 .. 3 linear 9',
      [
        ['1', 1],
        ['2', 2],
        ['3', 3],
      ],
    ],
    [
      'Mine.HBM.bandwidth in [0.5 x, 1 x, 2 x]',
      [
        ['0.5 x', 3e11],
        ['1 x', 6e11],
        ['2 x', 1.2e12],
      ],
    ],
    [
      'Mine.HBM.bandwidth in 0.5 x .. 2 x linear 4',
      [
        ['0.5 x', 3e11],
        ['1 x', 6e11],
        ['1.5 x', 9e11],
        ['2 x', 1.2e12],
      ],
    ],
    [
      'Mine.CMEM.capacity in 0.5 x .. 2 x step 2 x',
      [
        ['0.5 x', 2 ** 25],
        ['1 x', 2 ** 26],
        ['2 x', 2 ** 27],
      ],
    ],
    [
      'Mine.array.rows in [0.5 x, 2 x]',
      [
        ['0.5 x', 64],
        ['2 x', 256],
      ],
    ],
    [
      'Rush.serve.Net.arrivals.rate in 0.5 x .. 1 x step 0.25',
      [
        ['0.5 x', 5],
        ['0.75 x', 7.5],
        ['1 x', 10],
      ],
    ],
    [
      'load in [0.5 x, 1 x]',
      [
        ['0.5 x', 5],
        ['1 x', 10],
      ],
    ],
    [
      'guard in [0.5 x, 1 x]',
      [
        ['0.5 x', 0.5],
        ['1 x', 1],
      ],
    ],
  ])('%s', (written, expected) => {
    expect(values(written)).toEqual(expected);
  });
});

describe('a design', () => {
  test('has the values of all axes, and the last one changes fastest', () => {
    const two = 'vary Mine.CMEM.capacity in [32 MiB, 64 MiB]\n  vary Mine.HBM.bandwidth in [400 GB/s, 800 GB/s]';
    expect(seen(two, ({ npu }) => [npu.cmem?.capacityBytes, npu.hbm.bandwidthBytesPerSecond])).toEqual([
      [2 ** 25, 4e11],
      [2 ** 25, 8e11],
      [2 ** 26, 4e11],
      [2 ** 26, 8e11],
    ]);
  });

  test('keeps the values that do not vary, and does not change the chip that it extends', () => {
    const changed = program('vary Mine.HBM.bandwidth in [400 GB/s]');
    const one = changed.candidates('E')?.design(0);
    const [chipAsIs] = changed.design.npus;
    expect(one?.kind === 'scenario' && one.scenario.npu.hbm).toEqual({
      capacityBytes: 16e9,
      bandwidthBytesPerSecond: 4e11,
    });
    expect(chipAsIs?.hbm.bandwidthBytesPerSecond).toBe(6e11);
    expect(changed.design.scenarios[0]?.npu.hbm.bandwidthBytesPerSecond).toBe(6e11);
  });

  test('follows the rules of the language: extended chips, times in cycles, values that depend on a let', () => {
    expect(seen('vary Chip.HBM.bandwidth in [400 GB/s]', ({ npu }) => npu.hbm.bandwidthBytesPerSecond)).toEqual([4e11]);
    expect(seen('vary Chip.HBM.capacity in [4 GB, 5 GB]', ({ npu }) => npu.hbm.capacityBytes)).toEqual([16e9, 16e9]);
    expect(seen('vary Mine.clock in [1 GHz, 2 GHz]', ({ npu }) => npu.switchLatencySeconds)).toEqual([1e-7, 5e-8]);
    const rates = ({ serves }: Scenario) =>
      serves.map(({ arrivals }) => (arrivals.kind === 'poisson' ? arrivals.ratePerSecond : Number.NaN));
    expect(seen('vary load in [5 rps, 7 rps]', rates)).toEqual([
      [5, 10],
      [7, 14],
    ]);
    const guard = ({ scheduler: { burst } }: Scenario) => (burst.kind === 'slack' ? burst.guardFraction : burst.kind);
    expect(seen('vary guard in [1 %, 2 %]', guard)).toEqual([0.01, 0.02]);
    expect(seen('vary Careful.burst in [never, slack]', guard)).toEqual(['never', 0.05]);
    expect(seen('vary Mine.mode.burst.packing in [none, columns]', ({ npu }) => npu.burst?.packing)).toEqual([
      'none',
      'columns',
    ]);
    expect(seen('vary Rush.chips in [1, 4]', ({ chips }) => chips)).toEqual([1, 4]);
    expect(seen('vary Rush.npu in [Chip, Mine]', ({ npu }) => npu.name)).toEqual(['Chip', 'Mine']);
  });

  test('can differ in any property of a serve, of a form, and of the formats and the array of a chip', () => {
    const batches = ({ serves }: Scenario) => serves.map(({ batch }) => batch.maxSize);
    expect(seen('vary Rush.serve.Net.batch.max in [1, 8]', batches)).toEqual([
      [1, 1],
      [8, 1],
    ]);
    // `Other` has no `batch` in the file.
    expect(seen('vary Rush.serve.Other.batch.max in [2]', batches)).toEqual([[4, 2]]);
    const rates = ({ serves }: Scenario) =>
      serves.map(({ arrivals }) => (arrivals.kind === 'poisson' ? arrivals.ratePerSecond : Number.NaN));
    expect(seen('vary Rush.serve.Other.arrivals.rate in [3 rps, 2 x]', rates)).toEqual([
      [10, 3],
      [10, 40],
    ]);
    const kinds = ({ serves }: Scenario) => serves.map(({ arrivals }) => arrivals.kind);
    expect(seen('vary Rush.serve.Net.arrivals in [constant(5 rps), poisson(5 rps)]', kinds)).toEqual([
      ['constant', 'poisson'],
      ['poisson', 'poisson'],
    ]);
    const guard = ({ scheduler: { burst } }: Scenario) => (burst.kind === 'slack' ? burst.guardFraction : burst.kind);
    expect(seen('vary Careful.burst.guard in [1 %, 2 %]', guard)).toEqual([0.01, 0.02]);
    expect(seen('vary Careful.burst in [never, slack]\n  vary Careful.burst.guard in [1 %]', guard)).toEqual([
      'never',
      0.01,
    ]);
    expect(seen('vary Mine.mode.burst.precision in [int8, bf16]', ({ npu }) => npu.burst?.precision)).toEqual([
      'int8',
      'bf16',
    ]);
    expect(seen('vary Careful.order in [fifo, sjf]', ({ scheduler }) => scheduler.order)).toEqual(['fifo', 'sjf']);
    expect(seen('vary Rush.duration.budget in [1000, 2000]', ({ duration }) => duration)).toMatchObject([
      { maxRequests: 1000 },
      { maxRequests: 2000 },
    ]);
  });

  test('keeps a relation between values that a let states', () => {
    const text = chip.replace(
      'npu Mine extends Chip {',
      'let rows = 128\nnpu Mine extends Chip { array { rows: rows, columns: 16384 / rows } ',
    );
    const varied = 'vary rows in 32 .. 512 step 2 x';
    const file = `${text}explore E {\n  scenario: Rush\n  ${varied}\n  maximize capacity\n}\n`;
    const made = compile('file:///e.npu', testHost({ 'file:///e.npu': file })).candidates('E');
    const shapes = Array.from({ length: made?.count ?? 0 }, (_, index) => {
      const one = made?.design(index);
      return one?.kind === 'scenario' ? [one.scenario.npu.array.rows, one.scenario.npu.array.columns] : one?.message;
    });
    expect(shapes).toEqual([
      [32, 512],
      [64, 256],
      [128, 128],
      [256, 64],
      [512, 32],
    ]);
  });

  test('has the reason if it is not valid', () => {
    expect(seen('vary width in [0, 8]', ({ serves }) => serves[0]?.model.layers[0]?.outputShape)).toEqual([
      expect.stringContaining("'filters' is 0. It must be"),
      [32, 32, 8],
    ]);
  });

  test('shares the networks that no value changes, with each other and with the scenario as written', () => {
    const found = program('vary width in [8, 16]\n  vary Rush.chips in [1, 2]');
    const made = found.candidates('E');
    const models = [0, 1, 2].map((index) => {
      const one = made?.design(index);
      return one?.kind === 'scenario' ? one.scenario.serves.map(({ model }) => model) : [];
    });
    const written = found.design.scenarios[0]?.serves.map(({ model }) => model);
    expect(models.every((each) => each[1] === written?.[1])).toBe(true);
    expect(models[0]?.[0]).toBe(models[1]?.[0]);
    expect(models[2]?.[0]).not.toBe(models[0]?.[0]);
  });

  test.each([
    ['vary Mine.HBM.bandwidth in [400 GB/s, 600 GB/s]', 1],
    ['vary Mine.HBM.bandwidth in [400 GB/s, 800 GB/s]', -1],
    ['vary width in [8, 16]\n  vary load in [10 rps, 20 rps]', 2],
    ['vary Careful.burst in [never, slack { guard: 5 %, hold: 2 ms }]', 1],
    ['vary Mine.array.dataflow in [output-stationary, weight-stationary]', 1],
    ['vary Mine.array.dataflow in [output-stationary, input-stationary]', -1],
    ['vary load in 1 rps .. 100 rps step 1 rps', 9],
    ['vary load in [1 rps, 2 rps]', -1],
    ['vary Rush.npu in [Chip, Mine]', 1],
    ['vary Rush.serve.Net.batch.max in [1, 2, 4, 8]', 2],
    ['vary Rush.serve.Net.arrivals.rate in [0.5 x, 1 x, 2 x]', 1],
    ['vary Careful.burst.guard in [1 %, 5 %]', 1],
    ['vary Mine.HBM.bandwidth in 0.5 x .. 2 x linear 4', 1],
  ])('is known as written: %s', (varied, expected) => {
    expect(candidates(varied).asWritten()).toBe(expected);
  });

  test('adds no data for the editor', () => {
    const found = program('vary load in [5 rps, 7 rps]\n  vary Mine.clock in [1 GHz, 2 GHz]');
    const facts = () =>
      found.files
        .get('file:///e.npu')
        ?.facts()
        .map(({ kind, start, end }) => [kind, start, end]);
    const before = facts();
    const made = found.candidates('E');
    for (let index = 0; index < 4; index++) made?.design(index);
    expect(facts()).toEqual(before);
  });
});

test('a file with errors in its exploration has none', () => {
  const text = `${chip}explore E {\n  scenario: Rush\n  vary Mine.HBM.bandwith in [1 GB/s]\n  maximize capacity\n}\n`;
  const found = compile('file:///e.npu', testHost({ 'file:///e.npu': text }));
  expect(found.design.explorations).toEqual([]);
  expect(found.candidates('E')).toBeUndefined();
});
