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
import type { SourceReader } from '../engine/index.ts';
import type { ExploredDesigns } from '../simulator/index.ts';

/** An exploration of a file, and the hash of everything that its designs contain. */
export interface OpenedExploration {
  readonly candidates: Candidates;
  readonly hash: string;
}

/** What a command receives while designs are tried. */
export interface ExploreWatching {
  /** Called with the number of designs that were tried. It includes fractions of the current ones. */
  readonly onProgress: (tried: number) => void;
  /** Called with designs as soon as they are finished, each once. */
  readonly onPart: (part: ExploredDesigns) => void;
  /**
   * Whether a scheduler started the command and not a person. With one thread, the main thread then tries the designs: a start takes half the
   * processor time. A signal is noticed at the end of a design, so designs that take more than a second get a thread.
   */
  readonly isUnattended?: boolean;
}

export interface ProgramFile {
  readonly uri: string;
  readonly text: string;
}

/** The part of the engine that commands need, so that tests can replace it. `main.ts` passes the real engine. */
export interface Engine {
  /** Reads a file and its imports. The diagnostics are those of all files. */
  open(uri: string): Promise<{ readonly design: Design; readonly diagnostics: readonly Diagnostic[] }>;
  /** Another engine with the same library, whose other files come from this reader: a revision of a repository, for example. */
  readingFrom(reader: SourceReader): Engine;
  /** Whether a file belongs to the library. */
  isLibrary(uri: string): boolean;
  /** The .npu files of a program and their texts, the file itself first. */
  files(uri: string): Promise<readonly ProgramFile[]>;
  /** Uses this text for a file from now on, instead of the text on the disk. The file need not exist. */
  giveText(uri: string, text: string): void;
  /** Reads the files that have changed since they were read, and drops given texts if any did. Returns whether any did. */
  refresh(): Promise<boolean>;
  /** Uses at most this number of threads for an exploration. */
  limitThreads(count: number): void;
  /** URIs of all files that were read for designs, or that were needed and could not be read: designs, networks, traces and the library. */
  filesRead(): readonly string[];
  /** The text of a .npu file that `open` has read. Undefined for every other file. */
  readText(uri: string): string | undefined;
  /** Undefined if it was stopped. */
  simulate(
    scenario: Scenario,
    onProgress: (fraction: number) => void,
    stop: AbortSignal,
  ): Promise<ScenarioResult | undefined>;
  /** The largest load that meets all objectives of a scenario. Undefined if it was stopped. */
  capacity(
    scenario: Scenario,
    onProgress: (fraction: number) => void,
    stop: AbortSignal,
  ): Promise<Capacity | undefined>;
  /** The exploration with this name, of a file without errors. */
  exploration(uri: string, name: string): Promise<OpenedExploration | undefined>;
  /**
   * Tries some designs of an exploration on all cores. `watching.onPart` gets the results, in any order. If it is stopped, it got the finished designs.
   */
  explore(
    uri: string,
    exploration: string,
    designs: readonly number[],
    watching: ExploreWatching,
    stop: AbortSignal,
  ): Promise<void>;
  /** One diagnostic for each objective that is not met. */
  sloDiagnostics(result: ScenarioResult, scenario: Scenario): readonly Diagnostic[];
  costModel(npu: Npu, model: Model, mode: Mode, batch: number): ModelCost;
}
