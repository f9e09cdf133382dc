import type { Candidates, Design, Scenario } from '../../design/index.ts';
import type { LanguageHost } from '../host.ts';
import { limits } from '../limits.ts';
import { limitMessages } from '../messages/index.ts';
import { exploreSchema } from '../schema/index.ts';
import { BlockReader } from './blocks.ts';
import { Builder } from './builder.ts';
import { type CheckedExploration, candidatesOf } from './candidates.ts';
import type { CheckedFile, Declaration } from './checked-file.ts';
import { declareAll } from './declarations.ts';
import { checkExplore } from './explore.ts';
import type { Files } from './files.ts';
import { GraphBuilder } from './graph.ts';
import { Imports } from './imports.ts';
import { type Before, Networks } from './networks.ts';
import { fittingScenarios } from './program-limits.ts';
import type { Reporter } from './reporter.ts';
import { checkTileLayers } from './tile-layers.ts';
import { trialsOf } from './trials.ts';
import { reportUnused } from './unused.ts';

export interface CheckedProgram {
  readonly design: Design;
  /** The designs of an exploration in the root file. undefined if there is no exploration with that name, or it has errors. */
  candidates(exploration: string): Candidates | undefined;
  /** The results that the next check of the same file can reuse. */
  readonly left: Before;
}

/**
 * Checks all files of a program and builds the design. Npus, models and schedulers come from all files. Scenarios and explorations come only
 * from the root file, because an imported file runs its own scenarios when it is opened.
 */
export function checkProgram(
  root: CheckedFile,
  files: Files,
  host: LanguageHost,
  reporter: Reporter,
  before: Before | undefined,
): CheckedProgram {
  for (const file of files.byUri.values()) declareAll(file, reporter);
  const imports = new Imports(host, reporter, files);
  const reader = new BlockReader(reporter, imports);
  const networks = new Networks(root, files, reader, before);
  const builder = new Builder(reader, imports, networks.get);
  const declared = [...files.byUri.values()].flatMap((file) => [...file.own.values()]);
  const scenarios: Scenario[] = [];
  for (const declaration of declared) {
    const scenario = build(declaration, builder);
    if (scenario !== undefined && declaration.file === root) scenarios.push(scenario);
  }
  const models = declared.filter(({ kind }) => kind === 'model').map((one) => builder.model(one));
  checkTileLayers(builder.built().npus, models, reporter);
  const fitting = fittingScenarios(scenarios, reporter);
  // After everything that they can refer to is built.
  const trial = trialsOf(builder, files);
  const explored = new Map<string, CheckedExploration>();
  let explorations = 0;
  for (const declaration of declared) {
    if (declaration.kind !== 'explore') continue;
    if (++explorations > limits.programExplorations) {
      reporter.report(declaration.nameOrigin, limitMessages.tooManyExplorations({ most: limits.programExplorations }));
      break;
    }
    const { name, nameOrigin, file } = declaration;
    const settings = builder.read(exploreSchema, declaration);
    const checked = settings && checkExplore(name, nameOrigin, settings, builder.reader, reporter, trial);
    if (checked !== undefined && file === root) explored.set(name, checked);
  }
  reportUnused(root, files, reporter);
  networks.forget();
  return {
    design: {
      ...builder.built(),
      scenarios: fitting,
      explorations: [...explored.values()].map((one) => one.exploration),
    },
    candidates: (name) => {
      const checked = explored.get(name);
      return checked && candidatesOf(checked, trial);
    },
    left: networks.leave(),
  };
}

/** Reads a declaration of any kind and reports its errors. Returns it if it is simulated. */
function build(declaration: Declaration, builder: Builder): Scenario | undefined {
  switch (declaration.kind) {
    case 'let':
      builder.reader.evaluator.letValue(declaration);
      return undefined;
    case 'npu':
      builder.npu(declaration);
      return undefined;
    case 'model':
      builder.model(declaration);
      return undefined;
    case 'scheduler':
      builder.scheduler(declaration);
      return undefined;
    case 'scenario':
      return builder.scenario(declaration);
    case 'explore':
      return undefined;
    case 'block':
      new GraphBuilder(builder.reader).checkUnused(declaration);
      return undefined;
  }
}
