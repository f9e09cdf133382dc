import { affectsServe } from '../../design/index.ts';
import { contentHash } from '../../engine/index.ts';
import { applyChanges, type SourceFile, type TextChange } from '../../language/index.ts';
import type { RunState } from '../../protocol/index.ts';
import { type FeatureContext, fileOf, rangeOf } from '../features/context.ts';
import { workspaceEdit } from '../features/workspace-edit.ts';
import { type CodeAction, CodeActionKind, type Diagnostic as LspDiagnostic, type Range } from '../lsp.ts';
import { scenarioOf } from './candidate-outcome.ts';
import type { BrokenObjective } from './fix-plan.ts';
import { FixSearch, type FoundFix, type SearchParts } from './fix-search.ts';
import { planOf } from './plans.ts';

/** How many seconds a user who requests fixes waits for those that are still being searched. Our assumption. */
const patienceSeconds = 2;

/**
 * Quick fixes for objectives that are not met. The search starts when a run has ended, and simulates the exact text
 * that each fix would produce. So each offer was simulated and meets its objective, and its title reports the outcome.
 */
export class SimulatedFixes {
  private readonly context: FeatureContext;
  private readonly parts: SearchParts;
  private readonly whenFound: (uri: string) => void;
  private readonly searches = new Map<string, FixSearch>();

  /** `whenFound` is called with each document that has a new offer. */
  constructor(context: FeatureContext, parts: SearchParts, whenFound: (uri: string) => void) {
    this.context = context;
    this.parts = parts;
    this.whenFound = whenFound;
  }

  /** Handles new results of a document, or a change between fresh and stale. */
  stateChanged({ uri, phase, hash }: Pick<RunState, 'uri' | 'phase' | 'hash'>): void {
    const search = this.searches.get(uri);
    if (phase !== 'fresh' || hash === null) {
      search?.pause();
      return;
    }
    if (search?.hash === hash) {
      search.start();
      return;
    }
    this.forget(uri);
    const broken = this.broken(uri);
    const file = fileOf(this.context, uri)?.file;
    if (broken.length === 0 || file === undefined) return;
    const results = this.context.results(uri)?.results ?? [];
    const subject = { uri, hash, text: file.text, results };
    const begun = new FixSearch(subject, broken, this.parts, () => this.whenFound(uri));
    this.searches.set(uri, begun);
    begun.start();
  }

  forget(uri: string): void {
    this.searches.get(uri)?.pause();
    this.searches.delete(uri);
  }

  /**
   * The fixes for the objectives in a range that were found so far. If a user requests them, waits a limited time for
   * more.
   */
  async offers(
    uri: string,
    range: Range,
    diagnostics: readonly LspDiagnostic[],
    isAsked: boolean,
  ): Promise<readonly CodeAction[]> {
    const lines = fileOf(this.context, uri)?.file.lines;
    const search = this.searches.get(uri);
    if (lines === undefined || search === undefined) return [];
    const start = lines.offsetAt(range.start);
    const end = lines.offsetAt(range.end);
    const touched = this.broken(uri).filter(
      ({ outcome: { slo } }) => slo.origin.uri === uri && slo.origin.start <= end && slo.origin.end >= start,
    );
    if (isAsked) {
      const waits = touched.map(({ place, objective }) => search.wait({ ...place, objective }, patienceSeconds));
      await Promise.all(waits);
    }
    // Another text or another run may have arrived during the wait.
    const file = fileOf(this.context, uri)?.file;
    if (file === undefined || this.searches.get(uri) !== search) return [];
    const offered = this.broken(uri).flatMap((broken) => {
      if (!touched.some((one) => isSameObjective(one, broken))) return [];
      const own = rangeOf(file.lines, broken.outcome.slo.origin);
      const about = diagnostics.filter((one) => one.source === 'stimpack' && one.range.start.line === own.start.line);
      return search.foundFor({ ...broken.place, objective: broken.objective }).flatMap((fix) => {
        const changes = this.changesNow(fix, search, broken, file);
        if (changes === undefined) return [];
        const edits = changes.map((change) => ({ range: rangeOf(file.lines, change), newText: change.newText }));
        const action: CodeAction = {
          title: fix.title,
          kind: CodeActionKind.QuickFix,
          diagnostics: about,
          edit: workspaceEdit(this.context, new Map([[uri, edits]])),
        };
        return [{ action, isClean: fix.isClean }];
      });
    });
    // Fixes that make another objective worse come last.
    return [true, false].flatMap((clean) =>
      offered.flatMap(({ action, isClean }) => (isClean === clean ? [action] : [])),
    );
  }

  /**
   * The fix as a change of the present text; undefined if the result would differ from the design that was simulated.
   */
  private changesNow(
    fix: FoundFix,
    search: FixSearch,
    broken: BrokenObjective,
    file: SourceFile,
  ): readonly TextChange[] | undefined {
    if (file.text === search.text) return fix.changes;
    // The text may differ in words only: a comment, a moved block.
    const changes = planOf(fix.kind, broken)?.candidate(fix.place)?.changes;
    const scenario = changes && scenarioOf(this.context.workspace, broken, applyChanges(file.text, changes));
    return scenario !== undefined && contentHash(scenario) === fix.scenarioHash ? changes : undefined;
  }

  private broken(uri: string): readonly BrokenObjective[] {
    const known = this.context.results(uri);
    const program = fileOf(this.context, uri)?.program;
    if (known?.phase !== 'fresh' || program === undefined) return [];
    return known.results.flatMap((result) => {
      const scenario = program.design.scenarios.find((one) => one.name === result.scenario);
      if (scenario === undefined) return [];
      const { serves, caveats } = result.main;
      return serves.flatMap(({ name, slos }, serve) => {
        // If a caveat could change the verdict, no design can be proved to meet the objective, so there is no search.
        const isOpen = caveats.some((caveat) => caveat.effect.kind !== 'none' && affectsServe(caveat, name));
        return slos.flatMap((outcome, objective) => {
          if (outcome.verdict === 'met' || isOpen) return [];
          const place = { program, uri, scenario: scenario.name, serve };
          return [{ place, scenario, outcome, objective, before: result }];
        });
      });
    });
  }
}

function isSameObjective(a: BrokenObjective, b: BrokenObjective): boolean {
  return a.objective === b.objective && a.place.serve === b.place.serve && a.place.scenario === b.place.scenario;
}
