import { type Candidates, designsToTry, type Scenario } from '../design/index.ts';
import { contentHash, explorationHash } from '../engine/index.ts';
import type { Program } from '../language/index.ts';
import { type ExploreAnswer, type ExploreRequest, pack, unpack } from '../protocol/index.ts';
import { type ExploredDesigns, explorationResult, SearchRounds } from '../simulator/index.ts';
import { type ExploredStore, nextDesigns } from './explored-store.ts';
import type { SimulationOutcome, TaskRunner } from './simulation-host.ts';

/** What a document contains now; undefined if it has errors. */
export interface ExploredText {
  readonly program: Program;
  /** The scenarios that the document declares itself, which are those that it runs. */
  readonly scenarios: readonly Scenario[];
}

export type ExploreEnd = Exclude<ExploreAnswer, { readonly kind: 'running' }>;
type ExploreNews = Extract<ExploreAnswer, { readonly kind: 'running' }>;

/**
 * The work that a worker gets at a time. It is short, so that no save waits for long and progress is reported often.
 * Our assumption.
 */
const turnSeconds = 0.25;
const mostPerTurn = 64;
/** The shortest interval between two reports, because each report is a table of all designs. Our assumption. */
const reportEverySeconds = 0.4;

/** Lets other work of the server run. */
const pause = (): Promise<void> => new Promise((done) => setTimeout(done, 0));

interface Exploring {
  readonly uri: string;
  readonly exploration: string;
  /** The hash of everything that its designs depend on. */
  readonly content: string;
  cancelled: boolean;
  cancelTurn: () => void;
}

/**
 * The explorations of all documents. They try their designs in turns of a fraction of a second, one turn at a time, so
 * one worker is always free for a save. A document has at most one exploration, and an edit that changes its designs
 * ends it.
 */
export class Explorations {
  private readonly underWay = new Map<string, Exploring>();
  /** Settles when the next exploration may take its turn. */
  private turn: Promise<unknown> = Promise.resolve();
  private readonly host: TaskRunner;
  private readonly now: () => number;
  private readonly store: ExploredStore;
  private readonly textOf: (uri: string) => ExploredText | undefined;

  /** `now` returns seconds of a monotonic clock. */
  constructor(
    host: TaskRunner,
    now: () => number,
    textOf: (uri: string) => ExploredText | undefined,
    store: ExploredStore,
  ) {
    this.store = store;
    this.host = host;
    this.now = now;
    this.textOf = textOf;
  }

  /** Tries the designs of an exploration: all, or those that its search chooses. `whenCancelled` receives the function that ends it early. */
  async explore(
    { uri, hash, exploration }: ExploreRequest,
    tell: (news: ExploreNews) => void,
    whenCancelled: (cancel: () => void) => void,
  ): Promise<ExploreEnd> {
    this.end(uri);
    const text = this.textOf(uri);
    if (text === undefined) return { kind: 'failed', message: 'Fix the errors in this file first.' };
    if (hash !== null && hash !== contentHash(text.scenarios)) return { kind: 'gone' };
    const candidates = text.program.candidates(exploration);
    if (candidates === undefined) return { kind: 'gone' };
    const content = explorationHash(candidates, text.program.design);
    const own: Exploring = { uri, exploration, content, cancelled: false, cancelTurn: () => undefined };
    this.underWay.set(uri, own);
    whenCancelled(() => this.cancel(own));
    try {
      const loading = this.store.load();
      if (loading !== undefined) await loading;
      return await this.tryAll(own, candidates, tell);
    } finally {
      this.store.save();
      if (this.underWay.get(uri) === own) this.underWay.delete(uri);
    }
  }

  /** Ends all explorations and removes their results: all designs run again. */
  forget(): void {
    for (const own of this.underWay.values()) this.cancel(own);
    this.store.clear();
  }

  /** Handles a change of a document's text, or of a file that it imports. */
  edited(uri: string): void {
    const own = this.underWay.get(uri);
    if (own === undefined) return;
    const text = this.textOf(uri);
    // A text with errors may be a step towards the same design, so the exploration continues.
    if (text === undefined) return;
    const candidates = text.program.candidates(own.exploration);
    if (candidates === undefined || explorationHash(candidates, text.program.design) !== own.content) this.cancel(own);
  }

  /** Ends the exploration of a document. */
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
    const { search } = exploration;
    const rounds = search === undefined ? undefined : new SearchRounds(exploration, search);
    const total = designsToTry(exploration, count);
    let left: readonly number[] = rounds?.next() ?? Array.from({ length: count }, (_, design) => design);
    let done = 0;
    let perTurn = 1;
    let reportedAt = Number.NEGATIVE_INFINITY;
    while (left.length > 0) {
      const { designs, keys, known, looked } = nextDesigns(this.store, left, candidates, perTurn, mostPerTurn);
      let seconds = 0;
      const found = [...known];
      if (designs.length === 0) await pause();
      if (own.cancelled) return { kind: 'gone' };
      if (designs.length > 0) {
        const turn = await this.takeTurn(own, () => ({
          type: 'explore',
          goals: exploration.goals,
          constraints: exploration.constraints ?? [],
          designs,
        }));
        if (turn.outcome.kind === 'cancelled') return { kind: 'gone' };
        if (turn.outcome.kind === 'failed') return turn.outcome;
        const part = unpack<ExploredDesigns>(turn.outcome.results);
        this.store.add(part, keys);
        found.push(part);
        seconds = turn.seconds;
      }
      parts.push(...found);
      for (const part of found) rounds?.add(part);
      left = left.slice(looked);
      if (left.length === 0) left = rounds?.next() ?? [];
      done += looked;
      if (designs.length === 0) continue;
      const fitting = Math.floor((turnSeconds * designs.length) / Math.max(seconds, 1e-6));
      perTurn = Math.max(1, Math.min(mostPerTurn, fitting, 2 * perTurn));
      if (left.length > 0 && this.now() - reportedAt >= reportEverySeconds) {
        reportedAt = this.now();
        tell({ kind: 'running', fraction: done / total, result: result() });
      }
    }
    return { kind: 'done', result: result() };
  }

  /** Runs one task of a worker, after the waiting tasks of other explorations. */
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
