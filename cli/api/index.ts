import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { hasErrors, type Design as ReadableDesign } from '../../design/index.ts';
import { createNodeSources, emptyLibrary, findLibraryDirectory, openLibrary } from '../../host/index.ts';
import type { Command } from '../command.ts';
import { capacityCommand } from '../commands/capacity.ts';
import { exploreCommand } from '../commands/explore.ts';
import { runCommand } from '../commands/run.ts';
import { complaintJson } from '../complaint.ts';
import { argumentOf, type DocumentRequest, type DocumentServices, documentOf, quietContext } from '../documents.ts';
import { readSettings } from '../input/settings.ts';
import { diagnosticJson } from '../json/diagnostics.ts';
import { readDesign } from '../open-design.ts';
import { engineOn } from '../real-engine.ts';
import { version as ofPackage } from '../version.ts';
import type * as Api from './functions.ts';
import { checkOptions, integerRule, isRecord, type OptionRule, shown, signalRule, textRule } from './given.ts';

/*
 * The npm package as a library (docs/api.md). Its functions run the commands and return their JSON documents, so they cannot differ from the
 * command line. `functions.ts` and `results.ts` have the types.
 */

export const version: typeof Api.version = ofPackage;

/** What a design needs for later work. A design from elsewhere has none. */
interface Opened {
  readonly services: DocumentServices;
  readonly request: DocumentRequest;
  /** Whether its file could be read. */
  readonly isReadable: boolean;
}

const opened = new WeakMap<Api.Design, Opened>();

export const open: typeof Api.open = async (source, options = {}) => {
  const { file, text } = sourceOf(source);
  const rules: Record<keyof Api.OpenOptions, OptionRule> = { settings: { type: 'settings' }, directory: textRule };
  checkOptions('open', options, rules);
  const services = servicesIn(resolve(options.directory ?? '.'));
  const set = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const request = { file: file ?? '-', text, options: { set } };
  const read = await readAll(request, set, services);
  const design: Api.Design = { file: file ?? null, ...read.design };
  opened.set(design, { services, request, isReadable: read.isReadable });
  return design;
};

export const simulate: typeof Api.simulate = async (design, options = {}) => {
  const rules: Record<keyof Api.SimulateOptions, OptionRule> = {
    signal: signalRule,
    scenario: textRule,
    seed: seedRule,
    threads: threadsRule,
  };
  checkOptions('simulate', options, rules);
  const { scenario, seed, threads, signal } = options;
  const nothing = { verdict: null, scenarios: [], diagnostics: [] };
  return resultOf('simulate', runCommand, design, { scenario, seed, jobs: threads }, signal, nothing);
};

export const capacity: typeof Api.capacity = async (design, options = {}) => {
  const rules: Record<keyof Api.CapacityOptions, OptionRule> = { signal: signalRule, scenario: textRule };
  checkOptions('capacity', options, rules);
  const { scenario, signal } = options;
  return resultOf('capacity', capacityCommand, design, { scenario }, signal, { scenarios: [], diagnostics: [] });
};

export const explore: typeof Api.explore = async (design, options = {}) => {
  const rules: Record<keyof Api.ExploreOptions, OptionRule> = {
    signal: signalRule,
    exploration: textRule,
    search: { type: 'choice', choices: ['grid', 'random', 'sobol', 'nsga2'] },
    budget: integerRule(1, Number.MAX_SAFE_INTEGER),
    seed: seedRule,
    threads: threadsRule,
  };
  checkOptions('explore', options, rules);
  const { exploration: name, search, budget, seed, threads: jobs, signal } = options;
  const nothing: Api.ExplorationResult = {
    exploration: null,
    axes: [],
    goals: [],
    further: [],
    designCount: 0,
    asWritten: null,
    designs: [],
    caveats: [],
    statedInputs: [],
    diagnostics: [],
  };
  return resultOf('explore', exploreCommand, design, { name, search, budget, seed, jobs }, signal, nothing);
};

const seedRule = integerRule(0, 2 ** 32 - 1);
/** As `--jobs`. */
const threadsRule = integerRule(1, 1024);

function sourceOf(source: unknown): { readonly file?: string; readonly text?: string } {
  if (typeof source === 'string') return { file: source };
  const { file, text, ...rest } = isRecord(source) ? source : {};
  if (Object.keys(rest).length === 0) {
    if (typeof file === 'string' && text === undefined) return { file };
    if (typeof text === 'string' && file === undefined) return { text };
  }
  throw new TypeError(`open needs the path of a file, { file } or { text }, but got ${shown(source)}`);
}

/** Services whose engine is the same for all work on one design, so that each file is read once. */
function servicesIn(directory: string): DocumentServices {
  const found = findLibraryDirectory(import.meta.filename);
  const sources = createNodeSources(found === undefined ? emptyLibrary : openLibrary(found));
  // The thread is a file of the package. The source of this program has none and simulates in this thread.
  const worker = join(dirname(import.meta.filename), 'cli-worker.cjs');
  const engine = engineOn(sources, existsSync(worker) ? worker : undefined);
  const notOffered = async (): Promise<never> => {
    throw new Error('the library starts no server');
  };
  return {
    directory,
    newEngine: () => engine,
    readPanel: () => undefined,
    readShipped: () => undefined,
    startLanguageServer: notOffered,
    startAgentServer: notOffered,
  };
}

type Checked = Omit<Api.Design, 'file'>;

async function readAll(
  request: DocumentRequest,
  set: readonly string[],
  services: DocumentServices,
): Promise<{ readonly design: Checked; readonly isReadable: boolean }> {
  const context = quietContext(request, services, () => undefined);
  const settings = readSettings(set);
  const read =
    'code' in settings
      ? ({ kind: 'complaint', complaint: settings } as const)
      : await readDesign(argumentOf(request), settings, context);
  if (read.kind === 'complaint') {
    const diagnostics = typed<Api.Diagnostic[]>([complaintJson(read.complaint)]);
    return { design: { hasErrors: true, diagnostics, scenarios: [], explorations: [] }, isReadable: false };
  }
  // Later work uses these texts, also in threads, so it uses the design that was checked here.
  for (const { uri, text } of await context.engine.files(read.uri)) context.engine.giveText(uri, text);
  const diagnostics = typed<Api.Diagnostic[]>(read.diagnostics.map((each) => diagnosticJson(each, read.sources)));
  const { scenarios, explorations }: ReadableDesign = read.design;
  const design = {
    hasErrors: hasErrors(read.diagnostics),
    diagnostics,
    scenarios: scenarios.map(({ name }) => name),
    explorations: explorations.map(({ name }) => name),
  };
  return { design, isReadable: true };
}

/** The document of a command about a design: the keys of `nothing`, with these values if nothing was simulated. `name` is the function. */
async function resultOf<Result extends { readonly diagnostics: readonly Api.Diagnostic[] }>(
  name: string,
  command: Command,
  design: Api.Design,
  options: Readonly<Record<string, string | number | undefined>>,
  signal: AbortSignal | undefined,
  nothing: Result,
): Promise<Result> {
  const known = isRecord(design) ? opened.get(design) : undefined;
  if (known === undefined) {
    throw new TypeError(`${name}: the design must be one that open() returned, but got ${shown(design)}`);
  }
  signal?.throwIfAborted();
  if (!known.isReadable) return { ...nothing, diagnostics: design.diagnostics };
  const given = Object.fromEntries(
    Object.entries(options).map(([key, value]) => [key, value === undefined ? undefined : String(value)]),
  );
  const request = { ...known.request, options: { ...known.request.options, ...given }, stop: signal };
  const document = await documentOf(command, request, known.services);
  signal?.throwIfAborted();
  const content = Object.keys(nothing).flatMap((key) => (document[key] === undefined ? [] : [[key, document[key]]]));
  return { ...nothing, ...typed<Partial<Result>>(Object.fromEntries(content)) };
}

/** A part of a document as the type that results.ts describes. test/cli/api/results.test.ts compares real documents with the types. */
function typed<Result>(json: unknown): Result {
  return json as Result;
}
