import { describe, expect, test } from 'vitest';
import { parseArguments, wantsJson } from '../../cli/arguments.ts';
import { checkCommand } from '../../cli/commands/check.ts';
import { layersCommand } from '../../cli/commands/layers.ts';
import { runCommand } from '../../cli/commands/run.ts';

function parse(command: 'check' | 'run' | 'layers', line: string): unknown {
  const table = { check: checkCommand, run: runCommand, layers: layersCommand };
  const parsed = parseArguments(table[command], line === '' ? [] : line.split(' '));
  if (parsed.kind === 'usage') return parsed.message;
  if (parsed.kind === 'help') return 'help';
  return [parsed.invocation.positionals.join(' '), Object.fromEntries(parsed.invocation.options)];
}

describe('arguments', () => {
  const cases: readonly (readonly ['check' | 'run' | 'layers', string, unknown])[] = [
    ['run', 'a.npu', ['a.npu', {}]],
    ['run', 'a.npu --seed 7 --format json', ['a.npu', { seed: '7', format: 'json' }]],
    ['run', '--seed=7 a.npu', ['a.npu', { seed: '7' }]],
    ['run', '-s Rush -fjson a.npu', ['a.npu', { scenario: 'Rush', format: 'json' }]],
    ['run', '-- --seed', ['--seed', {}]],
    ['check', 'a.npu b.npu', ['a.npu b.npu', {}]],
    ['layers', 'a.npu -m R -n N --mode burst -b 8', ['a.npu', { model: 'R', npu: 'N', mode: 'burst', batch: '8' }]],
    ['run', '--help', 'help'],
    ['run', 'a.npu -h', 'help'],
    ['layers', '', 'missing FILE: a .npu file'],
    ['layers', 'a.npu b.npu', "'layers' takes one FILE, but got 2: a.npu, b.npu"],
    ['run', 'a.npu - -q', ['a.npu -', { quiet: '' }]],
    ['run', 'a.npu --sed 7', "unknown option '--sed'; did you mean '--seed'?"],
    ['run', 'a.npu --frobnicate', "unknown option '--frobnicate'"],
    ['run', 'a.npu -x', "unknown option '-x'"],
    ['run', 'a.npu --seed', "'--seed' needs a value: N"],
    ['run', 'a.npu --seed --format json', "'--seed' needs a value: N"],
    ['run', 'a.npu --seed 1 --seed 2', "'--seed' is given twice"],
    ['run', 'a.npu --format yaml', "'--format' is text or json or junit or sarif or github, not 'yaml'"],
    [
      'run',
      'a.npu --format jsn',
      "'--format' is text or json or junit or sarif or github, not 'jsn'; did you mean 'json'?",
    ],
    ['layers', 'a.npu --mode brust', "'--mode' is base or burst, not 'brust'; did you mean 'burst'?"],
    ['run', '--help=1', 'help'],
  ];
  test.each(cases)('%s %s', (command, line, expected) => {
    expect(parse(command, line)).toEqual(expected);
  });

  test('an option that repeats keeps all its values in their order', () => {
    const parsed = parseArguments(runCommand, ['a.npu', '--set', 'b=1', '--set=c=2 x']);
    expect(parsed.kind === 'invocation' && parsed.invocation.lists.get('set')).toEqual(['b=1', 'c=2 x']);
  });

  test.each([
    ['run a --format json', true],
    ['run a --format=json', true],
    ['run a -f json', true],
    ['run a -fjson', true],
    ['run a --format text', false],
    ['run json', false],
  ])('a request for JSON is recognized in a line with another error: %s', (line, expected) => {
    expect(wantsJson(line.split(' '))).toBe(expected);
  });
});
