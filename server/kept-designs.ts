import type { Model, Scenario } from '../design/index.ts';
import { contentHash } from '../engine/index.ts';
import { ChipTables, type TableCache } from '../simulator/index.ts';

/** Networks that are kept: those of a few documents. */
const mostModels = 32;

/**
 * What a worker remembers from one save to the next. Designs come as copies, so that what was worked out of a network or a chip would be
 * lost with it: an equal one that was seen before takes its place.
 */
export class KeptDesigns {
  private readonly models = new Map<string, Model>();
  private readonly tables = new ChipTables();

  /** An equal scenario, of networks and a chip that are known, and what their layers cost. Their origins may be those of an older text. */
  readonly keep = (scenario: Scenario): { readonly scenario: Scenario; readonly cache: TableCache } => {
    const seen = new Map<Model, Model>();
    const serves = scenario.serves.map((serve) => {
      const model = seen.get(serve.model) ?? this.known(serve.model);
      seen.set(serve.model, model);
      return { ...serve, model };
    });
    const { npu, cache } = this.tables.of({ ...scenario, serves });
    return { scenario: { ...scenario, serves, npu }, cache };
  };

  private known(model: Model): Model {
    const hash = contentHash(model);
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
