import type {
  CandidateDesign,
  Candidates,
  Checked,
  Design,
  Diagnostic,
  Exploration,
  Model,
  Npu,
  Origin,
  Scenario,
  Scheduler,
} from '../../design/index.ts';
import type { LanguageHost } from '../host.ts';
import { importInsertion, libraryDeclarations } from '../library.ts';
import {
  type BlockSchema,
  type DeclarationKind,
  exploreSchema,
  fileBlocks,
  modelSchema,
  npuSchema,
  scenarioSchema,
  schedulerSchema,
} from '../schema/index.ts';
import { suggest } from '../suggest.ts';
import type { Item, Let, Name, Statement } from '../syntax/index.ts';
import { resolveUri } from '../uri.ts';
import { BlockReader } from './blocks.ts';
import { type CheckedExploration, candidatesOf } from './candidates.ts';
import { type CheckedFile, type Declaration, didYouMean, originOf, Reporter } from './context.ts';
import type { Importable } from './evaluate.ts';
import { checkExplore } from './explore.ts';
import type { Files } from './files.ts';
import { GraphBuilder } from './graph.ts';
import { checkClauses } from './heads.ts';
import { reportMissing } from './missing.ts';
import { buildModel } from './model.ts';
import { buildNpu, checkTileFits } from './npu.ts';
import { buildScenario, type ScenarioContext } from './scenario.ts';
import { buildScheduler } from './scheduler.ts';
import type { Settings } from './settings.ts';
import { type Memory, NetworkMemory } from './take-over.ts';
import { reportUnused } from './unused.ts';
import { reaches, type Trial, type Variation, withValues } from './variation.ts';

const schemaByKeyword: ReadonlyMap<string, BlockSchema> = new Map(fileBlocks.map((schema) => [schema.keyword, schema]));

/** What the last check of the same file left. */
export interface Before {
  /** Networks of files that may be unchanged, by their declarations. */
  readonly models: ReadonlyMap<Statement, Model>;
  /** Networks of the root. */
  readonly memory: Memory | undefined;
}

const nothingBefore: Before = { models: new Map(), memory: undefined };

/** Npus that extend one another this deep are a mistake; the stack must outlast them. */
const maxExtends = 100;

/** Checks all files of a program and builds the design. Everything declared is built once, when it is first needed. */
export class Checker {
  private readonly files: Files;
  private readonly host: LanguageHost;
  private readonly reporter: Reporter;
  private readonly reader: BlockReader;
  private readonly npuSettings = new Map<Declaration, Settings | undefined>();
  /** Chips that extend themselves, and those that extend these. */
  private readonly cyclic = new Set<Declaration>();
  private readonly extending: Declaration[] = [];
  private readonly npus = new Map<Declaration, Npu | undefined>();
  private readonly models = new Map<Declaration, Model | undefined>();
  private before: Before;
  /** Its own networks are always read: what it uses must be known. */
  private root: CheckedFile | undefined;
  private networks: NetworkMemory | undefined;
  private readonly schedulers = new Map<Declaration, Scheduler | undefined>();
  private readonly variation: Variation | undefined;
  /** Who has built what no value changes. */
  private readonly written: Checker | undefined;
  private readonly traces = new Map<string, Float64Array | undefined>();
  private readonly explored = new Map<string, CheckedExploration>();

  /**
   * `before` holds networks of the last check, by where they were declared: unrolling one anew costs more than all the rest. With a
   * `variation`, single declarations are built with values of it put in, of files that were checked before.
   */
  constructor(
    files: Files,
    host: LanguageHost,
    reporter: Reporter,
    before: Before,
    variation?: Variation,
    written?: Checker,
  ) {
    this.variation = variation;
    this.written = written;
    this.before = before;
    this.files = files;
    this.host = host;
    this.reporter = reporter;
    this.reader = new BlockReader(
      reporter,
      (name, kind, file) => this.importable(name, kind, file),
      variation?.lets,
      written?.reader,
    );
  }

  /** Npus, models and schedulers of all files; scenarios of the root only: what another file simulates is that file's affair. */
  check(root: CheckedFile): Design {
    this.root = root;
    for (const file of this.files.byUri.values()) this.declare(file);
    this.files.connect();
    this.networks = new NetworkMemory(root, this.files, this.before.memory);
    const scenarios: Scenario[] = [];
    const explorations: Exploration[] = [];
    for (const file of this.files.byUri.values()) {
      for (const declaration of file.own.values()) {
        const scenario = this.build(declaration);
        if (scenario !== undefined && file === root) scenarios.push(scenario);
      }
    }
    // When all that they may name is built.
    for (const file of this.files.byUri.values()) {
      for (const declaration of file.own.values()) {
        const exploration = declaration.kind === 'explore' ? this.explore(declaration) : undefined;
        if (exploration !== undefined && file === root) explorations.push(exploration);
      }
    }
    reportUnused(root, this.files, this.reporter);
    // This checker lives as long as the program that it makes candidates for; what was before need not.
    this.before = nothingBefore;
    return {
      npus: built(this.npus),
      models: built(this.models),
      schedulers: built(this.schedulers),
      scenarios,
      explorations,
    };
  }

  private declare(file: CheckedFile): void {
    for (const item of file.tree.root.items) {
      if (item.kind === 'let') {
        if (item.name !== undefined) this.declareAs('let', item.name, item, file);
      } else if (item.kind === 'statement') this.declareStatement(item, file);
      else if (item.kind !== 'import') this.misplaced(item, file);
    }
  }

  private declareStatement(statement: Statement, file: CheckedFile): void {
    const { keyword, subject } = statement;
    const schema = schemaByKeyword.get(keyword.text) ?? this.unknownKeyword(statement, file);
    if (schema === undefined || schema.subject.kind !== 'declares') return;
    file.facts.push({ kind: 'block', start: keyword.start, end: keyword.end, schema });
    const name = subject?.kind === 'path' && subject.parts.length === 1 ? subject.parts[0] : undefined;
    if (name === undefined) {
      const place = originOf(file, subject ?? keyword);
      const message =
        subject === undefined
          ? `expected a name after '${schema.keyword}'`
          : `expected a plain name after '${schema.keyword}'`;
      this.reporter.report(place, 'missing-name', message);
      return;
    }
    checkClauses(schema, statement, { file }, this.reporter);
    const hasSource = schema.clauses.length > 0 && statement.clauses.length > 0;
    if (statement.body === undefined && !hasSource) {
      this.reporter.report(
        originOf(file, name),
        'missing-block',
        `expected '{ ... }' after '${schema.keyword} ${name.text}'`,
      );
    }
    if (statement.parameters !== undefined && schema.subject.declares !== 'block') {
      const message = `only a 'block' takes parameters, not ${schema.keyword} '${name.text}'`;
      this.reporter.report(originOf(file, statement.parameters), 'unexpected-value', message);
    }
    this.declareAs(schema.subject.declares, name, statement, file);
  }

  private unknownKeyword(statement: Statement, file: CheckedFile): BlockSchema | undefined {
    const { keyword } = statement;
    const origin = originOf(file, keyword);
    const words = [...schemaByKeyword.keys()];
    const owner = fileBlocks.find((one) => one.blocks.some((inner) => inner.keyword === keyword.text));
    if (owner !== undefined && owner.content !== 'layers') {
      const message = `'${keyword.text}' stands inside '${owner.keyword}', not at the top of a file`;
      this.reporter.report(origin, 'misplaced-item', message);
      return undefined;
    }
    const close = suggest(keyword.text, statement.body === undefined ? [...words, 'import', 'let'] : words);
    const { text, fixes } = didYouMean(origin, close);
    const list = close === undefined ? `; a file holds ${[...words, 'import', 'let'].join(', ')}` : '';
    this.reporter.report(origin, 'unknown-block', `there is no block '${keyword.text}'${text}${list}`, { fixes });
    return close === undefined ? undefined : schemaByKeyword.get(close);
  }

  /** Files of the library that declare a name of this kind, for a fix that imports one. */
  private importable(name: string, kind: DeclarationKind, file: CheckedFile): readonly Importable[] {
    return libraryDeclarations(this.host)
      .filter((one) => one.name === name && one.kind === kind)
      .map(({ library }) => {
        const { newText, ...place } = importInsertion(file.tree, library);
        const origin = originOf(file, place);
        return {
          library,
          fix: { title: `Import '${name}' from "${library}"`, edits: [{ origin, newText }], preferred: true },
        };
      });
  }

  private misplaced(item: Item, file: CheckedFile): void {
    const word =
      item.kind === 'property' || item.kind === 'constraint' ? item.words.map((one) => one.text).join(' ') : '';
    const first = item.kind === 'property' || item.kind === 'constraint' ? item.words[0] : undefined;
    const keyword = first === undefined ? undefined : suggest(first.text, schemaByKeyword.keys());
    const hint = schemaByKeyword.has(word) ? `: expected '${word} Name { ... }'` : keyword === undefined ? '' : '';
    const message = `'${word}' stands inside a block, not at the top of a file${hint}`;
    this.reporter.report(originOf(file, first ?? item), 'misplaced-item', message);
  }

  private declareAs(kind: DeclarationKind, name: Name, node: Let | Statement, file: CheckedFile): void {
    const nameOrigin = originOf(file, name);
    const before = file.own.get(name.text);
    const declaration: Declaration = { kind, name: name.text, nameOrigin, origin: originOf(file, node), node, file };
    file.facts.push({ kind: 'declaration', start: name.start, end: name.end, declaration });
    if (before === undefined) {
      file.own.set(name.text, declaration);
      return;
    }
    this.reporter.report(nameOrigin, 'duplicate-name', `'${name.text}' is declared twice in this file`, {
      related: [{ message: `'${name.text}' is declared here`, origin: before.nameOrigin }],
    });
  }

  private build(declaration: Declaration): Scenario | undefined {
    switch (declaration.kind) {
      case 'let':
        this.reader.evaluator.letValue(declaration);
        return undefined;
      case 'npu':
        this.npu(declaration);
        return undefined;
      case 'model':
        this.model(declaration);
        return undefined;
      case 'scheduler':
        this.scheduler(declaration);
        return undefined;
      case 'scenario':
        return this.scenario(declaration);
      case 'explore':
        // Of the root, when all that it may name is built; those of other files are checked where they stand.
        return undefined;
      case 'block':
        new GraphBuilder(this.reader, this.reporter).checkUnused(declaration);
        return undefined;
    }
  }

  private explore(declaration: Declaration): Exploration | undefined {
    const settings = this.read(exploreSchema, declaration);
    if (settings === undefined) return undefined;
    const trial: Trial = (scenario, variation) => this.trial(scenario, variation);
    const checked = checkExplore(declaration.name, declaration.nameOrigin, settings, this.reader, this.reporter, trial);
    if (checked === undefined) return undefined;
    if (declaration.file === this.root) this.explored.set(declaration.name, checked);
    return checked.exploration;
  }

  /** The designs of an exploration of the root; undefined where it has none of that name, or one with errors. */
  candidates(name: string): Candidates | undefined {
    const checked = this.explored.get(name);
    return checked && candidatesOf(checked, (scenario, variation) => this.trial(scenario, variation));
  }

  /** A scenario with other values put in, built by the rules of any other. It leaves no trace in the files. */
  private trial(declaration: Declaration, variation: Variation): CandidateDesign {
    const reporter = new Reporter();
    const checker = new Checker(this.files, this.host, reporter, nothingBefore, variation, this);
    const facts = [...this.files.byUri.values()].map((file) => file.facts);
    const build = facts.reduce<() => Scenario | undefined>(
      (act, one) => () => one.without(act),
      () => checker.scenario(declaration),
    );
    const scenario = build();
    const error = reporter.diagnostics.find(({ severity }) => severity === 'error');
    if (error === undefined && scenario !== undefined) return { kind: 'scenario', scenario };
    return { kind: 'problem', message: error?.message ?? 'these values make no design' };
  }

  private read(schema: BlockSchema, declaration: Declaration): Settings | undefined {
    if (declaration.node.kind !== 'statement') return undefined;
    const settings = this.reader.readStatement(schema, declaration.node, { file: declaration.file });
    if (declaration.node.body !== undefined) reportMissing(settings, this.reporter);
    return settings;
  }

  private npu(declaration: Declaration): Npu | undefined {
    if (this.npus.has(declaration)) return this.npus.get(declaration);
    const settings = this.settingsOfNpu(declaration);
    const npu = settings && buildNpu(declaration.name, declaration.nameOrigin, settings, this.reader);
    if (settings !== undefined && npu !== undefined) checkTileFits(npu, settings, this.reporter);
    this.npus.set(declaration, npu);
    return npu;
  }

  private settingsOfNpu(declaration: Declaration): Settings | undefined {
    if (this.npuSettings.has(declaration)) return this.npuSettings.get(declaration);
    const node = declaration.node;
    if (node.kind !== 'statement') return undefined;
    const scope = { file: declaration.file };
    const clause = node.clauses.find((one) => one.keyword.text === 'extends');
    const parent = clause?.value.kind === 'path' ? clause.value.parts[0] : undefined;
    const from = parent && this.reader.evaluator.lookUp(parent, scope, 'npu');
    let base: Settings | undefined;
    this.extending.push(declaration);
    if (from !== undefined && parent !== undefined) {
      const cycle = this.extending.indexOf(from);
      if (cycle >= 0 || this.extending.length > maxExtends) {
        const names = [...this.extending.slice(Math.max(0, cycle)), from].map((one) => one.name);
        const shown = names.length > 8 ? [...names.slice(0, 4), '...', ...names.slice(-3)] : names;
        const what = cycle >= 0 ? 'extends itself' : `extends more than ${maxExtends} others`;
        this.reporter.report(
          originOf(declaration.file, parent),
          'extends-cycle',
          `'${declaration.name}' ${what}: ${shown.join(' → ')}`,
        );
        this.cyclic.add(declaration);
      } else {
        base = this.settingsOfNpu(from);
        if (this.cyclic.has(from)) this.cyclic.add(declaration);
      }
    }
    this.extending.pop();
    const read = this.reader.readStatement(npuSchema, node, scope, base);
    const settings = this.varied(declaration, read);
    const isStated = node.body !== undefined || clause !== undefined;
    // What is missing would have come from above, where something is wrong and was said.
    const hasBase = base !== undefined && !this.cyclic.has(declaration);
    if (isStated && (clause === undefined || hasBase)) reportMissing(settings, this.reporter);
    this.npuSettings.set(declaration, settings);
    return settings;
  }

  private model(declaration: Declaration): Model | undefined {
    if (this.models.has(declaration)) return this.models.get(declaration);
    if (this.written !== undefined && this.variation !== undefined) {
      const { written, variation } = this;
      const isSame = !reaches(declaration, variation.lets);
      const model = isSame
        ? written.model(declaration)
        : variation.model(declaration, () => this.readModel(declaration));
      this.models.set(declaration, model);
      return model;
    }
    const { node } = declaration;
    const known = node.kind === 'statement' ? this.before.models.get(node) : undefined;
    if (known !== undefined && declaration.file !== this.root && this.files.isUnchanged(declaration.file)) {
      this.models.set(declaration, known);
      return known;
    }
    const model = declaration.file === this.root ? this.ownModel(declaration) : this.readModel(declaration);
    this.models.set(declaration, model);
    return model;
  }

  /** A network of the root: as it was, where it and all that it uses are as they were. */
  private ownModel(declaration: Declaration): Model | undefined {
    const { node, file } = declaration;
    // What another file holds may change without this text.
    if (node.kind !== 'statement' || node.clauses.length > 0) return this.readModel(declaration);
    const taken = this.networks?.take(node, declaration);
    if (taken !== undefined) {
      for (const used of taken.uses) file.used.add(used);
      file.facts.takeOver(taken.facts, taken.move);
      return taken.model;
    }
    const { count } = this.reporter;
    const { value: model, facts } = file.facts.during(() => this.readModel(declaration));
    if (model !== undefined && this.reporter.count === count) this.networks?.remember(node, model, facts);
    return model;
  }

  private readModel(declaration: Declaration): Model | undefined {
    const { node } = declaration;
    const settings = this.read(modelSchema, declaration);
    if (settings === undefined || node.kind !== 'statement') return undefined;
    return buildModel(
      declaration.name,
      declaration.nameOrigin,
      settings,
      node,
      this.reader,
      this.reporter,
      (path, name, origin) => this.take(this.host.importModel(resolveUri(declaration.file.uri, path), name, origin)),
    );
  }

  /** The networks that a later check may take over. What is imported may change without its text and is read anew. */
  reusable(): ReadonlyMap<Statement, Model> {
    const found = new Map<Statement, Model>();
    for (const [{ node }, model] of this.models) {
      if (model !== undefined && node.kind === 'statement' && node.clauses.length === 0) found.set(node, model);
    }
    return found;
  }

  memory(): Memory | undefined {
    return this.networks?.memory();
  }

  private scheduler(declaration: Declaration): Scheduler | undefined {
    if (this.schedulers.has(declaration)) return this.schedulers.get(declaration);
    const settings = this.varied(declaration, this.read(schedulerSchema, declaration));
    const scheduler = settings && buildScheduler(declaration.name, declaration.nameOrigin, settings);
    this.schedulers.set(declaration, scheduler);
    return scheduler;
  }

  private scenario(declaration: Declaration): Scenario | undefined {
    const settings = this.varied(declaration, this.read(scenarioSchema, declaration));
    if (settings === undefined) return undefined;
    const context: ScenarioContext = {
      reader: this.reader,
      reporter: this.reporter,
      npu: (one) => this.npu(one),
      model: (one) => this.model(one),
      scheduler: (one) => this.scheduler(one),
      importTrace: (path, origin: Origin) => this.trace(resolveUri(declaration.file.uri, path), origin),
    };
    return buildScenario(declaration.name, declaration.nameOrigin, settings, context);
  }

  private trace(uri: string, origin: Origin): Float64Array | undefined {
    const { written } = this;
    if (written?.traces.has(uri)) return written.traces.get(uri);
    const times = this.take(this.host.importTrace(uri, origin));
    this.traces.set(uri, times);
    return times;
  }

  private varied<T extends Settings | undefined>(declaration: Declaration, settings: T): T | Settings {
    if (settings === undefined || this.variation === undefined) return settings;
    return withValues(declaration, settings, this.variation, this.reader);
  }

  private take<T>(checked: Checked<T>): T {
    for (const diagnostic of checked.diagnostics) this.forward(diagnostic);
    return checked.value;
  }

  private forward(diagnostic: Diagnostic): void {
    const { code, message, origin, ...details } = diagnostic;
    this.reporter.report(origin, code, message, { ...details, within: message });
  }
}

function built<T>(all: ReadonlyMap<Declaration, T | undefined>): readonly T[] {
  return [...all.values()].filter((one): one is T & {} => one !== undefined);
}
