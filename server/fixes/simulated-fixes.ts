import {
  type CancellationToken,
  type CodeAction,
  CodeActionKind,
  LSPErrorCodes,
  type Diagnostic as LspDiagnostic,
  type Range,
  ResponseError,
} from 'vscode-languageserver/node';
import { hasErrors, type Scenario, type ScenarioResult, type SloOutcome } from '../../design/index.ts';
import { applyChanges } from '../../language/index.ts';
import { type RunResults, unpack } from '../../protocol/index.ts';
import { type FeatureContext, fileOf, rangeOf } from '../features/context.ts';
import type { SimulationHost } from '../simulation-host.ts';
import { type BrokenObjective, type Candidate, type FixKind, type FixPlan, fixKinds, planOf } from './plans.ts';
import { firstMeeting } from './search.ts';

/** What an offered action is resolved by. */
interface FixKey {
  readonly uri: string;
  readonly version: number | null;
  readonly kind: FixKind;
  readonly scenario: string;
  readonly serve: number;
  readonly objective: number;
}

/**
 * Quick fixes for objectives that are not met. Offering one costs nothing; taking it searches by simulation, with the very texts that the
 * fix would leave behind, so that what is applied is what was simulated. Any run that a person waits for cancels a search.
 */
export class SimulatedFixes {
  private readonly context: FeatureContext;
  private readonly simulation: SimulationHost;
  private readonly searches = new Set<() => void>();

  constructor(context: FeatureContext, simulation: SimulationHost) {
    this.context = context;
    this.simulation = simulation;
  }

  /** For the objectives in a range that the newest results, if they still hold, find broken. */
  offers(uri: string, range: Range, diagnostics: readonly LspDiagnostic[]): readonly CodeAction[] {
    const lines = fileOf(this.context, uri)?.file.lines;
    if (lines === undefined || !this.context.client().resolvesEdits) return [];
    const start = lines.offsetAt(range.start);
    const end = lines.offsetAt(range.end);
    return this.broken(uri)
      .filter(({ outcome: { slo } }) => slo.origin.uri === uri && slo.origin.start <= end && slo.origin.end >= start)
      .flatMap((broken) => {
        const own = rangeOf(lines, broken.outcome.slo.origin);
        const about = diagnostics.filter((one) => one.source === 'stimpack' && one.range.start.line === own.start.line);
        return fixKinds.flatMap((kind): readonly CodeAction[] => {
          const plan = planOf(kind, broken);
          if (plan === undefined) return [];
          const data: FixKey = {
            uri,
            version: this.context.workspace.version(uri),
            kind,
            scenario: broken.place.scenario,
            serve: broken.place.serve,
            objective: broken.objective,
          };
          return [{ title: plan.title, kind: CodeActionKind.QuickFix, diagnostics: about, data }];
        });
      });
  }

  /** Searches, and puts the edit into the action; what to tell a person where there is none: nothing that was tried meets. */
  async resolve(action: CodeAction, token: CancellationToken): Promise<CodeAction | string> {
    const key = action.data as FixKey | undefined;
    if (key === undefined) return action;
    const { workspace } = this.context;
    const file = fileOf(this.context, key.uri)?.file;
    const broken = this.broken(key.uri).find(
      ({ place, objective }) =>
        place.scenario === key.scenario && place.serve === key.serve && objective === key.objective,
    );
    if (file === undefined || broken === undefined || workspace.version(key.uri) !== key.version) {
      return 'The text has changed since: save it and try again.';
    }
    const plan = planOf(key.kind, broken);
    const found = plan && (await this.search(plan, broken, file.text, token));
    if (workspace.version(key.uri) !== key.version || found === 'cancelled') {
      throw new ResponseError(LSPErrorCodes.RequestCancelled, 'The search was cancelled.');
    }
    if (plan === undefined || found === undefined) return nothingMeets(plan, broken.outcome);
    const edits = found.changes.map((change) => ({ range: rangeOf(file.lines, change), newText: change.newText }));
    return { ...action, edit: { changes: { [key.uri]: edits } } };
  }

  /** A person waits for something else now. */
  cancelAll(): void {
    for (const cancel of [...this.searches]) cancel();
  }

  private async search(
    plan: FixPlan,
    broken: BrokenObjective,
    text: string,
    token: CancellationToken,
  ): Promise<Candidate | 'cancelled' | undefined> {
    let isCancelled = false;
    let cancelRun = (): void => undefined;
    const cancel = (): void => {
      isCancelled = true;
      cancelRun();
    };
    this.searches.add(cancel);
    const registration = token.onCancellationRequested(cancel);
    try {
      const found = await firstMeeting(plan.candidates, async ({ changes }) => {
        if (isCancelled) return undefined;
        const scenario = this.scenarioWith(broken, applyChanges(text, changes));
        if (scenario === undefined) return false;
        const result = await new Promise<ScenarioResult | undefined>((resolve) => {
          cancelRun = this.simulation.run(
            { type: 'run', scenarios: [{ ...scenario, compare: [] }] },
            {
              settle: (outcome) =>
                resolve(outcome.kind === 'done' ? unpack<RunResults>(outcome.results)[0] : undefined),
            },
          );
        });
        if (isCancelled) return undefined;
        return result !== undefined && meets(result, broken);
      });
      return isCancelled ? 'cancelled' : found;
    } finally {
      registration.dispose();
      this.searches.delete(cancel);
    }
  }

  /** The scenario as the changed text would have it; undefined where that has errors. */
  private scenarioWith({ place }: BrokenObjective, text: string): Scenario | undefined {
    const program = this.context.workspace.programWith(place.uri, text);
    if (hasErrors(program.diagnostics)) return undefined;
    return program.design.scenarios.find((one) => one.name === place.scenario && one.origin.uri === place.uri);
  }

  private broken(uri: string): readonly BrokenObjective[] {
    const known = this.context.results(uri);
    const program = fileOf(this.context, uri)?.program;
    if (known?.phase !== 'fresh' || program === undefined) return [];
    return known.results.flatMap((result) => {
      const scenario = program.design.scenarios.find((one) => one.name === result.scenario);
      if (scenario === undefined) return [];
      return result.main.serves.flatMap(({ slos }, serve) =>
        slos.flatMap((outcome, objective) => {
          if (outcome.verdict === 'met') return [];
          const place = { program, uri, scenario: scenario.name, serve };
          return [{ place, scenario, outcome, objective, before: result }];
        }),
      );
    });
  }
}

/** The objective is met, and none that was not missed before is missed for it. */
function meets(result: ScenarioResult, { place, objective, before }: BrokenObjective): boolean {
  if (result.main.serves[place.serve]?.slos[objective]?.verdict !== 'met') return false;
  return before.main.serves.every(({ slos }, serve) =>
    slos.every(
      ({ verdict }, index) => verdict === 'violated' || result.main.serves[serve]?.slos[index]?.verdict !== 'violated',
    ),
  );
}

function nothingMeets(plan: FixPlan | undefined, { slo }: SloOutcome): string {
  const last = plan?.candidates.at(-1)?.says;
  return last === undefined
    ? `Nothing of this kind can be changed in this text for ${slo.text}.`
    : `${slo.text} cannot be met like this: not even with ${last}.`;
}
