import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Checked, type Diagnostic, hasErrors, type Model } from '../../design/index.ts';
import {
  type ImportedNpu,
  readHuggingFace,
  readOnnx,
  readScaleSimConfig,
  readScaleSimTopology,
  writeNpu,
} from '../../formats/index.ts';
import { decodeText } from '../../host/index.ts';
import type { Command, CommandContext, Invocation } from '../command.ts';
import { type Complaint, complain, renderComplaint } from '../complaint.ts';
import { type ExitCode, exitCodes } from '../exit-code.ts';
import { readInput } from '../input-file.ts';
import { foreseeTrouble, writeOutput } from '../output-file.ts';
import { renderDiagnostics } from '../render/diagnostics.ts';
import { createSources } from '../source-text.ts';

export const importCommand: Command = {
  name: 'import',
  summary: 'write foreign networks and chips as .npu text',
  description:
    'Reads ONNX models (.onnx), configurations of language models from Hugging Face (config.json), SCALE-Sim topologies (.csv) and SCALE-Sim configurations (.cfg). Writes one .npu file with all of them, or ' +
    'prints it to standard output. If a source leaves something open, the command assumes a value and states each assumption in a comment.',
  positional: { name: 'SOURCE', many: true, help: 'model.onnx, config.json, topology.csv or scale.cfg' },
  options: [{ name: 'out', short: 'o', value: 'FILE.npu', help: 'the file to write; standard output by default' }],
  examples: [
    'stimpack import resnet50.onnx --out resnet50.npu',
    'stimpack import config.json --out llama.npu',
    'stimpack import scale.cfg topology.csv -o design.npu',
  ],
  run: importSources,
};

interface Imported {
  readonly npus: ImportedNpu[];
  readonly models: Model[];
  readonly diagnostics: Diagnostic[];
  /** The texts of the sources that are text, by URI. Messages quote their lines. */
  readonly texts: Map<string, string>;
}

async function importSources(invocation: Invocation, { terminal }: CommandContext): Promise<ExitCode> {
  const out = invocation.options.get('out');
  const refuse = (complaint: Complaint): ExitCode => complain('import', false, complaint, terminal);
  const inputs = invocation.positionals.map((name) => pathToFileURL(resolve(terminal.directory, name)).href);
  const foreseen = out === undefined ? undefined : foreseeTrouble(out, terminal.directory, inputs);
  if (foreseen !== undefined) return refuse(foreseen);

  const imported: Imported = { npus: [], models: [], diagnostics: [], texts: new Map() };
  let unreadable = false;
  for (const name of invocation.positionals) {
    const complaint = await importSource(name, terminal.directory, imported);
    if (complaint === undefined) continue;
    terminal.err(renderComplaint(complaint, terminal));
    unreadable = true;
  }
  const sources = createSources((uri) => imported.texts.get(uri), terminal.directory);
  terminal.err(renderDiagnostics(imported.diagnostics, sources, terminal.errorLook));
  if (unreadable || hasErrors(imported.diagnostics)) return exitCodes.badInput;

  const from = invocation.positionals.map((name) => basename(name)).join(', ');
  const text = writeNpu({ notes: [`Imported from ${from}.`], npus: imported.npus, models: imported.models });
  if (out === undefined) {
    terminal.out(text);
    return exitCodes.ok;
  }
  const trouble = writeOutput(out, terminal.directory, text, inputs);
  return trouble === undefined ? exitCodes.ok : refuse(trouble);
}

/** Adds the content of a source. Returns a complaint if the kind of the source is not supported. */
async function importSource(name: string, directory: string, imported: Imported): Promise<Complaint | undefined> {
  const dot = name.lastIndexOf('.');
  const extension = dot < 0 ? '' : name.slice(dot).toLowerCase();
  const input = await readInput(name, directory, extension === '.onnx' ? 'model' : 'configuration');
  if (input.kind === 'problem') return { code: input.code, message: input.message, file: name };
  const { uri, bytes } = input;
  const keep = <T>(checked: Checked<T | undefined>, kept: T[]): undefined => {
    for (const diagnostic of checked.diagnostics) imported.diagnostics.push(diagnostic);
    if (checked.value !== undefined) kept.push(checked.value);
  };
  const text = (): string => {
    // The readers count places without the byte order mark.
    imported.texts.set(uri, decodeText(bytes));
    return textOf(bytes);
  };
  switch (extension) {
    case '.onnx':
      return keep(
        readOnnx(bytes, basename(name).slice(0, -extension.length), { uri, start: 0, end: 0 }),
        imported.models,
      );
    case '.json': {
      const locate = (start: number, end: number) => ({ uri, start, end });
      return keep(readHuggingFace(text(), modelName(uri), basename(name), locate), imported.models);
    }
    case '.csv':
      return keep(readScaleSimTopology(text(), uri), imported.models);
    case '.cfg':
      return keep(readScaleSimConfig(text(), uri), imported.npus);
    default:
      return {
        code: 'unknown-format',
        message: `${name}: its name must end in .onnx (model), .json (configuration from Hugging Face), .csv (SCALE-Sim topology) or .cfg (SCALE-Sim configuration)`,
        file: name,
      };
  }
}

/** The name of the folder, because every configuration is called config.json. The name of the file if it is another one. */
function modelName(uri: string): string {
  const parts = decodeURIComponent(uri).split('/');
  const file = (parts.at(-1) ?? '').replace(/\.json$/iu, '');
  return file === 'config' ? (parts.at(-2) ?? file) : file;
}

function textOf(bytes: Uint8Array): string {
  // The readers handle the byte order mark.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}
