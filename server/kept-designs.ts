import type { Model } from '../design/index.ts';
import { contentHash } from '../engine/index.ts';
import { ChipTables, type KeepTables } from '../simulator/index.ts';

/** The number of stored networks: enough for a few documents. Our assumption. */
const mostModels = 32;

/**
 * The designs that a worker keeps from one save to the next. Designs arrive as copies, so the values computed for a network or a
 * chip would be lost with each copy. This class replaces a copy by the equal object of an earlier save.
 */
export class KeptDesigns {
  private readonly models = new Map<string, Model>();
  /** The designs of one exploration share their networks, and so do the serves of a scenario. */
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
    // Drops the network that was used least recently.
    this.models.delete(hash);
    this.models.set(hash, known);
    for (const oldest of this.models.keys()) {
      if (this.models.size <= mostModels) break;
      this.models.delete(oldest);
    }
    return known;
  }
}
