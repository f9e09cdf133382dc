import {
  type Caveat,
  type CaveatCode,
  type CaveatEffect,
  type Diagnostic,
  type DiagnosticCode,
  diagnosticAt,
  type Message,
  type OperatorAssumption,
  type Origin,
  type UsedAssumption,
} from '../../design/index.ts';
import { onnxMessages } from '../messages/index.ts';

/** Beyond this many warnings a summary says how many more there were. */
const maxWarnings = 40;

export interface SavedReports {
  readonly diagnostics: number;
  readonly caveats: number;
  readonly warnings: number;
  readonly assumed: ReadonlyMap<string, number>;
}

/** What the importer reports about one graph: warnings, caveats, and what the user takes responsibility for. */
export class Reports {
  readonly diagnostics: Diagnostic[] = [];
  readonly caveats: Caveat[] = [];
  private warnings = 0;
  /** By operator type: how often the user's assumption was used. */
  private readonly assumed = new Map<string, { readonly assumption: OperatorAssumption; nodes: number }>();
  private readonly origin: Origin;

  constructor(origin: Origin, assumptions: readonly OperatorAssumption[]) {
    this.origin = origin;
    for (const assumption of assumptions) {
      if (!this.assumed.has(assumption.operator)) this.assumed.set(assumption.operator, { assumption, nodes: 0 });
    }
  }

  /** Something that every reader should know. Beyond a number of messages they are only counted. */
  report(message: Message): void {
    if (++this.warnings > maxWarnings) return;
    this.diagnostics.push(diagnosticAt(this.origin, message));
  }

  /** A guess that results depend on: reported now, and shown beside each verdict. The message says how to accept or to correct it. */
  caveat(message: Message<CaveatCode & DiagnosticCode>, effect: CaveatEffect): void {
    this.report(message);
    this.caveats.push({ code: message.code, origin: this.origin, text: message.text, effect });
  }

  /**
   * How the user says that an operator type is counted; undefined where the block says nothing. Call it where an operator is not
   * understood: the result lists what was used, and an assumption that nothing needed is reported.
   */
  assumptionFor(operator: string, nodes: number): OperatorAssumption | undefined {
    const known = this.assumed.get(operator);
    if (known !== undefined) known.nodes += nodes;
    return known?.assumption;
  }

  /** The assumptions that the network depends on. Those that nothing needed are reported at their places. */
  usedAssumptions(): readonly UsedAssumption[] {
    const used: UsedAssumption[] = [];
    for (const { assumption, nodes } of this.assumed.values()) {
      if (nodes > 0) used.push({ ...assumption, nodes });
      else {
        const unused = onnxMessages.unusedAssumption({ operator: assumption.operator });
        this.diagnostics.push(diagnosticAt(assumption.origin, unused));
      }
    }
    return used;
  }

  /** Reports how many warnings were left out. */
  finish(): void {
    if (this.warnings <= maxWarnings) return;
    const more = onnxMessages.moreWarnings({ count: this.warnings - maxWarnings });
    this.diagnostics.push(diagnosticAt(this.origin, more));
  }

  save(): SavedReports {
    return {
      diagnostics: this.diagnostics.length,
      caveats: this.caveats.length,
      warnings: this.warnings,
      assumed: new Map([...this.assumed].map(([operator, { nodes }]) => [operator, nodes])),
    };
  }

  restore(saved: SavedReports): void {
    this.diagnostics.length = saved.diagnostics;
    this.caveats.length = saved.caveats;
    this.warnings = saved.warnings;
    for (const [operator, known] of this.assumed) known.nodes = saved.assumed.get(operator) ?? 0;
  }
}
