import { nameMessages } from '../messages/index.ts';
import { npuSchema } from '../schema/index.ts';
import type { Name } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import { type Declaration, originOf } from './checked-file.ts';
import { reportMissing } from './missing.ts';
import type { Settings } from './settings.ts';

/** The longest chain of `extends`. A longer chain is a mistake, and the recursion must not overflow the stack. Our assumption. */
const maxExtends = 100;

/** Reads the settings of chips. Each chip starts with the settings of the chip that it extends. */
export class ChipSettings {
  private readonly reader: BlockReader;
  private readonly varied: (declaration: Declaration, settings: Settings) => Settings;
  private readonly known = new Map<Declaration, Settings | undefined>();
  /** Chips in an `extends` cycle, and chips that extend one of them. */
  private readonly cyclic = new Set<Declaration>();
  /** The chain from the requested chip to the chip that is being read. */
  private readonly extending: Declaration[] = [];

  /** `varied` replaces written values before another chip extends them. */
  constructor(reader: BlockReader, varied: (declaration: Declaration, settings: Settings) => Settings) {
    this.reader = reader;
    this.varied = varied;
  }

  of(declaration: Declaration): Settings | undefined {
    if (this.known.has(declaration)) return this.known.get(declaration);
    const { node, file } = declaration;
    if (node.kind !== 'statement') return undefined;
    const scope = { file };
    const clause = node.clauses.find((one) => one.keyword.text === 'extends');
    const parent = clause?.value.kind === 'path' ? clause.value.parts[0] : undefined;
    const from = parent && this.reader.evaluator.lookUp(parent, scope, 'npu');
    this.extending.push(declaration);
    const base = from && this.baseOf(declaration, from, parent);
    this.extending.pop();
    const settings = this.varied(declaration, this.reader.readStatement(npuSchema, node, scope, base));
    const isStated = node.body !== undefined || clause !== undefined;
    // Missing values would be inherited from a chip whose errors are already reported.
    const hasBase = base !== undefined && !this.cyclic.has(declaration);
    if (isStated && (clause === undefined || hasBase)) reportMissing(settings, this.reader.reporter);
    this.known.set(declaration, settings);
    return settings;
  }

  /** `parent`: the name of the extended chip in `declaration`. */
  private baseOf(declaration: Declaration, from: Declaration, parent: Name): Settings | undefined {
    const cycle = this.extending.indexOf(from);
    if (cycle < 0 && this.extending.length <= maxExtends) {
      const base = this.of(from);
      if (this.cyclic.has(from)) this.cyclic.add(declaration);
      return base;
    }
    const names = [...this.extending.slice(Math.max(0, cycle)), from].map((one) => one.name);
    const { name } = declaration;
    const message =
      cycle >= 0
        ? nameMessages.extendsCycle({ name, names })
        : nameMessages.extendsTooDeep({ name, most: maxExtends, names });
    this.reader.reporter.report(originOf(declaration.file, parent), message);
    this.cyclic.add(declaration);
    return undefined;
  }
}
