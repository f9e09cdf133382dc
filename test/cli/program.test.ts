import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { renderBug } from '../../cli/bug.ts';
import type { Engine } from '../../cli/engine.ts';
import { noInterrupts } from '../../cli/interrupts.ts';
import { commands, runProgram } from '../../cli/program.ts';
import { renderCapacityReport } from '../../cli/render/capacity-report.ts';
import { plainLook, type Terminal } from '../../cli/terminal.ts';
import type { Capacity, Design, Diagnostic, Model, Npu, Scenario, ScenarioResult } from '../../design/index.ts';
import { parse } from '../../language/index.ts';
import { unpack } from '../../protocol/index.ts';
import { capacityResult, modelCost, scenarioResult } from './hand-made.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-cli-'));
afterAll(() => rmSync(directory, { recursive: true }));
mkdirSync(join(directory, 'designs'));
const texts: Readonly<Record<string, string>> = {
  'good.npu': 'npu A {}\nscenario Rush {}\n',
  'broken.npu': 'npu A {\r\n  clok: 1 GHz\r\n}\r\n',
  'warned.npu': 'npu A {}\nscenario Rush {}\n',
  'empty.npu': '',
  'designs/a.npu': '',
};
for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text);
writeFileSync(join(directory, 'model.onnx'), Uint8Array.of(8, 0, 18));

const uriOf = (name: string): string => pathToFileURL(join(directory, name)).href;

/** Contains only what the commands read. They pass the rest on to the engine, which is also hand-made. */
function designOf(uri: string): Design {
  const origin = { uri, start: 0, end: 1 };
  const npu = (name: string, burst: Npu['burst']): Npu => ({ name, origin, burst }) as unknown as Npu;
  const model = (name: string): Model => ({ name, origin }) as unknown as Model;
  const scenario = (name: string, from: string): Scenario =>
    ({
      name,
      origin: { ...origin, uri: from },
      seed: 1,
      npu: npu('A', { precision: 'int8', packing: 'reduction' }),
      serves: [{ model: model('ResNet50'), slos: name === 'Imported' ? [] : [{}] }],
    }) as unknown as Scenario;
  return {
    npus: [npu('A', { precision: 'int8', packing: 'reduction' }), npu('Conventional', null)],
    models: [model('ResNet50'), model('Tiny')],
    schedulers: [],
    explorations: [],
    scenarios: [scenario('Rush', uri), scenario('Imported', 'file:///library/other.npu')],
  };
}

const nothing: Design = { npus: [], models: [], schedulers: [], scenarios: [], explorations: [] };

function engineThat(verdict: 'met' | 'violated' | 'undecided', seen: unknown[] = []): Engine {
  return {
    open: async (uri) => {
      const name = Object.keys(texts).find((each) => uriOf(each) === uri) ?? '';
      const found = (severity: Diagnostic['severity']): Diagnostic => ({
        code: 'unknown-property',
        severity,
        message: "There is no 'clok'.",
        origin: { uri, start: 11, end: 15 },
      });
      if (name === 'broken.npu') return { design: designOf(uri), diagnostics: [found('error')] };
      if (name === 'warned.npu') return { design: designOf(uri), diagnostics: [found('warning')] };
      return { design: name === 'empty.npu' ? nothing : designOf(uri), diagnostics: [] };
    },
    readText: (uri) => texts[Object.keys(texts).find((each) => uriOf(each) === uri) ?? ''],
    simulate: async (scenario) => {
      seen.push({ scenario: scenario.name, seed: scenario.seed });
      return { ...scenarioResult(verdict), scenario: scenario.name };
    },
    capacity: async (scenario) => {
      seen.push({ scenario: scenario.name });
      return { ...capacityResult(verdict === 'met' ? 1.25 : 0.5), scenario: scenario.name };
    },
    exploration: async () => undefined,
    explore: async () => [],
    sloDiagnostics: () =>
      verdict === 'met'
        ? []
        : [
            {
              code: 'slo-violated',
              severity: 'error',
              message: 'too slow',
              origin: { uri: uriOf('good.npu'), start: 9, end: 17 },
            },
          ],
    costModel: (npu, model, mode, batch) => {
      seen.push({ npu: npu.name, model: model.name, mode, batch });
      return { ...modelCost, npu: npu.name, model: model.name, mode, batch };
    },
  };
}

const panel = { script: 'say("</script><!--")', style: 'body{}' };
const readPanel = () => panel;

interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

async function stimpack(line: string, engine: Engine = engineThat('met')): Promise<Ran> {
  let out = '';
  let err = '';
  const terminal: Terminal = {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    look: plainLook,
    errorLook: plainLook,
    progress: null,
    directory,
  };
  const code = await runProgram(line === '' ? [] : line.split(' '), {
    terminal,
    engine,
    interrupts: noInterrupts,
    readPanel,
  });
  return { code, out, err };
}

describe('usage', () => {
  test.each([
    ['', 2, 'err', 'Commands'],
    ['--help', 0, 'out', 'Commands'],
    ['help', 0, 'out', 'Commands'],
    ['help run', 0, 'out', '--scenario S'],
    ['run --help', 0, 'out', '--scenario S'],
    ['run nothing.npu -h', 0, 'out', '--scenario S'],
    ['--version', 0, 'out', 'stimpack '],
    ['-V', 0, 'out', 'stimpack '],
    ['rnu', 2, 'err', "unknown command 'rnu'; did you mean 'run'?"],
    ['help rnu', 2, 'err', "did you mean 'run'?"],
    ['--verison', 2, 'err', "unknown option '--verison'; did you mean '--version'?"],
    ['run', 2, 'err', 'missing FILE'],
    ['run good.npu --frmat json', 2, 'err', "did you mean '--format'?"],
    ['run good.npu --seed many', 2, 'err', "'--seed' is a whole number from 0 to 4294967295, not 'many'"],
    ['run good.npu --seed -1', 2, 'err', "not '-1'"],
    ['run good.npu --seed 1.5', 2, 'err', "not '1.5'"],
    ['run good.npu --seed 4294967296', 2, 'err', "not '4294967296'"],
    ['layers good.npu --batch 4097', 2, 'err', "'--batch' is a whole number from 1 to 4096, not '4097'"],
    ['layers good.npu --batch 0', 2, 'err', "'--batch' is a whole number from 1 to 4096, not '0'"],
    ['run nothing.npu', 2, 'err', 'cannot read nothing.npu: there is no such file'],
    ['run good.npu/nothing.npu', 2, 'err', 'cannot read good.npu/nothing.npu: there is no such file'],
    ['run designs', 2, 'err', 'cannot read designs: it is a directory, not a file; name a file in it: a.npu'],
    ['run model.onnx', 2, 'err', 'model.onnx is not a text file'],
    ['run empty.npu', 2, 'err', 'the file has no scenario: there is nothing to run'],
    ['run good.npu --scenario rush', 2, 'err', "no scenario is called 'rush'; did you mean 'Rush'?"],
    ['run good.npu --scenario Evening', 2, 'err', 'there is Rush or Imported'],
    ['layers good.npu --model Resnet50', 2, 'err', "did you mean 'ResNet50'?"],
    ['layers good.npu --npu X', 2, 'err', "no NPU is called 'X'; there is A or Conventional"],
    ['layers good.npu --npu Conventional --mode burst', 2, 'err', 'Conventional has no burst mode'],
    ['layers empty.npu', 2, 'err', 'the file has no model'],
    ['run broken.npu', 2, 'err', 'broken.npu was not run: 1 error'],
  ] as const)('stimpack %s', async (line, code, stream, text) => {
    const ran = await stimpack(line);
    expect(ran.code).toBe(code);
    expect(ran[stream]).toContain(text);
    expect(ran[stream === 'out' ? 'err' : 'out']).toBe('');
  });

  test.each([
    ['rnu --format json', 'usage'],
    ['run --format json', 'usage'],
    ['run nothing.npu --format json', 'no-such-file'],
    ['run designs --format json', 'not-a-file'],
    ['run broken.npu --format=json', 'unknown-property'],
    ['run empty.npu -f json', 'unknown-scenario'],
    ['check nothing.npu --format json', 'no-such-file'],
    ['layers good.npu -m X --format json', 'unknown-model'],
  ])('stimpack %s reports the error in JSON on standard output', async (line, expected) => {
    const { code, out, err } = await stimpack(line);
    const document = JSON.parse(out);
    expect([code, err, document.exitCode, document.diagnostics[0].code]).toEqual([2, '', 2, expected]);
    expect(document.diagnostics[0]).toMatchObject({ severity: 'error', message: expect.any(String) });
  });

  test('every command has help that fits eighty columns, with an example of the command', async () => {
    for (const command of commands) {
      const { out } = await stimpack(`${command.name} --help`);
      expect(out).toContain(`$ stimpack ${command.name} `);
      for (const option of command.options) expect(out).toContain(`--${option.name}`);
    }
  });
});

describe('check', () => {
  test('without a problem, the exit code is 0', async () => {
    expect(await stimpack('check good.npu empty.npu')).toEqual({ code: 0, out: 'no problems in 2 files\n', err: '' });
  });
  test('a warning does not change the exit code', async () => {
    const { code, out } = await stimpack('check warned.npu');
    expect([code, out]).toEqual([0, expect.stringContaining('1 warning in 1 file')]);
  });
  test('an error in a file with Windows line ends, and a missing file, are reported', async () => {
    const { code, out, err } = await stimpack('check broken.npu nothing.npu');
    expect(code).toBe(2);
    expect(out).toContain(' --> broken.npu:2:3\n  |\n2 |   clok: 1 GHz\n  |   ^^^^\n');
    expect(err).toContain('error[no-such-file]: cannot read nothing.npu: there is no such file\n');
  });
  test('JSON has the same problems', async () => {
    const { out } = await stimpack('check broken.npu --format json');
    expect(JSON.parse(out)).toEqual({
      schemaVersion: 1,
      command: 'check',
      exitCode: 2,
      files: ['broken.npu'],
      errorCount: 1,
      warningCount: 0,
      diagnostics: [
        {
          severity: 'error',
          code: 'unknown-property',
          message: "There is no 'clok'.",
          file: 'broken.npu',
          startLine: 2,
          startColumn: 3,
          endLine: 2,
          endColumn: 7,
          related: [],
          fixes: [],
        },
      ],
    });
  });
});

describe('run', () => {
  test.each([
    ['met', 0],
    ['violated', 1],
    ['undecided', 1],
  ] as const)('%s: exit code %i', async (verdict, expected) => {
    const { code, out } = await stimpack('run good.npu', engineThat(verdict));
    expect(code).toBe(expected);
    expect(out.includes('error[slo-violated]: too slow\n --> good.npu:2:1\n')).toBe(verdict !== 'met');
  });

  test.each([
    ['run good.npu', [{ scenario: 'Rush', seed: 1 }]],
    ['run good.npu --seed 7', [{ scenario: 'Rush', seed: 7 }]],
    ['run good.npu --scenario Imported', [{ scenario: 'Imported', seed: 1 }]],
  ])('stimpack %s simulates the scenarios of the file, or the named one', async (line, expected) => {
    const seen: unknown[] = [];
    await stimpack(line, engineThat('met', seen));
    expect(seen).toEqual(expected);
  });

  test('JSON has units in its keys and a fixed order, and is the same in each run', async () => {
    const { code, out, err } = await stimpack('run good.npu --format json', engineThat('violated'));
    expect([code, err]).toEqual([1, '']);
    const document = JSON.parse(out);
    expect(Object.keys(document)).toEqual([
      'schemaVersion',
      'command',
      'exitCode',
      'file',
      'verdict',
      'scenarios',
      'diagnostics',
    ]);
    const [scenario] = document.scenarios;
    expect(scenario.serves[0]).toMatchObject({
      offeredLoadRps: 2400,
      p99LatencySeconds: 0.0158,
      energyJoulesPerRequest: 0.0412,
      slos: [
        { text: 'p99 latency <= 15 ms', verdict: 'violated', limitSeconds: 0.015, measuredSeconds: 0.0158 },
        { text: 'accuracy >= 76.3 %', verdict: 'met', limitFraction: 0.763, measuredLowFraction: null },
      ],
    });
    expect(scenario.energyJoules).toBeCloseTo(98.7 * 25, 9);
    expect(document.diagnostics[0].code).toBe('slo-violated');
    expect((await stimpack('run good.npu --format json', engineThat('violated'))).out).toBe(out);
  });

  test('warnings of the design are not part of the result', async () => {
    const { out, err } = await stimpack('run warned.npu');
    expect(out).not.toContain('warning');
    expect(err).toContain('warning[unknown-property]');
  });
});

describe('run --html', () => {
  test('writes one page with the results that may load nothing', async () => {
    const { code, out } = await stimpack('run good.npu --html page.html', engineThat('violated'));
    expect([code, out]).toEqual([1, expect.stringContaining('2 objectives')]);
    const page = readFileSync(join(directory, 'page.html'), 'utf8');
    const script = page.match(/<script>(.*?)<\/script>/s)?.[1] ?? '';
    expect(page).toContain("default-src 'none'");
    expect(page).toContain(`'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    const tree = JSON.parse(page.match(/id="stimpack-data">(.*?)<\/script>/s)?.[1] ?? '').tree;
    const buffer = Buffer.from(page.match(/id="stimpack-columns">(.*?)<\/script>/s)?.[1] ?? '', 'base64');
    const [result] = unpack<readonly ScenarioResult[]>({ tree, buffer: Uint8Array.from(buffer).buffer });
    expect(result).toEqual({ ...scenarioResult('violated'), scenario: 'Rush' });
  });

  test('--trace writes events of every chip, including those of variants', async () => {
    await stimpack('run good.npu --trace trace.json', engineThat('met'));
    const { traceEvents } = JSON.parse(readFileSync(join(directory, 'trace.json'), 'utf8'));
    const names = traceEvents.filter((event: { name: string }) => event.name === 'process_name');
    expect(names.map((event: { args: { name: string } }) => event.args.name)).toEqual(
      expect.arrayContaining(['Rush: chip 1 (Stimpack)', 'TPUv4i: chip 1 (Stimpack)']),
    );
  });

  test.each([
    ['run good.npu --trace nowhere/trace.json', 'cannot write nowhere/trace.json: there is no such directory'],
    ['run good.npu --html nowhere/page.html', 'cannot write nowhere/page.html: there is no such directory'],
    ['run good.npu --html designs', 'cannot write designs: it is a directory'],
  ])('stimpack %s is rejected before the simulation', async (line, message) => {
    const seen: unknown[] = [];
    const { code, err } = await stimpack(line, engineThat('met', seen));
    expect([code, seen]).toEqual([2, []]);
    expect(err).toContain(message);
  });
});

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

describe('fmt', () => {
  const untidy = 'npu   A{\n      clock:1 GHz\n}\n';
  const file = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(directory, name), content);
    return join(directory, name);
  };

  test('rewrites a file that is not formatted, and only once', async () => {
    const path = file('untidy.npu', untidy);
    expect(await stimpack('fmt untidy.npu')).toEqual({ code: 0, out: 'untidy.npu\n', err: '1 of 1 file rewritten\n' });
    expect(readFileSync(path, 'utf8')).toBe('npu A {\n  clock: 1 GHz\n}\n');
    expect(await stimpack('fmt untidy.npu')).toEqual({ code: 0, out: '', err: '0 of 1 file rewritten\n' });
  });
  test('--check writes nothing', async () => {
    const path = file('check.npu', untidy);
    expect(await stimpack('fmt check.npu --check')).toMatchObject({ code: 1, out: 'check.npu\n' });
    expect(readFileSync(path, 'utf8')).toBe(untidy);
  });
  test('Windows line ends and a byte order mark are kept', async () => {
    const path = file('windows.npu', `\uFEFF${untidy.replaceAll('\n', '\r\n')}`);
    await stimpack('fmt windows.npu');
    expect(readFileSync(path, 'utf8')).toBe('\uFEFFnpu A {\r\n  clock: 1 GHz\r\n}\r\n');
  });
  test.each([
    ['text that does not parse', 'npu A {\n clock: \n', 'error[missing-'],
    ['text that is not UTF-8', Uint8Array.of(0x2f, 0x2f, 0xe4, 0x0a), 'error[not-text]'],
  ])('%s stays unchanged', async (_, content, message) => {
    const path = file('left.npu', content);
    const ran = await stimpack('fmt left.npu');
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(message);
    expect(readFileSync(path)).toEqual(Buffer.from(content));
  });
});

describe('import', () => {
  const topology =
    'Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\nConv1, 224, 224, 7, 7, 3, 64, 2,\n';

  test('writes .npu text that the language accepts', async () => {
    writeFileSync(join(directory, 'net.csv'), topology);
    const { code, out, err } = await stimpack('import net.csv');
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('// Imported from net.csv.\n');
    expect(parse(out, 'file:///net.npu').diagnostics).toEqual([]);
    expect(await stimpack('import net.csv --out net.npu')).toEqual({ code: 0, out: '', err: '' });
    expect(readFileSync(join(directory, 'net.npu'), 'utf8')).toBe(out);
  });

  test.each([
    ['import nothing.onnx', 'error[no-such-file]'],
    ['import model.onnx', 'error[onnx-'],
    ['import good.npu', 'good.npu: its name ends in none of .onnx'],
    ['import model.onnx --out nowhere/a.npu', 'cannot write nowhere/a.npu'],
  ])('stimpack %s', async (line, message) => {
    const ran = await stimpack(line);
    expect([ran.code, ran.out]).toEqual([2, '']);
    expect(ran.err).toContain(message);
  });
});

describe('a bug in Stimpack', () => {
  function report(args: readonly string[]): Ran {
    let out = '';
    let err = '';
    const terminal: Terminal = {
      out: (text) => {
        out += text;
      },
      err: (text) => {
        err += text;
      },
      look: plainLook,
      errorLook: plainLook,
      progress: null,
      directory,
    };
    renderBug(args, new Error('bucket -1 of 200'), terminal);
    return { code: 3, out, err };
  }
  test('is reported with the lines that a bug report needs', () => {
    const { out, err } = report(['run', 'a b.npu']);
    expect(out).toBe('');
    expect(err).toContain('internal error: bucket -1 of 200');
    expect(err).toContain('arguments: ["run","a b.npu"]');
    expect(err).toContain(`Node ${process.version}`);
  });
  test('is reported in JSON', () => {
    const document = JSON.parse(report(['run', 'a.npu', '--format', 'json']).out);
    expect([document.exitCode, document.diagnostics[0].code]).toEqual([3, 'internal-error']);
  });
});

describe('capacity', () => {
  test('shows the interval, what limits it, and the loads that were tried', async () => {
    const { code, out, err } = await stimpack('capacity good.npu');
    expect(code).toBe(0);
    expect(err).toBe('');
    expect(out).toContain('meets all objectives up to 2,500 rps (1.25x the load as written)');
    expect(out).toContain(
      'violates one from 3,000 rps (1.5x the load as written) on: p99 latency <= 15 ms of ResNet50 breaks first',
    );
    expect(out).toContain('not monotone: smaller loads violate an objective as well (200 rps)');
  });

  test('reports that overload limits it, or that an objective is undecided', () => {
    const ended = (changes: Partial<Capacity>) =>
      renderCapacityReport({ ...capacityResult(1.25), ...changes }, plainLook);
    const overload = { offeredRps: 3000, saturationRps: 2900, periodSeconds: 86_400 };
    expect(ended({ overload })).toContain(
      'on: at the peak of each period of 24 h 3,000 rps arrive, but the chips can complete at most 2,900 rps',
    );
    const { limit } = capacityResult(1.25);
    expect(ended({ limit: limit && { ...limit, verdict: 'undecided' } })).toContain(
      'on: p99 latency <= 15 ms of ResNet50 is undecided there',
    );
  });

  test('a load as written above the capacity gives exit code 1', async () => {
    expect((await stimpack('capacity good.npu', engineThat('violated'))).code).toBe(1);
  });

  test('--exit-zero gives exit code 0 for it', async () => {
    const { code, out } = await stimpack('capacity good.npu --exit-zero', engineThat('violated'));
    expect(code).toBe(0);
    expect(out).toBe((await stimpack('capacity good.npu', engineThat('violated'))).out);
    expect((await stimpack('capacity broken.npu --exit-zero')).code).toBe(2);
  });

  test('JSON has the interval and the loads that were tried', async () => {
    const { code, out, err } = await stimpack('capacity good.npu --format json');
    expect([code, err]).toEqual([0, '']);
    expect(JSON.parse(out)).toMatchObject({
      command: 'capacity',
      exitCode: 0,
      scenarios: [
        {
          scenario: 'Rush',
          met: { factor: 1.25, offeredLoadRps: 2500, verdict: 'met' },
          violated: { factor: 1.5, offeredLoadRps: 3000 },
          limit: { serve: 'ResNet50', slo: 'p99 latency <= 15 ms' },
          exceptions: [{ factor: 0.1 }],
        },
      ],
    });
  });

  test('a scenario without an objective is an error', async () => {
    const { code, err } = await stimpack('capacity good.npu --scenario Imported');
    expect(code).toBe(2);
    expect(err).toContain('Imported states no objective');
  });

  test('an unknown scenario is an error', async () => {
    const { code, err } = await stimpack('capacity good.npu --scenario Rsh');
    expect(code).toBe(2);
    expect(err).toContain("no scenario is called 'Rsh'");
  });
});
