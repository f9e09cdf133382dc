import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { renderDiagnostics } from '../../cli/render/diagnostics.ts';
import { createSources } from '../../cli/source-text.ts';
import { plainLook } from '../../cli/terminal.ts';
import type { Diagnostic, Origin } from '../../design/index.ts';
import {
  readOnnx,
  readResults,
  readScaleSimConfig,
  readScaleSimTopology,
  readTrace,
  writeNpu,
} from '../../formats/index.ts';
import {
  compile,
  completionsAt,
  format,
  hoverAt,
  isTrivia,
  type LanguageHost,
  outline,
  parse,
  type SyntaxTree,
  semanticTokens,
  tokenEnd,
  tokenKind,
  tokenStart,
} from '../../language/index.ts';
import { simulateScenario } from '../../simulator/index.ts';
import { repositoryFolder } from '../vscode/artifacts.ts';

/**
 * A kind of input: the place of its samples, and a check that must hold for any bytes. `check` throws if it does not
 * hold.
 */
export interface Target {
  readonly samples: readonly { readonly folder: string; readonly ends: string }[];
  readonly check: (bytes: Uint8Array) => void;
}

const uri = 'file:///fuzz.npu';
const origin: Origin = { uri, start: 0, end: 1 };
const corpus = (name: string): string => `test/fuzz-corpus/${name}`;
const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

export const targets = {
  npu: {
    samples: [
      { folder: corpus('npu'), ends: '.npu' },
      { folder: 'test/language/corpus', ends: '.npu' },
      { folder: 'library/stimpack', ends: '.npu' },
      { folder: 'examples', ends: '.npu' },
    ],
    check: (bytes) => checkNpu(textOf(bytes)),
  },
  onnx: {
    samples: [{ folder: corpus('onnx'), ends: '.onnx' }],
    check: (bytes) => {
      const { value, diagnostics } = readOnnx(bytes, 'fuzz.onnx', origin);
      checkDiagnostics(diagnostics, 'x');
      if (value === undefined) return;
      const written = writeNpu({ notes: ['fuzz'], npus: [], models: [value] });
      const errors = parse(written, uri).diagnostics.filter(({ severity }) => severity === 'error');
      if (errors[0] !== undefined) throw new Error(`the imported network does not parse: ${errors[0].message}`);
    },
  },
  topology: {
    samples: [{ folder: corpus('topology'), ends: '.csv' }],
    check: (bytes) => checkDiagnostics(readScaleSimTopology(textOf(bytes), uri).diagnostics, textOf(bytes)),
  },
  config: {
    samples: [{ folder: corpus('config'), ends: '.cfg' }],
    check: (bytes) => checkDiagnostics(readScaleSimConfig(textOf(bytes), uri).diagnostics, textOf(bytes)),
  },
  trace: {
    samples: [{ folder: corpus('trace'), ends: '' }],
    check: (bytes) => {
      const { value, diagnostics } = readTrace(bytes, origin);
      checkDiagnostics(diagnostics, 'x');
      checkTrace(value?.timesSeconds);
    },
  },
  results: {
    samples: [{ folder: corpus('results'), ends: '.jsonl' }],
    check: (bytes) => {
      readResults(textOf(bytes));
    },
  },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof targets;

/** All samples of a target: whole files, without the messages that tests expect from them. */
export function samplesOf({ samples }: Target): readonly Uint8Array[] {
  return samples.flatMap(({ folder, ends }) => {
    const whole = path.join(repositoryFolder, folder);
    return (
      readdirSync(whole)
        .filter((name) => name.endsWith(ends))
        .sort()
        // Copies, because slices of a Buffer share its memory.
        .map((name) => new Uint8Array(readFileSync(path.join(whole, name))))
    );
  });
}

const host: LanguageHost = {
  readText: () => ({ kind: 'not-found' }),
  libraryUri: () => undefined,
  libraryNames: () => [],
  importModel: () => ({ value: undefined, diagnostics: [] }),
  importTrace: () => ({ value: { timesSeconds: Float64Array.of(0, 1, 2) }, diagnostics: [] }),
};

function checkNpu(text: string): void {
  const program = compile(uri, { ...host, readText: (asked) => (asked === uri ? text : { kind: 'not-found' }) });
  checkDiagnostics(program.diagnostics, text);
  const file = program.files.get(uri);
  if (file === undefined) return;
  const place = Math.floor(text.length / 2);
  const shown = [
    hoverAt(program, uri, place)?.markdown ?? '',
    ...completionsAt(program, uri, place, host).map(({ label }) => label),
  ];
  for (const one of shown) if (one.length > 20_000) throw new Error(`the editor is shown ${one.length} characters`);
  semanticTokens(file);
  outline(file.tree);
  checkFormat(file.tree);
  if (program.diagnostics.some(({ severity }) => severity === 'error')) return;
  for (const scenario of program.design.scenarios.slice(0, 2)) {
    let polls = 0;
    const result = simulateScenario(
      { ...scenario, duration: { kind: 'requests', count: 200 } },
      { isCancelled: () => ++polls > 2_000 },
    );
    const serve = result?.main.serves[0];
    if (serve !== undefined && Number.isNaN(serve.offeredRps)) throw new Error('the offered load is NaN');
  }
}

function checkFormat(tree: SyntaxTree): void {
  if (tree.diagnostics.some(({ severity }) => severity === 'error')) return;
  const once = format(tree);
  const again = parse(once, uri);
  if (format(again) !== once) throw new Error('formatting twice differs from formatting once');
  if (words(again) !== words(tree)) throw new Error('formatting changed a word');
}

/** The tokens with a meaning. Commas and line breaks both only separate. */
function words({ tokens, text }: SyntaxTree): string {
  const found: string[] = [];
  for (let i = 0; i < tokens.count; i++) {
    if (!isTrivia(tokens, i) && tokenKind(tokens, i) !== ',')
      found.push(text.slice(tokenStart(tokens, i), tokenEnd(tokens, i)));
  }
  return found.join('\n');
}

/** Checks that every diagnostic is within the text, is short, and contains no character that controls a terminal. */
function checkDiagnostics(diagnostics: readonly Diagnostic[], text: string): void {
  for (const { origin: at, code } of diagnostics) {
    if (at.uri === uri && !(at.start >= 0 && at.start <= at.end && at.end <= Math.max(1, text.length))) {
      throw new Error(`${code} is at ${at.start}..${at.end} of ${text.length}`);
    }
  }
  const shown = renderDiagnostics(
    diagnostics,
    createSources(() => text, '/'),
    plainLook,
  );
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose.
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/u.test(shown))
    throw new Error('a control character is printed');
  if (/\bNaN\b|\bundefined\b|\[object/u.test(shown.replaceAll(/^.*\|.*$/gmu, '').replaceAll(/'[^']*'/gu, '')))
    throw new Error(`a message is broken: ${shown.slice(0, 300)}`);
}

function checkTrace(times: Float64Array | undefined): void {
  if (times === undefined) return;
  for (let i = 0; i < times.length; i++) {
    if (!Number.isFinite(times[i])) throw new Error(`time ${i} is ${times[i]}`);
    if (i > 0 && (times[i] as number) < (times[i - 1] as number))
      throw new Error(`time ${i} is before the one before it`);
  }
}
