import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { hasErrors } from '../../design/index.ts';
import {
  applyChanges,
  compile,
  convertUnit,
  extractLet,
  organizeImports,
  type Program,
  type SourceFile,
  statedNumbers,
} from '../../language/index.ts';
import { testHost } from './host.ts';

const uri = 'file:///a.npu';

function compiled(text: string): { readonly program: Program; readonly file: SourceFile } {
  const program = compile(uri, testHost({ [uri]: text }));
  const file = program.files.get(uri);
  if (file === undefined) throw new Error('the text was not read');
  return { program, file };
}

describe('organize imports', () => {
  const chip = 'import "stimpack/stimpack"';
  const net = 'import "stimpack/resnet50"';
  const scenario = '\nscenario S { npu: Stimpack, serve ResNet50 { arrivals: poisson(9 rps) } }\n';

  test.each<[name: string, before: string, after: string | null]>([
    ['sorts', `${chip}\n${net}\n`, `${net}\n${chip}\n`],
    ['keeps sorted ones', `${net}\n${chip}\n`, null],
    ['removes unused ones', `import "stimpack/gnmt"\n${net}\n${chip}\n`, `${net}\n${chip}\n`],
    ['removes repeated ones', `${net}\n${net}\n${chip}\n`, `${net}\n${chip}\n`],
    ['moves comments with their imports', `${chip} // chip\n${net} // net\n`, `${net} // net\n${chip} // chip\n`],
    ['keeps groups', `${chip}\n\n${net}\n`, null],
    ['keeps comments between them', `${chip}\n// net\n${net}\n`, null],
    ['keeps Windows line breaks', `${chip}\r\n${net}\r\n`, `${net}\r\n${chip}\r\n`],
    [
      'removes the line of the only import of a group',
      `${net}\n${chip}\n\nimport "stimpack/gnmt"\n`,
      `${net}\n${chip}\n\n`,
    ],
    ['leaves imports that share a line', `${chip} import "stimpack/gnmt"\n${net}\n`, null],
    ['leaves broken ones', `import\n${chip}\n${net}\n`, `import\n${net}\n${chip}\n`],
  ])('%s', (_, before, after) => {
    const { program, file } = compiled(before + scenario);
    const changes = organizeImports(file, program.diagnostics);
    expect(applyChanges(file.text, changes)).toBe((after ?? before) + scenario);
    expect(changes.length > 0).toBe(after !== null);
  });

  test('sorts files beside this one last', () => {
    const { program, file } = compiled('import "./b.npu"\nimport "stimpack/gnmt"\nimport "./a.npu"\n');
    expect(applyChanges(file.text, organizeImports(file, program.diagnostics))).toBe(
      'import "stimpack/gnmt"\nimport "./a.npu"\nimport "./b.npu"\n',
    );
  });
});

describe('convert a unit', () => {
  test.each<[string, readonly string[]]>([
    ['614 GB/s', ['614000 MB/s', '0.614 TB/s']],
    ['15 ms', ['15000 us', '0.015 s']],
    ['0.2 us', ['200 ns', '200000 ps']],
    ['60 s', ['1 min', '60000 ms']],
    ['1.05 GHz', ['1050 MHz']],
    ['9000 rps', ['9 krps']],
    ['128 MiB', ['131072 KiB', '0.125 GiB', '134.217728 MB']],
    ['0.6 pJ', []],
    ['1_000 us', ['1 ms', '0.001 s']],
    ['0 ms', ['0 us', '0 s', '0 min']],
    // No short decimal, a ratio, an unknown unit, no unit.
    ['1 GiB/s', ['1024 MiB/s', '1073.741824 MB/s', '1.073741824 GB/s']],
    ['7 ms/cycle', ['7000 us/cycle', '0.007 s/cycle']],
    ['80 %', []],
    ['8 parsecs', []],
    ['8', []],
  ])('%s', (written, expected) => {
    const { file } = compiled(`let a = ${written}`);
    const offers = convertUnit(file, 9);
    expect(offers.map(({ text }) => text).toSorted()).toEqual([...expected].toSorted());
    for (const { change } of offers) expect([change.start, change.end]).toEqual([8, 8 + written.length]);
  });
});

/** The text with the selection between two `|`, or the cursor at one, after the extraction; null: there is none. */
function extracted(marked: string): string | null {
  const start = marked.indexOf('|');
  const end = marked.lastIndexOf('|');
  const text = marked.replaceAll('|', '');
  const { program, file } = compiled(text);
  const found = extractLet(program, file, start, end === start ? start : end - 1);
  return found === undefined ? null : applyChanges(text, found.changes);
}

describe('extract a let', () => {
  test.each<[string, string | null]>([
    ['npu A extends B {\n  clock: 1.0|5 GHz\n}\n', 'let clock = 1.05 GHz\n\nnpu A extends B {\n  clock: clock\n}\n'],
    [
      'let a = 1 rps\n\n/// About it.\nscenario S { serve N { slo { p99 latency <= |15 ms } } }\n',
      'let a = 1 rps\nlet p99Latency = 15 ms\n\n/// About it.\nscenario S { serve N { slo { p99 latency <= p99Latency } } }\n',
    ],
    [
      '// About it.\nscheduler S { burst: slack { guard: |5 % } }',
      'let guard = 5 %\n\n// About it.\nscheduler S { burst: slack { guard: guard } }',
    ],
    [
      'scenario S { serve N { arrivals: gamma(mean: 3| rps, cv: 2) } }',
      'let mean = 3 rps\n\nscenario S { serve N { arrivals: gamma(mean: mean, cv: 2) } }',
    ],
    [
      'scenario S { serve N { arrivals: poisson(|2 * 3 rps|) } }',
      'let arrivals = 2 * 3 rps\n\nscenario S { serve N { arrivals: poisson(arrivals) } }',
    ],
    ['let clock = 2 GHz\nnpu A { clock: |1 GHz }', 'let clock = 2 GHz\nlet clock2 = 1 GHz\nnpu A { clock: clock2 }'],
    // Nothing to extract: a let, a part of a value, a name, an exploration, a network, a path.
    ['let a = |1 rps', null],
    ['npu A { clock: 1| G|Hz }', null],
    ['npu A { clo|ck: 1 GHz }', null],
    ['explore E { vary A.clock in [|1 GHz, 2 GHz] }', null],
    ['model M { input: 8, layers { dense { outputs: |10 } } }', null],
    ['npu A { clock: |2 * base| }', null],
    ['|', null],
  ])('%s', (before, after) => {
    expect(extracted(before)).toBe(after);
  });

  const folder = new URL('../../examples/', import.meta.url);
  const examples = readdirSync(folder).filter((name) => name.endsWith('.npu'));

  test.each(examples)('every number of %s can become a let or stay, without an error', (name) => {
    const text = readFileSync(new URL(name, folder), 'utf8');
    const { program, file } = compiled(text);
    if (hasErrors(program.diagnostics)) return;
    for (const { start, path } of statedNumbers(file.tree)) {
      const found = extractLet(program, file, start, start);
      if (found === undefined) continue;
      const after = compiled(applyChanges(text, found.changes)).program.diagnostics;
      expect([path, after.filter(({ severity }) => severity === 'error').map(({ message }) => message)]).toEqual([
        path,
        [],
      ]);
    }
  });
});
