import type { Model } from '../design/index.ts';
import { contentHash } from '../engine/index.ts';
import { ChipTables, type KeepTables } from '../simulator/index.ts';

/** Networks that are kept: those of a few documents. */
const mostModels = 32;

/**
 * What a worker remembers from one save to the next. Designs come as copies, so that what was worked out of a network or a chip would be
 * lost with it: an equal one that was seen before takes its place.
 */
export class KeptDesigns {
  private readonly models = new Map<string, Model>();
  /** Designs of one exploration share their networks, and so do the serves of a scenario. */
  private readonly hashes = new WeakMap<Model, string>();
  private readonly tables = new ChipTables();

  readonly keep: KeepTables = (scenario) => {
    const serves = scenario.serves.map((serve) => ({ ...serve, model: this.known(serve.model) }));
    return this.tables.keep({ ...scenario, serves });
  };

  private known(model: Model): Model {
    const hash = this.hashes.get(model) ?? contentHash(model);
    this.hashes.set(model, hash);
    const known = this.models.get(hash) ?? model;
    // The one that was not asked for longest goes first.
    this.models.delete(hash);
    this.models.set(hash, known);
    for (const oldest of this.models.keys()) {
      if (this.models.size <= mostModels) break;
      this.models.delete(oldest);
    }
    return known;
  }
}
