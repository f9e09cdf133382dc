import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseArguments } from '../../cli/arguments.ts';
import { commands } from '../../cli/program.ts';

/* The files with which other programs call the command line: pre-commit, GitHub Actions, agents. */

const hooks = readFileSync('.pre-commit-hooks.yaml', 'utf8');

describe('.pre-commit-hooks.yaml', () => {
  const entries = [...hooks.matchAll(/entry: stimpack (\S+)(.*)$/gmu)].map(([, name = '', options = '']) => ({
    name,
    options: options.trim().split(' '),
  }));
  it('has three hooks', () => expect(entries.map(({ name }) => name)).toEqual(['fmt', 'check', 'run']));
  it.each(entries)('$name accepts several files with its options', ({ name, options }) => {
    const command = commands.find((each) => each.name === name);
    const parsed = command && parseArguments(command, [...options, 'a.npu', 'b.npu']);
    expect(parsed?.kind).toBe('invocation');
  });
  it('docs/ci.md names the hooks', () => {
    const page = readFileSync('docs/ci.md', 'utf8');
    for (const [, id = ''] of hooks.matchAll(/- id: (\S+)/gu)) expect(page).toContain(id);
  });
});

describe('action.yml', () => {
  const text = readFileSync('action.yml', 'utf8');
  it('passes inputs as variables only, so that none can become a part of the script', () => {
    const script = text.slice(text.indexOf('run: |'));
    expect(script).not.toContain('${{');
    expect(script).toContain('--format github');
  });
  it('uses each input that it declares, and docs/ci.md lists them', () => {
    const declared = [...text.slice(0, text.indexOf('runs:')).matchAll(/^ {2}(\w+):$/gmu)].map(([, name]) => name);
    expect(declared).toEqual(['files', 'command', 'options', 'version']);
    for (const name of declared) expect(text).toContain(`inputs.${name} }}`);
    expect(readFileSync('docs/ci.md', 'utf8')).toContain('`files`, `command`, `options` and `version`');
  });
});

describe('llms.txt', () => {
  it('links only to files that exist', () => {
    const targets = [...readFileSync('llms.txt', 'utf8').matchAll(/\]\(([^)]+)\)/gu)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(7);
    expect(targets.filter((target) => !existsSync(target))).toEqual([]);
  });
});
