import type { Model } from '../../design/index.ts';
import type { Statement } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import type { CheckedFile, Declaration } from './checked-file.ts';
import type { Files } from './files.ts';
import { type Memory, NetworkMemory } from './take-over.ts';

/** Returns a declared network. `read` unrolls it from its text, which is the most expensive part of a check. */
export type NetworkSource = (declaration: Declaration, read: () => Model | undefined) => Model | undefined;

/** The results of the last check of the same file. */
export interface Before {
  /** Networks of files that may be unchanged, by declaration. */
  readonly models: ReadonlyMap<Statement, Model>;
  /** Networks of the root file. */
  readonly memory: Memory | undefined;
}

/** The networks of a program. Networks of the last check are reused if they are still valid; the others are read again. */
export class Networks {
  private readonly root: CheckedFile;
  private readonly files: Files;
  private readonly reader: BlockReader;
  private readonly memory: NetworkMemory;
  private before: ReadonlyMap<Statement, Model>;
  /** The networks that a later check may reuse. Imported networks are excluded: they can change although their own text does not. */
  private readonly reusable = new Map<Statement, Model>();

  constructor(root: CheckedFile, files: Files, reader: BlockReader, before: Before | undefined) {
    this.root = root;
    this.files = files;
    this.reader = reader;
    this.before = before?.models ?? new Map();
    this.memory = new NetworkMemory(root, files, before?.memory);
  }

  readonly get: NetworkSource = (declaration, read) => {
    const { node } = declaration;
    if (node.kind !== 'statement') return undefined;
    if (node.clauses.length > 0) {
      const model = read();
      if (model !== undefined) this.count(model, declaration);
      return model;
    }
    const model =
      declaration.file === this.root ? this.ofRoot(declaration, node, read) : this.ofOther(declaration, node, read);
    if (model !== undefined) this.reusable.set(node, model);
    return model;
  };

  /** The network of the last check, if its file and everything that the file imports are unchanged. */
  private ofOther({ file }: Declaration, node: Statement, read: () => Model | undefined): Model | undefined {
    const known = this.before.get(node);
    if (known === undefined || !this.files.isUnchanged(file) || !this.budget.fits(known.layers)) return read();
    this.budget.countLayers(known.layers);
    return known;
  }

  /** The network of the last check, if it and everything that it uses are unchanged. It also marks the used declarations of the root. */
  private ofRoot(declaration: Declaration, node: Statement, read: () => Model | undefined): Model | undefined {
    const { file } = declaration;
    const taken = this.memory.take(node, declaration);
    if (taken !== undefined && this.budget.fits(taken.model.layers)) {
      this.budget.countLayers(taken.model.layers);
      for (const used of taken.uses) file.used.add(used);
      file.facts.takeOver(taken.facts);
      return taken.model;
    }
    const { count } = this.reader.reporter;
    const { value: model, facts } = file.facts.during(read);
    if (model !== undefined && this.reader.reporter.count === count) this.memory.remember(node, model, facts);
    return model;
  }

  private get budget(): BlockReader['budget'] {
    return this.reader.budget;
  }

  /** A network of another format is not unrolled: it counts as a whole. */
  private count({ layers }: Model, { nameOrigin }: Declaration): void {
    this.budget.countLayers(layers);
    const message = this.budget.takeMessage();
    if (message !== undefined) this.reader.reporter.report(nameOrigin, message);
  }

  /** The results for the next check. */
  leave(): Before {
    return { models: this.reusable, memory: this.memory.memory() };
  }

  /** Releases the last check, because this object may exist as long as the program. */
  forget(): void {
    this.before = new Map();
    this.memory.forget();
  }
}
