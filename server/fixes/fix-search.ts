import type { Scenario, SloOutcome } from '../../design/index.ts';
import { contentHash } from '../../engine/index.ts';
import { applyChanges, type TextChange } from '../../language/index.ts';
import { type RunResults, unpack } from '../../protocol/index.ts';
import { shortened } from '../../simulator/index.ts';
import { ownScenarios } from '../document-facts.ts';
import type { TaskRunner } from '../simulation-host.ts';
import type { Timer } from '../timers.ts';
import type { ObjectiveOutcomes } from '../worker-messages.ts';
import type { Workspace } from '../workspace.ts';
import { brokenCount, guessFrom, harmHere, outcomeIfDecided, outcomeIfMet, scenarioOf } from './candidate-outcome.ts';
import type { BrokenObjective, Candidate } from './fix-plan.ts';
import { type FixKind, fixKinds, planOf } from './plans.ts';
import { firstMeeting, type Guess } from './search.ts';
import { spoiledBy, stillMissed, worsenedBy } from './side-effects.ts';

/** A change that was simulated and meets its objective. */
export interface FoundFix {
  readonly kind: FixKind;
  /** Its index among the candidates of its plan. */
  readonly place: number;
  readonly changes: readonly TextChange[];
  /** The hash of the scenario as it was simulated. */
  readonly scenarioHash: string;
  readonly title: string;
  /** True if, with the fix, no other objective of the document becomes violated or gets clearly worse. */
  readonly isClean: boolean;
}

/** The searches for one objective. */
interface ObjectiveFixes {
  readonly broken: BrokenObjective;
  readonly found: FoundFix[];
  readonly pending: FixKind[];
  readonly waiting: Set<() => void>;
}

/** Identifies an objective in its document. */
export type ObjectiveKey = Pick<BrokenObjective, 'objective'> & { readonly scenario: string; readonly serve: number };

/** The parts of the server that a search uses. */
export interface SearchParts {
  readonly workspace: Workspace;
  readonly simulation: TaskRunner;
  /** Seconds of a monotonic clock. */
  readonly now: () => number;
}

/** The largest number of violated objectives of a document that are searched. Our assumption. */
const mostObjectives = 4;
/** The pause before a search, in which panels draw the results and the editor requests hints. Our assumption. */
const restSeconds = 0.5;
/** The requests of a short run, which guesses what a whole run will show. Our assumption. */
const guessRequests = 1024;
/** A document with long runs gets no search, to save the battery of a laptop. Our assumption. */
const mostSeconds = 60;

/**
 * The search for fixes of one design. Each candidate is a text that is compiled and simulated while no run of the user
 * waits. The fixes belong to the design with hash `hash`; the caller checks that the present text still has this
 * design.
 */
export class FixSearch {
  readonly hash: string;
  readonly uri: string;
  /** The text that the candidates change. */
  readonly text: string;
  private readonly objectives: readonly ObjectiveFixes[];
  /** The results of every scenario of the document. */
  private readonly results: RunResults;
  private readonly parts: SearchParts;
  private readonly whenFound: () => void;
  /** Counts starts, so that a loop of an earlier start stops when it continues. */
  private round = 0;
  private isRunning = false;
  private resting: Timer | undefined;
  private secondsSpent = 0;
  private wanted: ObjectiveFixes | undefined;
  private cancelTask: () => void = () => undefined;

  /** `whenFound` is called when the searches of an objective have ended and found a fix. */
  constructor(
    subject: { readonly uri: string; readonly hash: string; readonly text: string; readonly results: RunResults },
    broken: readonly BrokenObjective[],
    parts: SearchParts,
    whenFound: () => void,
  ) {
    this.hash = subject.hash;
    this.uri = subject.uri;
    this.text = subject.text;
    this.results = subject.results;
    this.parts = parts;
    this.whenFound = whenFound;
    this.objectives = broken
      .slice(0, mostObjectives)
      .map((one) => ({ broken: one, found: [], pending: [...fixKinds], waiting: new Set() }));
  }

  /** Starts after a pause, or continues where it was paused. */
  start(): void {
    if (this.isRunning) return;
    this.isRunning = true;
    this.resting = setTimeout(() => this.begin(), restSeconds * 1000);
  }

  pause(): void {
    this.isRunning = false;
    clearTimeout(this.resting);
    this.resting = undefined;
    this.round += 1;
    this.cancelTask();
    for (const { waiting } of this.objectives) wake(waiting);
  }

  /** Returns the fixes found so far, and searches this objective next. */
  foundFor(key: ObjectiveKey): readonly FoundFix[] {
    return this.of(key)?.found ?? [];
  }

  /**
   * Resolves when the searches of an objective have ended or are paused, or after the given time. They run before other
   * searches.
   */
  async wait(key: ObjectiveKey, mostSecondsWaited: number): Promise<void> {
    const objective = this.of(key);
    if (objective === undefined || objective.pending.length === 0 || !this.isRunning) return;
    this.wanted = objective;
    if (this.resting !== undefined) this.begin();
    await new Promise<void>((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        objective.waiting.delete(done);
        resolve();
      };
      const timer = setTimeout(done, mostSecondsWaited * 1000);
      objective.waiting.add(done);
    });
  }

  private begin(): void {
    clearTimeout(this.resting);
    this.resting = undefined;
    this.round += 1;
    void this.search(this.round);
  }

  private of(key: ObjectiveKey): ObjectiveFixes | undefined {
    return this.objectives.find(
      ({ broken: { place, objective } }) =>
        objective === key.objective && place.serve === key.serve && place.scenario === key.scenario,
    );
  }

  private async search(round: number): Promise<void> {
    for (;;) {
      const next =
        this.wanted !== undefined && this.wanted.pending.length > 0
          ? this.wanted
          : this.objectives.find(({ pending }) => pending.length > 0);
      const kind = next?.pending[0];
      if (next === undefined || kind === undefined || this.secondsSpent > mostSeconds) break;
      const found = await this.searchKind(kind, next.broken, round);
      if (this.round !== round) return;
      next.pending.shift();
      // The largest load that meets all objectives may equal the one that meets this objective.
      const isNew = !next.found.some(({ scenarioHash }) => scenarioHash === found?.scenarioHash);
      if (found !== null && isNew) next.found.push(found);
      if (next.pending.length > 0) continue;
      if (next.found.length > 0) this.whenFound();
      wake(next.waiting);
    }
    this.isRunning = false;
    for (const { waiting } of this.objectives) wake(waiting);
  }

  /** Returns null if no candidate of this kind meets the objective, or if this round is over. */
  private async searchKind(kind: FixKind, broken: BrokenObjective, round: number): Promise<FoundFix | null> {
    const plan = planOf(kind, broken);
    if (plan === undefined) return null;
    const tried = new Map<Candidate, { readonly scenarioHash: string; readonly outcomes: ObjectiveOutcomes }>();
    const scenarioWith = ({ changes }: Candidate): Scenario | undefined =>
      scenarioOf(this.parts.workspace, broken, applyChanges(this.text, changes));
    // If the serve has other violated objectives, the run must not stop at one of them before this objective is
    // decided.
    const endsAtViolation = plan.decidesOnly !== true && brokenCount(broken) === 1;
    const judge = async (candidate: Candidate): Promise<SloOutcome | null | undefined> => {
      const scenario = scenarioWith(candidate);
      if (scenario === undefined) return null;
      const outcomes = await this.simulate(scenario, endsAtViolation, round);
      if (!outcomes) return outcomes;
      tried.set(candidate, { scenarioHash: contentHash(scenario), outcomes });
      return plan.decidesOnly === true
        ? outcomeIfDecided(outcomes, broken)
        : outcomeIfMet(outcomes, broken, plan.meetsAll);
    };
    const guess = async (candidate: Candidate): Promise<Guess | null | undefined> => {
      const scenario = plan.decidesOnly === true ? undefined : scenarioWith(candidate);
      const short = scenario && shortened(scenario, guessRequests);
      if (short === undefined || short === scenario) return null;
      const outcomes = await this.simulate(short, endsAtViolation, round);
      const guessed = outcomes && guessFrom(outcomes, broken, plan.meetsAll);
      // A run of a stated length is judged at its end, so a shorter one proves nothing about it.
      return guessed === 'misses' && scenario?.duration.kind !== 'auto' ? 'over' : guessed;
    };
    const met = await firstMeeting(plan, judge, guess);
    const found = met && tried.get(met.candidate);
    if (!met || !found) return null;
    const { place, candidate, outcome } = met;
    const { scenarioHash, outcomes } = found;
    if (plan.decidesOnly === true) {
      const title = candidate.title(outcome, outcomes[broken.place.serve] ?? []);
      return { kind, place, changes: candidate.changes, scenarioHash, title, isClean: true };
    }
    const elsewhere = await this.harmElsewhere(broken, candidate, round);
    if (elsewhere === undefined) return null;
    const harms = [...harmHere(broken, outcomes), ...(elsewhere === null ? [] : [elsewhere])];
    // The title "Largest that meets" would suggest that all objectives are met.
    const missed = kind === 'load' ? stillMissed(broken, outcomes).map((text) => `${text} stays missed`) : [];
    const title = [
      candidate.title(outcome, outcomes[broken.place.serve] ?? []),
      ...missed,
      ...(harms.length > 0 ? [`but ${harms.join(' and ')}`] : []),
    ].join(', ');
    return { kind, place, changes: candidate.changes, scenarioHash, title, isClean: harms.length === 0 };
  }

  /**
   * The effect of a change on another scenario of the document that uses the same chip, scheduler or `let`, in words.
   * It names the first objective that becomes violated, else the first violated one that gets clearly worse. Null if
   * there is none, undefined if this round is over.
   */
  private async harmElsewhere(
    broken: BrokenObjective,
    candidate: Candidate,
    round: number,
  ): Promise<string | null | undefined> {
    const { program: before, uri, scenario: own } = broken.place;
    const after = this.parts.workspace.programWith(uri, applyChanges(this.text, candidate.changes));
    let worsened: string | null = null;
    for (const scenario of ownScenarios(after)) {
      const { name } = scenario;
      const known = this.results.find((result) => result.scenario === name);
      const old = ownScenarios(before).find((one) => one.name === name);
      if (name === own || known === undefined || old === undefined) continue;
      const changed = { ...scenario, compare: [] };
      if (contentHash(changed) === contentHash({ ...old, compare: [] })) continue;
      const isWhole = known.main.serves.every(({ slos }) => slos.every(({ verdict }) => verdict === 'met'));
      const outcomes = await this.simulate(changed, isWhole, round);
      if (outcomes === undefined) return undefined;
      if (outcomes === null) return `${name} could not be simulated with it`;
      const spoiled = spoiledBy(known, outcomes);
      if (spoiled !== undefined) return `${name} then misses its ${spoiled.slo.text}`;
      worsened ??= worsenedBy(known, outcomes, () => `${name}'s `)[0] ?? null;
    }
    return worsened;
  }

  /** Null if the simulation failed twice (a dead thread is replaced once). Undefined if this round is over. */
  private async simulate(
    scenario: Scenario,
    endsAtViolation: boolean,
    round: number,
  ): Promise<ObjectiveOutcomes | null | undefined> {
    let hasFailed = false;
    for (;;) {
      if (this.round !== round) return undefined;
      let startedAt = this.parts.now();
      const outcomes = await new Promise<ObjectiveOutcomes | null | undefined>((resolve) => {
        this.cancelTask = this.parts.simulation.run(
          { type: 'objectives', scenario, endsAtViolation },
          {
            started: () => {
              startedAt = this.parts.now();
            },
            settle: (outcome) => {
              if (outcome.kind === 'done') resolve(unpack<ObjectiveOutcomes>(outcome.results));
              else resolve(outcome.kind === 'failed' ? null : undefined);
            },
          },
          'idle',
        );
      });
      if (this.round !== round) return undefined;
      // A request of the user cancelled the simulation. Simulate again when the lanes are idle.
      if (outcomes === undefined) continue;
      this.secondsSpent += this.parts.now() - startedAt;
      if (outcomes !== null || hasFailed) return outcomes;
      hasFailed = true;
    }
  }
}

function wake(waiting: ReadonlySet<() => void>): void {
  for (const done of [...waiting]) done();
}
