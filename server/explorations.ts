import type { Candidates, Scenario } from '../design/index.ts';
import { contentHash, explorationHash } from '../engine/index.ts';
import type { Program } from '../language/index.ts';
import { type ExploreAnswer, type ExploreRequest, pack, unpack } from '../protocol/index.ts';
import { type ExploredDesigns, explorationResult, type NumberedDesign } from '../simulator/index.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';

/** What a document says now. undefined where it has errors. */
export interface ExploredText {
  readonly program: Program;
  /** Its own: those that it runs. */
  readonly scenarios: readonly Scenario[];
}

export type ExploreEnd = Exclude<ExploreAnswer, { readonly kind: 'running' }>;
type ExploreNews = Extract<ExploreAnswer, { readonly kind: 'running' }>;

/** Work that a worker is given at once: little enough that nobody waits for it, and that what is known is told often. */
const turnSeconds = 0.25;
const mostPerTurn = 64;
/** What is known so far is told this often at most: it is a table of all designs. */
const toldEverySeconds = 0.4;

interface Exploring {
  readonly uri: string;
  readonly exploration: string;
  /** Of all that its designs are made of. */
  readonly content: string;
  cancelled: boolean;
  cancelTurn: () => void;
}

/**
 * Explorations of all documents. Their designs are tried in turns of a fraction of a second, one turn at a time: of the workers, one is
 * always left to what is saved meanwhile. A document has one exploration under way; an edit that changes its designs ends it.
 */
export class Explorations {
  private readonly underWay = new Map<string, Exploring>();
  /** Ends when it is the next one's turn. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly host: TaskRunner;
  private readonly now: () => number;
  private readonly textOf: (uri: string) => ExploredText | undefined;

  /** `now`: seconds of a monotonic clock. */
  constructor(host: TaskRunner, now: () => number, textOf: (uri: string) => ExploredText | undefined) {
    this.host = host;
    this.now = now;
    this.textOf = textOf;
  }

  /** Tries all designs of an exploration. `whenCancelled` takes what ends it early. */
  async explore(
    { uri, hash, exploration }: ExploreRequest,
    tell: (news: ExploreNews) => void,
    whenCancelled: (cancel: () => void) => void,
  ): Promise<ExploreEnd> {
    this.end(uri);
    const text = this.textOf(uri);
    if (text === undefined) return { kind: 'failed', message: 'the design has errors: mend them first' };
    if (hash !== null && hash !== contentHash(text.scenarios)) return { kind: 'gone' };
    const candidates = text.program.candidates(exploration);
    if (candidates === undefined) return { kind: 'gone' };
    const content = explorationHash(candidates, text.program.design);
    const own: Exploring = { uri, exploration, content, cancelled: false, cancelTurn: () => undefined };
    this.underWay.set(uri, own);
    whenCancelled(() => this.cancel(own));
    try {
      return await this.tryAll(own, candidates, tell);
    } finally {
      if (this.underWay.get(uri) === own) this.underWay.delete(uri);
    }
  }

  /** The text of a document, or of something that it imports, has changed. */
  edited(uri: string): void {
    const own = this.underWay.get(uri);
    if (own === undefined) return;
    const text = this.textOf(uri);
    // A text with errors may be on its way to the same design, and says nothing else yet.
    if (text === undefined) return;
    const candidates = text.program.candidates(own.exploration);
    if (candidates === undefined || explorationHash(candidates, text.program.design) !== own.content) this.cancel(own);
  }

  /** Ends what a document explores. */
  end(uri: string): void {
    const own = this.underWay.get(uri);
    if (own !== undefined) this.cancel(own);
  }

  private cancel(own: Exploring): void {
    own.cancelled = true;
    own.cancelTurn();
  }

  private async tryAll(own: Exploring, candidates: Candidates, tell: (news: ExploreNews) => void): Promise<ExploreEnd> {
    const { exploration, count } = candidates;
    const asWritten = candidates.asWritten();
    const parts: ExploredDesigns[] = [];
    const result = () => pack(explorationResult(exploration, asWritten, parts));
    let next = 0;
    let perTurn = 1;
    let toldAt = Number.NEGATIVE_INFINITY;
    while (next < count) {
      const designs = Array.from({ length: Math.min(perTurn, count - next) }, (_, place): NumberedDesign => {
        const design = next + place;
        return { design, candidate: candidates.design(design) };
      });
      const { outcome, seconds } = await this.takeTurn(own, () => ({
        type: 'explore',
        goals: exploration.goals,
        designs,
      }));
      if (outcome.kind === 'cancelled') return { kind: 'gone' };
      if (outcome.kind === 'failed') return outcome;
      parts.push(unpack<ExploredDesigns>(outcome.results));
      next += designs.length;
      const fitting = Math.floor((turnSeconds * designs.length) / Math.max(seconds, 1e-6));
      perTurn = Math.max(1, Math.min(mostPerTurn, fitting, 2 * perTurn));
      if (next < count && this.now() - toldAt >= toldEverySeconds) {
        toldAt = this.now();
        tell({ kind: 'running', fraction: next / count, result: result() });
      }
    }
    return { kind: 'done', result: result() };
  }

  /** One task of a worker, after those of other explorations that are waiting. */
  private takeTurn(
    own: Exploring,
    task: () => Parameters<TaskRunner['run']>[0],
  ): Promise<{ readonly outcome: SimulationOutcome; readonly seconds: number }> {
    const turn = this.turn.then(async () => {
      if (own.cancelled) return { outcome: { kind: 'cancelled' } as const, seconds: 0 };
      const startedAt = this.now();
      const outcome = await new Promise<SimulationOutcome>((settle) => {
        own.cancelTurn = this.host.run(task(), { settle });
      });
      return { outcome, seconds: this.now() - startedAt };
    });
    this.turn = turn;
    return turn;
  }
}
