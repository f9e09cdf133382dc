import { describe, expect, it } from 'vitest';
import {
  applyChanges,
  changeBurst,
  changeChip,
  changeNpu,
  changeSteps,
  compile,
  type ServePlace,
} from '../../language/index.ts';
import { testHost } from './host.ts';

/** A change is written in the place that a user would choose, and comments stay next to their items. */

const uri = 'file:///changes/a.npu';
const base =
  'npu C { clock: 1 GHz, array { rows: 8, columns: 8 }, vector { rate: 8 operations/cycle }, VMEM { capacity: 1 MiB, bandwidth: 1 TB/s }, HBM { capacity: 1 GB, bandwidth: 1 GB/s } }\n';
const rest =
  'model M { input: 8, layers { dense { outputs: 8 } } }\nscenario S { npu: D, serve M { arrivals: poisson(1 rps) } }\n';

function placeIn(text: string): ServePlace {
  const program = compile(uri, testHost({ [uri]: text }));
  return { program, uri, scenario: 'S', serve: 0 };
}

/** The chip `D` with 2 GB/s of HBM, and its array with 4 rows. */
function check(name: string, chip: string, expected: string): void {
  it(name, () => {
    const text = `${base}${chip}\n${rest}`;
    const place = placeIn(text);
    const changes = changeNpu(place, 'HBM', { bandwidth: '2 GB/s', capacity: '3 GB' });
    const changed = applyChanges(text, changes ?? []);
    expect(changed).toBe(`${base}${expected}\n${rest}`);
    const again = compile(uri, testHost({ [uri]: changed }));
    expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
    const npu = again.design.npus.find((one) => one.name === 'D');
    expect([npu?.hbm.bandwidthBytesPerSecond, npu?.hbm.capacityBytes]).toEqual([2e9, 3e9]);
  });
}

describe('stating properties of a chip', () => {
  const both = 'bandwidth: 2 GB/s, capacity: 3 GB';
  check('without a body', 'npu D extends C', `npu D extends C { HBM { ${both} } }`);
  check('an empty one', 'npu D extends C {}', `npu D extends C { HBM { ${both} } }`);
  check(
    'only a comment',
    'npu D extends C {\n  // nothing yet\n}',
    `npu D extends C {\n  // nothing yet\n  HBM { ${both} }\n}`,
  );
  check('on one line', 'npu D extends C { clock: 2 GHz }', `npu D extends C { clock: 2 GHz, HBM { ${both} } }`);
  check(
    'on one line, with a comment',
    'npu D extends C { clock: 2 GHz /* fast */ }',
    `npu D extends C { clock: 2 GHz /* fast */, HBM { ${both} } }`,
  );
  check(
    'on one line, with a comma and a comment',
    'npu D extends C { clock: 2 GHz, /* fast */ }',
    `npu D extends C { clock: 2 GHz, /* fast */ HBM { ${both} } }`,
  );
  check(
    'after a trailing comment',
    'npu D extends C {\n  clock: 2 GHz // fast\n}',
    `npu D extends C {\n  clock: 2 GHz // fast\n  HBM { ${both} }\n}`,
  );
  check(
    'after a comma and a trailing comment',
    'npu D extends C {\n\tclock: 2 GHz, // fast\n\t// the end\n}',
    `npu D extends C {\n\tclock: 2 GHz, // fast\n\tHBM { ${both} }\n\t// the end\n}`,
  );
  check(
    'after several on one line',
    'npu D extends C {\n    clock: 2 GHz, array { rows: 4 } // small\n}',
    `npu D extends C {\n    clock: 2 GHz, array { rows: 4 } // small\n    HBM { ${both} }\n}`,
  );
  check(
    'in a block that begins on its opening line',
    'npu D extends C { clock: 2 GHz // fast\n}',
    `npu D extends C { clock: 2 GHz // fast\n  HBM { ${both} }\n}`,
  );
  check(
    'Windows line ends',
    'npu D extends C {\r\n  clock: 2 GHz // fast\r\n}',
    `npu D extends C {\r\n  clock: 2 GHz // fast\r\n  HBM { ${both} }\r\n}`,
  );
  check(
    'one already there, one new',
    'npu D extends C {\n  HBM {\n    bandwidth: 9 GB/s // slow\n  } // memory\n}',
    'npu D extends C {\n  HBM {\n    bandwidth: 2 GB/s // slow\n    capacity: 3 GB\n  } // memory\n}',
  );
});

it('a new scheduler is placed after the comments of the previous item', () => {
  const text = `${base}npu D extends C {}\n${rest.replace(' } }\n', ' } /* one */ }\n')}`;
  const place = placeIn(text);
  const [scenario] = place.program.design.scenarios;
  const changes = scenario && changeBurst(place, scenario.scheduler, 'always');
  expect(applyChanges(text, changes ?? [])).toContain('serve M { arrivals: poisson(1 rps) }');
  expect(applyChanges(text, changes ?? [])).toMatch(/scheduler \{ burst: always \} \}\n$/);
});

it('a chip that extends one of another file is placed after the comments of the previous item', () => {
  const other = 'file:///changes/b.npu';
  const text = `import "./b.npu"\nlet peak = 1 rps // the peak\n\n/// Doc.\n${rest.split('\n')[1]}\n`.replace(
    'npu: D',
    'npu: C',
  );
  const program = compile(uri, testHost({ [uri]: text, [other]: `${base}${rest.split('\n')[0]}\n` }));
  const changes = changeNpu({ program, uri, scenario: 'S', serve: 0 }, 'HBM', { bandwidth: '2 GB/s' });
  expect(applyChanges(text, changes ?? []).split('scenario')[0]).toBe(
    'import "./b.npu"\nlet peak = 1 rps // the peak\n\nnpu CTuned extends C {\n  HBM { bandwidth: 2 GB/s }\n}\n\n/// Doc.\n',
  );
});

it('a chip of another file is replaced wherever the scenario uses it', () => {
  const other = 'file:///changes/b.npu';
  const pool = 'npu: C, also Other { chips: 2 }, compare: [Other, C with always, Other with never]';
  const text = `import "./b.npu"\nscenario S { ${pool}, serve M { arrivals: poisson(1 rps) } }\nscenario T { npu: Other, serve M { arrivals: poisson(1 rps) } }\n`;
  const files = { [other]: `${base}${base.replace('npu C', 'npu Other')}${rest.split('\n')[0]}\n` };
  const program = compile(uri, testHost({ [uri]: text, ...files }));
  const changes = changeChip({ program, uri, scenario: 'S', serve: 0 }, 'Other', 'HBM', { capacity: '8 GB' });
  const changed = applyChanges(text, changes ?? []);
  expect(changed).toContain('npu OtherTuned extends Other {\n  HBM { capacity: 8 GB }\n}');
  expect(changed).toContain(
    'npu: C, also OtherTuned { chips: 2 }, compare: [OtherTuned, C with always, OtherTuned with never]',
  );
  expect(changed).toContain('scenario T { npu: Other,');
  const again = compile(uri, testHost({ [uri]: changed, ...files }));
  expect(again.diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
});

describe('limits of the steps of a language model', () => {
  it.each([
    ['without a block', '', 'tokens { in: 9, out: 9 }, batch { sequences: 8 }'],
    ['an empty block', ', batch {}', 'tokens { in: 9, out: 9 }, batch { sequences: 8 }'],
    ['another limit', ', batch { tokens: 64 }', 'tokens { in: 9, out: 9 }, batch { tokens: 64, sequences: 8 }'],
    ['the same limit', ', batch { sequences: 2 }', 'tokens { in: 9, out: 9 }, batch { sequences: 8 }'],
  ])('%s', (_, batch, expected) => {
    const text = `${base}scenario S { npu: C, serve M { arrivals: poisson(1 rps), tokens { in: 9, out: 9 }${batch} } }`;
    const changed = applyChanges(text, changeSteps(placeIn(text), { sequences: '8' }) ?? []);
    expect(changed).toContain(`${expected} }`);
  });
});
