import type {
  Candidates,
  Capacity,
  Design,
  Diagnostic,
  Mode,
  Model,
  ModelCost,
  Npu,
  Scenario,
  ScenarioResult,
} from '../design/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';

/** An exploration of a file, and the hash of all that its designs are made of. */
export interface OpenedExploration {
  readonly candidates: Candidates;
  readonly hash: string;
}

/** What commands need of the engine, so that they are tested without one. `main.ts` wires the real one in. */
export interface Engine {
  /** Reads a file and all that it imports. Diagnostics of all of them. */
  open(uri: string): Promise<{ readonly design: Design; readonly diagnostics: readonly Diagnostic[] }>;
  /** Text of a .npu file that `open` has read; undefined for every other file. */
  readText(uri: string): string | undefined;
  /** undefined where it was stopped. */
  simulate(
    scenario: Scenario,
    onProgress: (fraction: number) => void,
    stop: AbortSignal,
  ): Promise<ScenarioResult | undefined>;
  /** The largest load that meets all objectives of a scenario. undefined where it was stopped. */
  capacity(
    scenario: Scenario,
    onProgress: (fraction: number) => void,
    stop: AbortSignal,
  ): Promise<Capacity | undefined>;
  /** An exploration of a file without errors, by its name. */
  exploration(uri: string, name: string): Promise<OpenedExploration | undefined>;
  /** Tries some designs of an exploration, on all cores; in parts of no stated order. If it is stopped, those that were finished. */
  explore(
    uri: string,
    exploration: string,
    designs: readonly number[],
    onProgress: (tried: number) => void,
    stop: AbortSignal,
  ): Promise<readonly ExploredDesigns[]>;
  /** One diagnostic per SLO that is not met. */
  sloDiagnostics(result: ScenarioResult, scenario: Scenario): readonly Diagnostic[];
  costModel(npu: Npu, model: Model, mode: Mode, batch: number): ModelCost;
}
