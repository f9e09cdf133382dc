import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, test } from 'vitest';
import { diagnosticCodes } from '../../../design/index.ts';
import { loadProgram } from '../../../engine/index.ts';
import { createNodeSources, openLibrary } from '../../../host/index.ts';
import { simulateScenario } from '../../../simulator/index.ts';
import { smallProgram } from '../small-program.ts';

const { directory, stimpack } = smallProgram();

describe('explain', () => {
  test.each(['slo-violated', 'error[slo-violated]', '[slo-violated]'])('%s prints the page', async (code) => {
    const { code: exit, out } = await stimpack(`explain ${code}`);
    expect([exit, out.split('\n')[0]]).toEqual([0, 'slo-violated']);
    expect(out).toContain('An objective is violated.');
    expect(out).not.toContain('**');
  });
  test('each code has a page', async () => {
    for (const code of Object.keys(diagnosticCodes)) expect((await stimpack(`explain ${code}`)).code, code).toBe(0);
  });
  test('without a code, it lists all codes with their titles', async () => {
    const { out } = await stimpack('explain');
    expect(out.trimEnd().split('\n')).toHaveLength(Object.keys(diagnosticCodes).length);
    expect(out).toMatch(/^unit-mismatch {2,}A unit has the wrong dimension$/mu);
  });
  test('JSON has the code, its severity, its title and the page', async () => {
    expect(JSON.parse((await stimpack('explain slo-violated --format json')).out)).toMatchObject({
      command: 'explain',
      code: 'slo-violated',
      severity: 'error',
      title: 'An objective is violated',
      text: expect.stringContaining('# slo-violated'),
    });
  });
  test('an unknown code is an error with the code that was meant', async () => {
    const { code, err } = await stimpack('explain slo-violatd');
    expect([code, err]).toEqual([2, expect.stringContaining("did you mean 'slo-violated'?")]);
  });
});

describe('init', () => {
  test('writes a design without problems whose objective is met', async () => {
    expect(await stimpack('init')).toEqual({
      code: 0,
      out: 'design.npu is written. Next: stimpack run design.npu\n',
      err: '',
    });
    const sources = createNodeSources(openLibrary(join(import.meta.dirname, '../../../library')));
    const program = await loadProgram(pathToFileURL(join(directory, 'design.npu')).href, sources);
    expect(program.diagnostics).toEqual([]);
    const [scenario] = program.design.scenarios;
    const result = scenario && simulateScenario(scenario);
    expect(result?.main.serves[0]?.slos.map(({ verdict }) => verdict)).toEqual(['met']);
  });
  test.each([
    ['init good.npu', 'cannot write good.npu: it exists already'],
    ['init design', "'init' writes a .npu file, but got 'design'; try design.npu"],
    ['init nowhere/x.npu', 'cannot write nowhere/x.npu: there is no such directory'],
  ])('%s writes nothing', async (line, message) => {
    const before = readFileSync(join(directory, 'good.npu'), 'utf8');
    const { code, err } = await stimpack(line);
    expect([code, err]).toEqual([2, expect.stringContaining(message)]);
    expect(readFileSync(join(directory, 'good.npu'), 'utf8')).toBe(before);
  });
});

/** The completions of a line in bash, for the word after its last blank. */
async function completed(line: string): Promise<readonly string[]> {
  const script = join(directory, 'completions.bash');
  writeFileSync(script, (await stimpack('completions bash')).out);
  const words = line.split(' ');
  const quotedWords = words.map((word) => `'${word}'`).join(' ');
  const commands = `source completions.bash; COMP_WORDS=(${quotedWords}); COMP_CWORD=${words.length - 1}; _stimpack; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout, stderr } = spawnSync('bash', ['-c', commands], { cwd: directory, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((each) => each !== '');
}

describe('completions', () => {
  test.each([
    ['stimpack che', ['check']],
    ['stimpack run --form', ['--format']],
    ['stimpack run --format j', ['json', 'junit']],
    ['stimpack run -f sa', ['sarif']],
    ['stimpack run go', ['good.npu']],
    ['stimpack run designs', ['designs']],
    ['stimpack run --html go', ['good.npu']],
    ['stimpack import mo', ['model.onnx']],
    ['stimpack explain slo-v', ['slo-violated']],
    ['stimpack completions ', ['bash', 'zsh', 'fish']],
    ['stimpack merge go', []],
  ])('bash: %s', async (line, expected) => {
    expect(await completed(line)).toEqual(expected);
  });

  test.each(['bash', 'zsh', 'fish'])('%s has every command and every option', async (shell) => {
    const { out } = await stimpack(`completions ${shell}`);
    const { out: help } = await stimpack('--help');
    const names = [...help.matchAll(/^ {2}([a-z]+) {2,}/gmu)].map(([, name]) => name);
    expect(names).toContain('explore');
    for (const name of names) expect(out).toContain(name);
    const spelling = { bash: '--shard', zsh: '--shard=', fish: '-l shard' }[shell] ?? '';
    expect(out).toContain(spelling);
  });
  test.each(['zsh', 'fish'])('%s accepts its script', async (shell) => {
    const known = spawnSync(shell, ['--version'], { encoding: 'utf8' });
    if (known.error !== undefined) return;
    const { out } = await stimpack(`completions ${shell}`);
    const checked = spawnSync(shell, ['-n'], { input: out, encoding: 'utf8' });
    expect([checked.status, checked.stderr]).toEqual([0, '']);
  });
  test('an unknown shell is an error', async () => {
    const { code, err } = await stimpack('completions tcsh');
    expect([code, err]).toEqual([2, expect.stringContaining("no completions for 'tcsh'")]);
  });
});
