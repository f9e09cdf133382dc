import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runProgram } from '../../cli/program.ts';
import { engineOn } from '../../cli/real-engine.ts';
import { plainLook } from '../../cli/terminal.ts';
import { createNodeSources, openLibrary } from '../../host/index.ts';
import { noInterrupts } from './hand-made.ts';

const directory = mkdtempSync(join(tmpdir(), 'npu-walkthrough-'));
afterAll(() => rmSync(directory, { recursive: true }));

interface Report {
  readonly diagnostics: readonly { readonly message: string }[];
  readonly scenarios: readonly { readonly verdict: string }[];
}

/** The report of the example with another peak load. */
async function rush(peak: string): Promise<Report> {
  const example = readFileSync(resolve('examples/rush.npu'), 'utf8');
  writeFileSync(join(directory, 'rush.npu'), example.replace(/let peak = .*/, `let peak = ${peak}`));
  let out = '';
  const write = (text: string) => {
    out += text;
  };
  const terminal = { out: write, err: () => {}, look: plainLook, errorLook: plainLook, progress: null, directory };
  const engine = engineOn(createNodeSources(openLibrary(resolve('library'))));
  await runProgram(['run', 'rush.npu', '--format', 'json'], {
    terminal,
    engine,
    interrupts: noInterrupts,
    readPanel: () => undefined,
    readStandardInput: async () => new Uint8Array(),
    readShipped: () => undefined,
    startLanguageServer: async () => 0,
    startAgentServer: async () => 0,
  });
  return JSON.parse(out);
}

test('the message that the walkthrough quotes is the one of the example', async () => {
  const page = readFileSync(resolve('client/walkthrough/break.md'), 'utf8');
  const [, peak, quoted] = /With `let peak = (.*?)`:\s+```\n(.*?)\n```/s.exec(page) ?? [];
  const { diagnostics } = await rush(peak ?? '');
  expect(diagnostics[0]?.message).toContain(quoted?.split('\n').join(' '));
});

test('at its own load, the example meets its objectives, and the chip without burst mode does not', async () => {
  const example = /let peak = (.*)/.exec(readFileSync(resolve('examples/rush.npu'), 'utf8'))?.[1] ?? '';
  const { scenarios } = await rush(example);
  expect(scenarios[0]?.verdict).toBe('met');
  expect(JSON.stringify(scenarios[0])).toMatch(/"violated"/);
});
