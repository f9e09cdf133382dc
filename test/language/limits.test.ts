import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Reporter } from '../../language/check/reporter.ts';
import { compile } from '../../language/index.ts';
import { limits } from '../../language/limits.ts';
import { nameMessages } from '../../language/messages/index.ts';
import { repository, testHost } from './host.ts';

const uri = 'file:///limits.npu';

const chip = `npu C {
  clock: 1 GHz, array { rows: 32, columns: 32 }, vector { rate: 256 operations/cycle }
  VMEM { capacity: 2 MiB, bandwidth: 2 TB/s }, HBM { capacity: 4 GB, bandwidth: 100 GB/s }
  mode base { precision: bf16 }
}
`;
const small = 'model M { input: 64, layers { dense { outputs: 64 } } }\n';
const serve = (label: string, rest = ''): string => `serve M as ${label} { arrivals: poisson(10 rps) ${rest} }\n`;
const times = (count: number, line: (place: number) => string): string =>
  Array.from({ length: count }, (_, place) => line(place)).join('');
/** Blocks that repeat each other: `B<levels - 1>` has `factor` to the power of `levels - 1` layers. */
const blocks = (levels: number, factor: number): string =>
  'block B0() { relu }\n' +
  times(levels - 1, (i) => `block B${i + 1}() { ${times(factor, () => `B${i}() `)} }\n`.replaceAll(') B', '), B'));

function errorsOf(text: string): readonly { readonly code: string; readonly message: string; readonly at: string }[] {
  return compile(uri, testHost({ [uri]: text })).diagnostics.flatMap(({ code, message, severity, origin }) =>
    severity === 'error' ? [{ code, message, at: text.slice(origin.start, origin.end) }] : [],
  );
}

describe('the limits of a program', () => {
  it.each<[what: string, text: string, code: string, at: string]>([
    [
      'layers of many networks',
      blocks(5, 9) + times(30, (i) => `model M${i} { input: 64, layers { B4() } }\n`),
      'too-many-layers',
      'M15',
    ],
    [
      'blocks without layers that multiply',
      `block B() { }\nmodel M { input: 64, layers { ${'repeat 900 { '.repeat(2)} B() ${'} '.repeat(2)} } }`,
      'too-many-layers',
      'M',
    ],
    [
      'labels around many layers',
      `model M { input: 64, layers { ${times(40, (i) => `${'L'.repeat(900)}${i}: repeat 1 { `)} repeat 1000 { relu } ${'}'.repeat(40)} } }`,
      'name-too-long',
      'M',
    ],
    [
      'a chain of blocks',
      'block B0() { relu }\n' +
        times(300, (i) => `block B${i + 1}() { B${i}() }\n`) +
        'model M { input: 64, layers { B300() } }',
      'too-many-layers',
      'B199',
    ],
    [
      'a long argument in a repeated block',
      `block B(x) { relu }\nmodel M { input: 64, layers { repeat 9000 { B([${'1, '.repeat(1000)}]) } } }`,
      'too-many-layers',
      'M',
    ],
    [
      'serves',
      `${chip}${small}scenario S { npu: C\n${times(65, (i) => serve(`L${i}`))} }`,
      'too-many-serves',
      'serve M',
    ],
    [
      'objectives',
      `${chip}${small}scenario S { npu: C\n${serve('L', `, slo { ${times(600, (i) => `p99 latency <= ${i + 1} ms\n`)} }`)}${serve('K', `, slo { ${times(401, (i) => `p99 latency <= ${i + 1} s\n`)} }`)} }`,
      'too-many-objectives',
      'p99 latency <= 401 s',
    ],
    [
      'batches of a long network',
      `${chip}model M { input: 64, layers { repeat 2000 { dense { outputs: 64 } } } }\nscenario S { npu: C\n${serve('L', ', batch { max: 4096 }')} }`,
      'too-large-tables',
      'S',
    ],
    [
      'tables of many scenarios',
      `${chip}model M { input: 64, layers { repeat 2000 { dense { outputs: 64 } } } }\n${times(5, (i) => `scenario S${i} { npu: C\n${serve('L', ', batch { max: 120 }')} }\n`)}`,
      'too-large-tables',
      'S4',
    ],
    [
      'scenarios',
      `${chip}${small}${times(501, (i) => `scenario S${i} { npu: C\n${serve('L')} }\n`)}`,
      'too-many-runs',
      'S500',
    ],
    [
      'axes',
      `${chip}${small}${times(17, (i) => `let v${i} = ${i}\n`)}scenario S { npu: C\n${serve('L')} }\nexplore E { scenario: S\n${times(17, (i) => `vary v${i} in [1]\n`)} minimize latency }`,
      'too-many-designs',
      'vary v16',
    ],
    ['imports', times(501, (i) => `import "./x${i}.npu"\n`), 'too-many-files', '"./x500.npu"'],
    ['networks of other formats', times(201, (i) => `model M${i} from "net.onnx"\n`), 'too-many-files', '"net.onnx"'],
    ['a label', `model M { input: 64, layers { ${'L'.repeat(1001)}: relu } }`, 'name-too-long', 'L'.repeat(1001)],
    ['a declared name', `let ${'a'.repeat(1001)} = 1`, 'name-too-long', 'a'.repeat(1001)],
  ])('%s: an error at its place', (_, text, code, at) => {
    const errors = errorsOf(text);
    expect(errors.map((one) => one.code)).toContain(code);
    expect(errors.filter((one) => one.code === code).map((one) => one.at.split(' {')[0])).toContain(at);
    for (const { message } of errors) expect(message.length).toBeLessThan(1000);
  });

  it.each<[what: string, text: string]>([
    ['a label of 1000 characters', `model M { input: 64, layers { ${'L'.repeat(1000)}: relu } }`],
    ['64 serves', `${chip}${small}scenario S { npu: C\n${times(64, (i) => serve(`L${i}`))} }`],
    [
      '1000 objectives',
      `${chip}${small}scenario S { npu: C\n${serve('L', `, slo { ${times(1000, (i) => `p99 latency <= ${i + 1} ms\n`)} }`)} }`,
    ],
    ['500 scenarios', `${chip}${small}${times(500, (i) => `scenario S${i} { npu: C\n${serve('L')} }\n`)}`],
  ])('%s: no error', (_, text) => expect(errorsOf(text)).toEqual([]));

  it('a chain of 101 imports: an error at the last one', () => {
    const at = (place: number): string => `file:///chain/f${place}.npu`;
    const files = Object.fromEntries(
      Array.from({ length: 150 }, (_, place) => [at(place), `import "./f${place + 1}.npu"\nlet v${place} = 1`]),
    );
    const errors = compile(at(0), testHost(files)).diagnostics.filter(({ code }) => code === 'too-many-files');
    expect(errors.map(({ origin }) => origin.uri)).toEqual([at(100)]);
  });

  it('count networks that are reused from an earlier check', () => {
    const text = blocks(5, 9) + times(15, (i) => `model M${i} { input: 64, layers { B4() } }\n`);
    const first = compile(uri, testHost({ [uri]: text }));
    const longer = `${text}model Last { input: 64, layers { B4() } }\n`;
    const second = compile(uri, testHost({ [uri]: longer }), first);
    expect(second.diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code)).toEqual([
      'too-many-layers',
    ]);
  });
});

describe('many unknown names', () => {
  it.each<[what: string, line: (place: number) => string]>([
    ['values', (i) => `let v${i} = unknown${i}\n`],
    ['chips', (i) => `npu N${i} extends Unknown${i} { }\n`],
    ['networks', (i) => `scenario S${i} { serve Unknown${i} { } }\n`],
  ])('%s: the library is searched once', (_, line) => {
    const text = times(3000, line);
    let reads = 0;
    const host = testHost({ [uri]: text });
    compile(uri, { ...host, readText: (asked) => (asked === uri || reads++ < 0 ? text : host.readText(asked)) });
    expect(reads).toBeLessThanOrEqual(2 * host.libraryNames().length);
  });

  it('are compared with others only while diagnostics are shown', () => {
    const reporter = new Reporter();
    const report = (place: number): void =>
      reporter.report({ uri, start: place, end: place + 1 }, nameMessages.ambiguousName({ name: 'x' }));
    report(0);
    expect(reporter.suggest('clokc', () => ['clock'])).toBe('clock');
    for (let place = 1; place < 1000; place++) report(place);
    expect(reporter.suggest('clokc', () => expect.unreachable())).toBeUndefined();
  });
});

describe('docs/limits.md', () => {
  const page = readFileSync(`${repository}docs/limits.md`, 'utf8');

  it.each(Object.entries(limits).filter(([name]) => name !== 'entryCharacters'))('states %s', (_, value) => {
    expect(page).toMatch(new RegExp(`\\b${value.toLocaleString('en-US')}\\b`, 'u'));
  });
});
