import { rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { realProgram, tinyDesign } from '../real-program.ts';
import { engineThat, smallProgram } from '../small-program.ts';

const { directory, stimpack, write, git, commit } = realProgram();
const small = smallProgram();

const change = (...pairs: readonly (readonly [string, string])[]): string =>
  pairs.reduce((text, [old, now]) => text.replace(old, now), tinyDesign);

write({
  'a.npu': tinyDesign,
  'slow.npu': change(['5 ms', '100 ns']),
  'loose.npu': change(['5 ms', '9 ms'], ['// A comment.', '']),
  'renamed.npu': change(['scenario Calm', 'scenario Busy'], ['serve Net', 'serve Net as Photos']),
  'bare.npu': change(['p99 latency <= 5 ms, ', '']),
  'broken.npu': change(['clock', 'clok']),
  'none.npu': 'let load = 1 rps\n',
});

interface Outcome {
  readonly text: string;
  readonly verdict: string;
  readonly measuredSeconds?: number;
}
interface Document {
  readonly exitCode: number;
  readonly worseCount: number;
  readonly hasUnnamedChanges: boolean;
  readonly filesFromDisk: readonly string[];
  readonly inputs: readonly unknown[];
  readonly before: unknown;
  readonly scenarios: readonly {
    readonly objectives: readonly {
      readonly effect: string;
      readonly before: Outcome | null;
      readonly after: Outcome | null;
    }[];
  }[];
  readonly diagnostics: readonly { readonly code: string; readonly side?: string; readonly message: string }[];
}

async function diff(...args: readonly string[]): Promise<Document> {
  const { code, out, err } = await stimpack('diff', ...args, '--format', 'json');
  const document = JSON.parse(out) as Document;
  expect([err, document.exitCode]).toEqual(['', code]);
  return document;
}

const effectsOf = ({ scenarios }: Document) =>
  scenarios.flatMap(({ objectives }) => objectives.map(({ effect }) => effect));

describe('two files', () => {
  test.each([
    ['a.npu', 'slow.npu', 1, ['worse', 'same']],
    ['slow.npu', 'a.npu', 0, ['better', 'same']],
    ['a.npu', 'loose.npu', 0, ['same', 'same']],
    ['a.npu', 'bare.npu', 0, ['same', 'removed']],
    ['bare.npu', 'a.npu', 0, ['added', 'same']],
    ['a.npu', 'renamed.npu', 0, ['same', 'same']],
    ['a.npu', '-', 0, ['same', 'same']],
  ])('%s and %s: exit code %i, %j', async (before, after, code, effects) => {
    const document = await diff(before, after);
    expect([document.exitCode, effectsOf(document)]).toEqual([code, effects]);
  });

  test('the report names the inputs and both outcomes', async () => {
    const { code, out } = await stimpack('diff', 'a.npu', 'slow.npu');
    expect(code).toBe(1);
    expect(out).toMatch(
      /^a\.npu -> slow\.npu\n\n {2}changed input\n {2}Calm\.Net\.p99 latency {2}<= 5 ms -> <= 100 ns\n/u,
    );
    expect(out).toMatch(/p99 latency <= 5 ms -> p99 .* ✓ met +\S+ ns +✗ violated +\S+ ns +worse\n/u);
    expect(out).toMatch(/\n\n2 objectives: 1 worse, 1 same\n$/u);
  });

  test('each side has the numbers of a separate run', async () => {
    const run = JSON.parse((await stimpack('run', 'a.npu', '--seed', '5', '--format', 'json')).out);
    const { scenarios } = await diff('a.npu', 'slow.npu', '--seed', '5');
    const of = run.scenarios[0].serves[0].slos;
    expect(scenarios[0]?.objectives.map(({ before }) => before)).toEqual(of);
  });

  test('--set gives both files a value, so the files are equal in it', async () => {
    const other = change(['load = 2000', 'load = 3000']);
    write({ 'other.npu': other });
    expect((await diff('a.npu', 'other.npu')).inputs).toEqual([
      { path: 'load', before: '2000 rps', after: '3000 rps' },
    ]);
    expect((await diff('a.npu', 'other.npu', '--set', 'load=100rps')).inputs).toEqual([]);
  });

  test('another order of the layers is a change without a name', async () => {
    write({
      'one.npu': change(['two: dense { outputs: 256 }', 'two: dense { outputs: 8 }']),
      'two.npu': change([
        '    one: dense { outputs: 256 }\n    two: dense { outputs: 256 }',
        '    two: dense { outputs: 8 }\n    one: dense { outputs: 256 }',
      ]),
    });
    expect(await diff('one.npu', 'two.npu')).toMatchObject({ inputs: [], hasUnnamedChanges: true });
    expect((await stimpack('diff', 'one.npu', 'two.npu')).out).toContain('another order');
    expect(await diff('a.npu', 'a.npu')).toMatchObject({ inputs: [], hasUnnamedChanges: false });
  });

  test('a verdict that becomes undecided is worse, and the exit code is 1', async () => {
    const verdicts = ['met', 'undecided', 'violated'] as const;
    for (const [from, before] of verdicts.entries()) {
      for (const [to, after] of verdicts.entries()) {
        const runs = [engineThat(before), engineThat(after)];
        const engine = {
          ...engineThat('met'),
          simulate: (...given: Parameters<ReturnType<typeof engineThat>['simulate']>) =>
            (runs.shift() ?? engineThat(after)).simulate(...given),
        };
        // The two files have different contents, so that both are simulated.
        const { code } = await small.stimpack('diff good.npu designs/a.npu', {
          ...engine,
          open: async (uri) => {
            const opened = await engine.open(uri);
            const scenarios = opened.design.scenarios.map((scenario) => ({ ...scenario, seed: uri.length }));
            return { ...opened, design: { ...opened.design, scenarios } };
          },
        });
        expect([before, after, code]).toEqual([before, after, to > from ? 1 : 0]);
      }
    }
  });
});

describe('bad input ends with exit code 2', () => {
  test.each([
    [['a.npu'], 'usage', "'diff' compares two files, but got 1"],
    [['a.npu', 'a.npu', 'a.npu'], 'usage', 'but got 3'],
    [['-', '-'], 'usage', 'only one of the two files'],
    [['a.npu', 'nothing.npu'], 'no-such-file', 'cannot read nothing.npu'],
    [['a.npu', 'none.npu'], 'unknown-scenario', 'none.npu: the file has no scenario'],
    [['a.npu', 'renamed.npu', '--scenario', 'Calm'], 'unknown-scenario', "renamed.npu: no scenario is called 'Calm'"],
    [['a.npu', 'slow.npu', '--seed', '-1'], 'usage', "'--seed' is a whole number"],
    [['a.npu', 'slow.npu', '--set', 'x=1'], 'unknown-setting', "no 'let' is called 'x'"],
    [['a.npu', 'slow.npu', '--rev', 'HEAD'], 'usage', "'--rev' compares revisions of one file, but got 2 files"],
    [['-', '--rev', 'HEAD'], 'usage', "'--rev' needs a file in a git repository"],
    [['a.npu', '--rev', 'HEAD'], 'no-repository', 'a.npu is not in a git repository'],
  ])('%j', async (args, code, message) => {
    const { exitCode, diagnostics } = await diff(...args);
    expect([exitCode, diagnostics.map((each) => each.code)]).toEqual([2, [code]]);
    expect(diagnostics[0]?.message).toContain(message);
  });

  test('an error in one of the designs is reported with its side', async () => {
    const { exitCode, diagnostics } = await diff('a.npu', 'broken.npu');
    expect([exitCode, diagnostics[0]?.code, diagnostics[0]?.side]).toEqual([2, 'unknown-property', 'after']);
    const { err } = await stimpack('diff', 'a.npu', 'broken.npu');
    expect(err).toContain('broken.npu was not run: 1 error');
  });
});

describe('git revisions', () => {
  // The last part of the file: the folder becomes a repository here.
  test('are compared with each other and with the disk', async () => {
    git('init', '--quiet', '--initial-branch', 'trunk');
    const main = 'import "./parts/chip.npu"\n';
    const [chip = '', rest = ''] = [
      tinyDesign.slice(0, tinyDesign.indexOf('model')),
      tinyDesign.slice(tinyDesign.indexOf('model')),
    ];
    commit({ 'in/design.npu': main + rest, 'in/parts/chip.npu': chip });
    commit({ 'in/parts/chip.npu': chip.replace('HBM { bandwidth: 610', 'HBM { bandwidth: 620') });
    commit({ 'in/design.npu': main + rest.replace('5 ms', '100 ns') });
    write({ 'in/parts/chip.npu': chip.replace('HBM { bandwidth: 610', 'HBM { bandwidth: 640'), 'new.npu': tinyDesign });
    const bandwidth = (before: string, after: string) => ({
      path: 'Tiny.HBM.bandwidth',
      before: `${before} GB/s`,
      after: `${after} GB/s`,
    });
    const limit = { path: 'Calm.Net.p99 latency', before: '<= 5 ms', after: '<= 100 ns' };
    expect((await diff('in/design.npu', '--rev', 'HEAD')).inputs).toEqual([bandwidth('620', '640')]);
    expect((await diff('in/design.npu', '--rev', 'HEAD~2..HEAD~1')).inputs).toEqual([bandwidth('610', '620')]);
    expect((await diff('in/design.npu', '--rev', 'HEAD~1..')).inputs).toEqual([limit]);
    const all = await diff('in/design.npu', '--rev', 'HEAD~2');
    expect(all.inputs).toEqual([limit, bandwidth('610', '640')]);
    expect([all.exitCode, all.worseCount, effectsOf(all)]).toEqual([1, 1, ['worse', 'same']]);
    expect(all.before).toEqual({ file: 'in/design.npu', revision: 'HEAD~2', commit: git('rev-parse', 'HEAD~2') });
    expect((await stimpack('diff', 'in/design.npu', '-r', 'HEAD')).out).toMatch(
      /^in\/design\.npu at HEAD -> in\/design\.npu\n/u,
    );
  });

  test('`...` begins at the merge base', async () => {
    git('checkout', '--quiet', '--force', '-b', 'side', 'HEAD~1');
    const chip = tinyDesign.slice(0, tinyDesign.indexOf('model')).replace('610', '620');
    commit({ 'in/parts/chip.npu': chip.replace('1 GHz', '2 GHz') });
    const clock = { path: 'Tiny.clock', before: '1 GHz', after: '2 GHz' };
    expect((await diff('in/design.npu', '--rev', 'trunk...side')).inputs).toEqual([clock]);
    expect((await diff('in/design.npu', '--rev', 'trunk..side')).inputs).toHaveLength(2);
  });

  test.each([
    ['a.npu', 'nope', 'unknown-revision', "there is no git revision 'nope'"],
    ['a.npu', '--rev=HEAD..nope', 'unknown-revision', "there is no git revision 'nope'"],
    ['a.npu', 'HEAD....HEAD', 'unknown-revision', 'is not a range of revisions'],
    ['nothing.npu', 'HEAD', 'no-such-file', 'cannot read nothing.npu at HEAD: there is no such file'],
    ['untracked.npu', 'HEAD', 'no-such-file', 'git does not track untracked.npu'],
    ['later.npu', 'HEAD~1', 'no-such-file', 'cannot read later.npu at HEAD~1: there is no such file'],
  ])('%s at %s is an error', async (file, revision, code, message) => {
    if (file === 'later.npu') commit({ 'later.npu': tinyDesign });
    if (file === 'untracked.npu') write({ [file]: tinyDesign });
    const { exitCode, diagnostics } = await diff(
      file,
      ...(revision.startsWith('--') ? [revision] : ['--rev', revision]),
    );
    expect([exitCode, diagnostics[0]?.code]).toEqual([2, code]);
    expect(diagnostics[0]?.message).toContain(message);
  });

  test('a link of a commit to a file with another name is not read, so nothing of that file is quoted', async () => {
    write({ 'in/secret.txt': 'password hunter2 = x\n' });
    symlinkSync('secret.txt', join(directory, 'in/linked.npu'));
    symlinkSync('design.npu', join(directory, 'in/other.npu'));
    commit({ 'in/uses.npu': 'import "./linked.npu"\n' });
    rmSync(join(directory, 'in/linked.npu'));
    write({ 'in/linked.npu': tinyDesign });
    for (const file of ['in/linked.npu', 'in/uses.npu']) {
      const { out, err } = await stimpack('diff', file, '--rev', 'HEAD');
      expect(out + err).not.toContain('hunter2');
      expect(err).toContain('its name must end in .npu, and a link must lead to such a file');
    }
    expect((await diff('in/other.npu', '--rev', 'HEAD')).diagnostics).toEqual([]);
  });

  test('a file that git does not track is read from the disk, and the report names it', async () => {
    commit({
      'uses.npu': 'import "./local.npu"\nscenario S { npu: Tiny, serve Net { arrivals: poisson(10 rps) } }\n',
      '.gitignore': 'local.npu\n',
    });
    write({ 'local.npu': tinyDesign });
    expect((await diff('uses.npu', '--rev', 'HEAD')).filesFromDisk).toEqual(['local.npu']);
    expect((await stimpack('diff', 'uses.npu', '--rev', 'HEAD')).out).toContain('git does not track them: local.npu');
  });
});
