import { describe, expect, test } from 'vitest';
import type { Engine } from '../../../cli/engine.ts';
import { renderReport } from '../../../cli/report/index.ts';
import { createSources } from '../../../cli/source-text.ts';
import type { Diagnostic } from '../../../design/index.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('--format github', () => {
  test.each([
    [
      'check broken.npu good.npu',
      2,
      [
        "::error file=broken.npu,line=2,endLine=2,col=3,endColumn=7,title=unknown-property::There is no 'clok'.",
        'broken.npu: 1 error',
        'good.npu: no errors',
      ],
    ],
    [
      'check nothing.npu',
      2,
      [
        '::error file=nothing.npu,title=no-such-file::cannot read nothing.npu: there is no such file',
        'nothing.npu: 1 error',
      ],
    ],
    ['check warned.npu', 0, [expect.stringMatching(/^::warning file=warned\.npu,line=2,/u), 'warned.npu: no errors']],
    ['run good.npu', 0, ['good.npu: Rush: met']],
  ])('stimpack %s', async (line, code, lines) => {
    const ran = await stimpack(`${line} --format github`);
    expect([ran.code, ran.err]).toEqual([code, '']);
    expect(ran.out.trimEnd().split('\n')).toEqual(lines);
  });

  test('a text cannot make another command or property', () => {
    const uri = `file://${directory}/a,b:c.npu`;
    const diagnostic: Diagnostic = {
      code: 'unknown-name',
      severity: 'error',
      message: "100 % of 'x'",
      origin: { uri, start: 0, end: 1 },
      fixes: [{ title: 'a\n::error::b', edits: [] }],
    };
    const files = [{ name: '::error::x', complaints: [], diagnostics: [diagnostic], outcomes: [] }];
    const text = renderReport({ command: 'check', files, sources: createSources(() => 'x', directory) }, 'github', 2);
    expect(text).toContain('file=a%2Cb%3Ac.npu,');
    expect(text).toContain("::100 %25 of 'x'%0Ahelp: ");
    expect(text.split('\n').filter((line) => line.startsWith('::'))).toHaveLength(1);
  });
});

describe('--format junit', () => {
  test('a file, and each objective of a scenario, is a case', async () => {
    const { code, out } = await stimpack('run good.npu --format junit', engineThat('violated'));
    expect(code).toBe(1);
    expect(out).toContain('<testsuites name="stimpack run" tests="3" failures="1" errors="0" skipped="0">');
    expect(out).toContain('<testcase classname="good.npu" name="check"/>');
    expect(out).toContain('<testcase classname="good.npu: Rush" name="ResNet50: p99 latency &lt;= 15 ms">');
    expect(out).toContain('<failure type="slo-violated" message="');
    expect(out).toContain('<testcase classname="good.npu: Rush" name="ResNet50: accuracy &gt;= 76.3 %"/>');
  });
  test('an undecided objective fails too', async () => {
    const { out } = await stimpack('run good.npu --format junit', engineThat('undecided'));
    expect(out).toContain('<failure type="slo-undecided"');
  });
  test('an error of the design is an error, with its place', async () => {
    const { code, out } = await stimpack('run broken.npu good.npu --format junit');
    expect(code).toBe(2);
    expect(out).toContain('tests="4"');
    expect(out).toContain('<error type="unknown-property" message="error[unknown-property]: There is no ');
    expect(out).toContain('(broken.npu:2:3)');
  });
  test('characters that XML cannot write are replaced', () => {
    const files = [{ name: 'a"<&\u0000\u{1f600}.npu', complaints: [], diagnostics: [], outcomes: [] }];
    const text = renderReport({ command: 'check', files, sources: createSources(() => '', directory) }, 'junit', 0);
    expect(text).toContain('name="a&quot;&lt;&amp;\ufffd\u{1f600}.npu"');
  });
});

describe('--format sarif', () => {
  test('has a rule, a region and the exit code', async () => {
    const { code, out } = await stimpack('check broken.npu nothing.npu --format sarif');
    const log = JSON.parse(out);
    const [run] = log.runs;
    expect([code, log.version, run.columnKind]).toEqual([2, '2.1.0', 'utf16CodeUnits']);
    expect(run.tool.driver.rules).toEqual([
      {
        id: 'unknown-property',
        shortDescription: { text: 'A property is not known here' },
        help: { text: 'stimpack explain unknown-property' },
        defaultConfiguration: { level: 'error' },
      },
    ]);
    expect(run.results).toEqual([
      {
        ruleId: 'unknown-property',
        ruleIndex: 0,
        level: 'error',
        message: { text: "There is no 'clok'." },
        locations: [
          {
            physicalLocation: {
              artifactLocation: { uri: 'broken.npu' },
              region: { startLine: 2, startColumn: 3, endLine: 2, endColumn: 7 },
            },
          },
        ],
      },
    ]);
    expect(run.invocations[0]).toMatchObject({
      executionSuccessful: false,
      exitCode: 2,
      toolExecutionNotifications: [{ level: 'error', descriptor: { id: 'no-such-file' } }],
    });
  });

  test('an objective that is not met is a result', async () => {
    const { out } = await stimpack('run good.npu --format sarif', engineThat('violated'));
    expect(JSON.parse(out).runs[0].results).toMatchObject([{ ruleId: 'slo-violated', level: 'error' }]);
  });
});

describe('several files', () => {
  test('run: each is a part of the document, and the worst verdict decides', async () => {
    const { code, out } = await stimpack('run good.npu designs --format json', engineThat('violated'));
    const document = JSON.parse(out);
    expect([code, document.verdict]).toEqual([1, 'violated']);
    expect(document.files.map(({ file }: { file: string }) => file)).toEqual([
      'good.npu',
      'designs/a.npu',
      'designs/deep/b.npu',
    ]);
  });
  test('run: a bad file does not stop the others, and gives exit code 2', async () => {
    const seen: unknown[] = [];
    const { code, out, err } = await stimpack('run broken.npu good.npu nothing.npu', engineThat('met', seen));
    expect([code, seen]).toEqual([2, [{ scenario: 'Rush', seed: 1 }]]);
    expect(err).toContain('broken.npu was not run: 1 error');
    expect(err).toContain('cannot read nothing.npu');
    expect(out).toContain('Rush');
  });
  test('run: files of a folder that have no scenario are passed over', async () => {
    expect((await stimpack('run good.npu empty.npu')).code).toBe(0);
    const { code, err } = await stimpack('run empty.npu empty.npu');
    expect([code, err]).toEqual([2, 'no file has a scenario: there is nothing to run\n']);
  });
  test('run -j 2 starts the second scenario before the first one ends, and reports in order', async () => {
    const started: string[] = [];
    const finish: (() => void)[] = [];
    const engine: Engine = {
      ...engineThat('met'),
      simulate: async (scenario, onProgress, stop) => {
        started.push(scenario.origin.uri.slice(directory.length + 8));
        await new Promise<void>((resolve) => {
          finish.push(resolve);
          if (started.length === 2) for (const each of [...finish].reverse()) each();
          if (started.length > 2) resolve();
        });
        return engineThat('met').simulate(scenario, onProgress, stop);
      },
    };
    const { code } = await stimpack('run good.npu designs -j 2', engine);
    expect([code, started]).toEqual([0, ['good.npu', 'designs/a.npu', 'designs/deep/b.npu']]);
  });
  test.each([
    ['run good.npu -j 0', "'--jobs' is a whole number from 1 to 1024, not '0'"],
    ['run good.npu -j many', "not 'many'"],
    ['run good.npu designs --html page.html', 'a page shows one file, but got 3 files with scenarios'],
    ['run - --watch', "'--watch' cannot watch standard input; name a file"],
    ['check - --watch', "'--watch' cannot watch standard input; name a file"],
    ['check no-designs', 'no-designs contains no .npu file'],
  ])('stimpack %s is rejected', async (line, message) => {
    const { code, err } = await stimpack(line);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});

describe('--quiet', () => {
  test.each([
    ['check good.npu -q', 'met', 0, ''],
    ['check broken.npu -q', 'met', 2, 'error[unknown-property]'],
    ['run good.npu --quiet', 'met', 0, ''],
    ['run good.npu --quiet', 'violated', 1, 'error[slo-violated]: too slow\n'],
  ] as const)('stimpack %s, %s: exit code %i', async (line, verdict, code, start) => {
    const ran = await stimpack(line, engineThat(verdict));
    expect([ran.code, ran.err]).toEqual([code, '']);
    expect(start === '' ? ran.out : ran.out.slice(0, start.length)).toBe(start);
  });
});

describe('standard input', () => {
  test('is a design in the working directory', async () => {
    const seen: unknown[] = [];
    const { code } = await stimpack('run -', engineThat('met', seen), 'npu A {}\n');
    expect([code, seen]).toEqual([
      0,
      [
        { given: '%3Cstdin%3E', text: 'npu A {}\n' },
        { scenario: 'Rush', seed: 1 },
      ],
    ]);
  });
  test.each([
    ['a\u0000b', 'standard input is not UTF-8 text'],
    [Uint8Array.of(0xff, 0xfe, 0x41), 'standard input is not UTF-8 text'],
  ])('%j is rejected', async (text, message) => {
    const { code, err } = await stimpack('check -', engineThat('met'), text);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
  });
});
