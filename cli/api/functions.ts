import type { CapacityResult, Diagnostic, ExplorationResult, SimulationResult } from './results.ts';

/*
 * The functions of the npm package (docs/api.md). The build copies this file into the package as a declaration file, so it contains only types.
 */

export type * from './results.ts';

/** The version of the package, such as `0.1.0`. */
export declare const version: string;

/** The file of a design: a path, relative to `directory`. Or its text, whose imports are relative to `directory`. */
export type DesignSource = { readonly file: string } | { readonly text: string };

export interface OpenOptions {
  /** Values that replace those of `let` lines, written in the language: `{ peak: '9000 rps' }`. A number is a value without a unit. */
  readonly settings?: { readonly [name: string]: string | number };
  /** The working directory of the process by default. */
  readonly directory?: string;
}

/** A design as it was when it was opened. Later changes of its .npu files have no effect on it. */
export interface Design {
  /** As given. Null if the text was given. Diagnostics then name the file `<stdin>`. */
  readonly file: string | null;
  /** Whether `diagnostics` has an error. Such a design is not simulated. */
  readonly hasErrors: boolean;
  readonly diagnostics: readonly Diagnostic[];
  /** Names of all scenarios, imported ones included. */
  readonly scenarios: readonly string[];
  /** Names of its `explore` blocks. */
  readonly explorations: readonly string[];
}

export interface WorkOptions {
  /** Stops the work within milliseconds. The promise is then rejected with `signal.reason`. */
  readonly signal?: AbortSignal;
}

export interface SimulateOptions extends WorkOptions {
  /** The name of one scenario. By default, all scenarios that the file itself declares. */
  readonly scenario?: string;
  /** Replaces the seed of the scenario: a whole number from 0 to 4,294,967,295. */
  readonly seed?: number;
  /** The largest number of scenarios to simulate at the same time. 1 by default. The result is the same for every number. */
  readonly threads?: number;
}

export interface CapacityOptions extends WorkOptions {
  /** The name of one scenario. By default, all scenarios that the file itself declares. */
  readonly scenario?: string;
}

export interface ExploreOptions extends WorkOptions {
  /** The name of the `explore` block. Needed only if the design has several. */
  readonly exploration?: string;
  /** Tries only some of the designs, as chosen by this search, or all of them (`grid`). By default, as the block states. */
  readonly search?: 'grid' | 'random' | 'sobol' | 'nsga2';
  /** Of a search: the number of designs to try. */
  readonly budget?: number;
  /** Of a search: another seed gives other designs. */
  readonly seed?: number;
  /** The largest number of designs to try at the same time. By default, one for each core. The result is the same for every number. */
  readonly threads?: number;
}

/**
 * Reads and checks a design and everything that it imports. A missing file or an error in the design is not an exception: it is in
 * `diagnostics`. A string is the path of a file.
 *
 * @throws {TypeError} if an argument has a wrong type, or an option does not exist.
 */
export declare function open(source: string | DesignSource, options?: OpenOptions): Promise<Design>;

/**
 * Simulates the scenarios of a design in threads. The same design and seed give the same result on every platform.
 *
 * @throws {TypeError} if an argument has a wrong type, or an option does not exist.
 */
export declare function simulate(design: Design, options?: SimulateOptions): Promise<SimulationResult>;

/**
 * Finds the largest load at which a scenario meets all its objectives, with one factor on all arrivals.
 *
 * @throws {TypeError} if an argument has a wrong type, or an option does not exist.
 */
export declare function capacity(design: Design, options?: CapacityOptions): Promise<CapacityResult>;

/**
 * Simulates the designs of an `explore` block in threads, and marks those on the Pareto front.
 *
 * @throws {TypeError} if an argument has a wrong type, or an option does not exist.
 */
export declare function explore(design: Design, options?: ExploreOptions): Promise<ExplorationResult>;
