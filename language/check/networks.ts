import type { Model } from '../../design/index.ts';
import type { Statement } from '../syntax/index.ts';
import type { BlockReader } from './blocks.ts';
import type { CheckedFile, Declaration } from './context.ts';
import type { Files } from './files.ts';
import { type Memory, NetworkMemory } from './take-over.ts';

/** Gives a declared network; `read` unrolls it from its text, which costs more than all the rest of a check. */
export type NetworkSource = (declaration: Declaration, read: () => Model | undefined) => Model | undefined;

/** What the last check of the same file left. */
export interface Before {
  /** Networks of files that may be unchanged, by their declarations. */
  readonly models: ReadonlyMap<Statement, Model>;
  /** Networks of the root. */
  readonly memory: Memory | undefined;
}

/** The networks of a program: those of the last check where they still hold, else read anew. */
export class Networks {
  private readonly root: CheckedFile;
  private readonly files: Files;
  private readonly reader: BlockReader;
  private readonly memory: NetworkMemory;
  private before: ReadonlyMap<Statement, Model>;
  /** What a later check may take over. What is imported may change without its text and is read anew. */
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

  /** As it was, where its file and all that this imports are as they were. */
  private ofOther({ file }: Declaration, node: Statement, read: () => Model | undefined): Model | undefined {
    const known = this.before.get(node);
    if (known === undefined || !this.files.isUnchanged(file) || !this.budget.fits(known.layers)) return read();
    this.budget.countLayers(known.layers);
    return known;
  }

  /** As it was, where it and all that it uses are as they were: what of the root is used must be known. */
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

  /** A network of another format has been read as a whole. */
  private count({ layers }: Model, { nameOrigin }: Declaration): void {
    this.budget.countLayers(layers);
    const message = this.budget.takeMessage();
    if (message !== undefined) this.reader.reporter.report(nameOrigin, message);
  }

  /** For the next check. */
  leave(): Before {
    return { models: this.reusable, memory: this.memory.memory() };
  }

  /** The last check is not needed any more: this object may live as long as the program. */
  forget(): void {
    this.before = new Map();
    this.memory.forget();
  }
}
