import type { Model, Npu, Scenario, Scheduler } from '../../design/index.ts';
import { type BlockSchema, modelSchema, scenarioSchema, schedulerSchema } from '../schema/index.ts';
import type { BlockReader } from './blocks.ts';
import type { Declaration } from './checked-file.ts';
import { ChipSettings } from './extends.ts';
import type { Imports } from './imports.ts';
import { reportMissing } from './missing.ts';
import { buildModel } from './model.ts';
import type { NetworkSource } from './networks.ts';
import { buildNpu, checkTileFits } from './npu.ts';
import { buildScenario } from './scenario.ts';
import { buildScheduler } from './scheduler.ts';
import type { Settings } from './settings.ts';
import { type Variation, withValues } from './variation.ts';

/** Builds declared chips, networks and schedulers. Each is built once, when it is first needed. undefined if it has errors. */
export class Builder {
  readonly reader: BlockReader;
  readonly imports: Imports;
  private readonly network: NetworkSource;
  private readonly variation: Variation | undefined;
  private readonly chips: ChipSettings;
  private readonly npus = new Map<Declaration, Npu | undefined>();
  private readonly models = new Map<Declaration, Model | undefined>();
  private readonly schedulers = new Map<Declaration, Scheduler | undefined>();

  /** The values of `variation` replace the written values. */
  constructor(reader: BlockReader, imports: Imports, network: NetworkSource, variation?: Variation) {
    this.reader = reader;
    this.imports = imports;
    this.network = network;
    this.variation = variation;
    this.chips = new ChipSettings(reader, (declaration, settings) => this.varied(declaration, settings));
  }

  npu(declaration: Declaration): Npu | undefined {
    return once(this.npus, declaration, () => {
      const settings = this.chips.of(declaration);
      const npu = settings && buildNpu(declaration.name, declaration.nameOrigin, settings, this.reader);
      if (settings !== undefined && npu !== undefined) checkTileFits(npu, settings, this.reader.reporter);
      return npu;
    });
  }

  model(declaration: Declaration): Model | undefined {
    return once(this.models, declaration, () => this.network(declaration, () => this.readModel(declaration)));
  }

  scheduler(declaration: Declaration): Scheduler | undefined {
    return once(this.schedulers, declaration, () => {
      const settings = this.read(schedulerSchema, declaration);
      return settings && buildScheduler(declaration.name, declaration.nameOrigin, settings);
    });
  }

  scenario(declaration: Declaration): Scenario | undefined {
    const settings = this.read(scenarioSchema, declaration);
    return settings && buildScenario(declaration.name, declaration.nameOrigin, settings, this);
  }

  /** The content of a declaration's block. */
  read(schema: BlockSchema, declaration: Declaration): Settings | undefined {
    const { node, file } = declaration;
    if (node.kind !== 'statement') return undefined;
    const settings = this.reader.readStatement(schema, node, { file });
    if (node.body !== undefined) reportMissing(settings, this.reader.reporter);
    return this.varied(declaration, settings);
  }

  /** Everything that was built, in the order of first use. */
  built(): {
    readonly npus: readonly Npu[];
    readonly models: readonly Model[];
    readonly schedulers: readonly Scheduler[];
  } {
    return { npus: present(this.npus), models: present(this.models), schedulers: present(this.schedulers) };
  }

  private readModel(declaration: Declaration): Model | undefined {
    const { node } = declaration;
    const settings = this.read(modelSchema, declaration);
    if (settings === undefined || node.kind !== 'statement') return undefined;
    return buildModel(declaration.name, declaration.nameOrigin, settings, node, this.reader, this.imports);
  }

  private varied(declaration: Declaration, settings: Settings): Settings {
    return this.variation === undefined ? settings : withValues(declaration, settings, this.variation, this.reader);
  }
}

function once<T>(known: Map<Declaration, T>, declaration: Declaration, build: () => T): T | undefined {
  if (known.has(declaration)) return known.get(declaration);
  const value = build();
  known.set(declaration, value);
  return value;
}

function present<T>(all: ReadonlyMap<Declaration, T | undefined>): readonly T[] {
  return [...all.values()].flatMap((one) => (one === undefined ? [] : [one]));
}
