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

/** After this number of warnings, one summary counts the others. */
const maxWarnings = 40;

export interface SavedReports {
  readonly diagnostics: number;
  readonly caveats: number;
  readonly warnings: number;
  readonly assumed: ReadonlyMap<string, number>;
}

/** The messages of the importer about one graph: warnings, caveats, and the assumptions of the user that it used. */
export class Reports {
  readonly diagnostics: Diagnostic[] = [];
  readonly caveats: Caveat[] = [];
  private warnings = 0;
  /** For each operator type: how often the assumption of the user was used. */
  private readonly assumed = new Map<string, { readonly assumption: OperatorAssumption; nodes: number }>();
  private readonly origin: Origin;

  constructor(origin: Origin, assumptions: readonly OperatorAssumption[]) {
    this.origin = origin;
    for (const assumption of assumptions) {
      if (!this.assumed.has(assumption.operator)) this.assumed.set(assumption.operator, { assumption, nodes: 0 });
    }
  }

  /** Reports a message of general interest. After `maxWarnings` messages, the others are only counted. */
  report(message: Message): void {
    if (++this.warnings > maxWarnings) return;
    this.diagnostics.push(diagnosticAt(this.origin, message));
  }

  /** Reports a guess on which results depend, now and next to each verdict. The message states how to accept or correct it. */
  caveat(message: Message<CaveatCode & DiagnosticCode>, effect: CaveatEffect): void {
    this.report(message);
    this.caveats.push({ code: message.code, origin: this.origin, text: message.text, effect });
  }

  /**
   * The user's assumption for an operator type. Undefined if the block has none. Call this only if an operator is not supported: the result
   * lists each assumption that was used, and an unused assumption is reported.
   */
  assumptionFor(operator: string, nodes: number): OperatorAssumption | undefined {
    const known = this.assumed.get(operator);
    if (known !== undefined) known.nodes += nodes;
    return known?.assumption;
  }

  /** The assumptions on which the network depends. Unused assumptions are reported where they are written. */
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
