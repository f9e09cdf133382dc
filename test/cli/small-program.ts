import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import type { Engine } from '../../cli/engine.ts';
import { type ExitCode, exitCodes } from '../../cli/exit-code.ts';
import { runProgram } from '../../cli/program.ts';
import { plainLook, type Terminal } from '../../cli/terminal.ts';
import type { Design, Diagnostic, Model, Npu, Scenario } from '../../design/index.ts';
import { readShippedText } from '../../host/index.ts';
import { capacityResult, modelCost, noInterrupts, scenarioResult } from './hand-made.ts';

const texts: Readonly<Record<string, string>> = {
  'good.npu': 'npu A {}\nscenario Rush {}\n',
  'broken.npu': 'npu A {\r\n  clok: 1 GHz\r\n}\r\n',
  'warned.npu': 'npu A {}\nscenario Rush {}\n',
  'small.npu': 'npu A {}\nscenario Rush {}\n',
  'empty.npu': '',
  'set.npu': 'let peak = 1 rps\nlet half = peak / 2\nnpu A {}\nscenario Rush {}\n',
  'designs/a.npu': 'npu A {}\nscenario Rush {}\n',
  'designs/deep/b.npu': 'npu A {}\nscenario Rush {}\n',
  'no-designs/readme.txt': '',
};
/** The name of the file at a URI. */
const nameOf = (uri: string): string => Object.keys(texts).find((name) => uri.endsWith(`/${name}`)) ?? '';

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
      serves: [{ model: model('ResNet50'), origin, slos: name === 'Imported' ? [] : [{}] }],
      compare: [],
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

/** An engine whose runs have this verdict. It adds each request for a result to `seen`. */
export function engineThat(verdict: 'met' | 'violated' | 'undecided', seen: unknown[] = []): Engine {
  return {
    open: async (uri) => {
      const name = nameOf(uri);
      const found = (severity: Diagnostic['severity']): Diagnostic => ({
        code: 'unknown-property',
        severity,
        message: "There is no 'clok'.",
        origin: { uri, start: 11, end: 15 },
      });
      const tooSmall: Diagnostic = {
        code: 'memory-too-small',
        severity: 'error',
        message: 'HBM has 8 GB.',
        origin: { uri, start: 0, end: 1 },
      };
      if (name === 'small.npu') return { design: designOf(uri), diagnostics: [tooSmall] };
      if (name === 'broken.npu') return { design: designOf(uri), diagnostics: [found('error')] };
      if (name === 'warned.npu') return { design: designOf(uri), diagnostics: [found('warning')] };
      return { design: name === 'empty.npu' ? nothing : designOf(uri), diagnostics: [] };
    },
    readingFrom: () => engineThat(verdict, seen),
    isLibrary: () => false,
    files: async (uri) => [{ uri, text: texts[nameOf(uri)] ?? '' }],
    giveText: (uri, text) => void seen.push({ given: uri.slice(uri.lastIndexOf('/') + 1), text }),
    refresh: async () => false,
    limitThreads: (count) => void seen.push({ threads: count }),
    filesRead: () => [],
    readText: (uri) => texts[nameOf(uri)],
    simulate: async (scenario) => {
      seen.push({ scenario: scenario.name, seed: scenario.seed });
      return { ...scenarioResult(verdict), scenario: scenario.name };
    },
    capacity: async (scenario) => {
      seen.push({ scenario: scenario.name });
      return { ...capacityResult(verdict === 'met' ? 1.25 : 0.5), scenario: scenario.name };
    },
    exploration: async () => undefined,
    explore: async () => undefined,
    sloDiagnostics: (_, scenario) =>
      verdict === 'met'
        ? []
        : [
            {
              code: 'slo-violated',
              severity: 'error',
              message: 'too slow',
              origin: { uri: scenario.origin.uri, start: 9, end: 17 },
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
/** `test/library` is a folder too, so the search begins in the folder above. */
const manifest = join(import.meta.dirname, '..', '..', 'package.json');
const readShipped = (path: string) => readShippedText(manifest, path);
const startLanguageServer = async (): Promise<ExitCode> => exitCodes.ok;

export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A terminal that keeps everything that is written to it. */
export function recordingTerminal(directory: string): {
  readonly terminal: Terminal;
  readonly written: { out: string; err: string };
} {
  const written = { out: '', err: '' };
  const terminal: Terminal = {
    out: (text) => {
      written.out += text;
    },
    err: (text) => {
      written.err += text;
    },
    look: plainLook,
    errorLook: plainLook,
    progress: null,
    directory,
  };
  return { terminal, written };
}

/** Runs a command line, by default with an engine whose runs meet all objectives. */
export type Stimpack = (line: string, engine?: Engine, standardInput?: string | Uint8Array) => Promise<Ran>;

/**
 * The program in a new folder with small files, with a hand-made engine. Call it at the top of a test file: the folder is removed after the
 * tests of that file.
 */
export function smallProgram(): { readonly directory: string; readonly stimpack: Stimpack } {
  const directory = mkdtempSync(join(tmpdir(), 'npu-cli-'));
  afterAll(() => rmSync(directory, { recursive: true }));
  for (const folder of ['designs/deep', 'no-designs']) mkdirSync(join(directory, folder), { recursive: true });
  for (const [name, text] of Object.entries(texts)) writeFileSync(join(directory, name), text);
  writeFileSync(join(directory, 'model.onnx'), Uint8Array.of(8, 0, 18));
  const stimpack: Stimpack = async (line, engine = engineThat('met'), standardInput = '') => {
    const { terminal, written } = recordingTerminal(directory);
    const readStandardInput = async () => Buffer.from(standardInput);
    const args = line === '' ? [] : line.split(' ');
    const code = await runProgram(args, {
      terminal,
      engine,
      interrupts: noInterrupts,
      readPanel,
      readShipped,
      startLanguageServer,
      startAgentServer: startLanguageServer,
      readStandardInput,
    });
    return { code, ...written };
  };
  return { directory, stimpack };
}
