import { setImmediate as nextTurn } from 'node:timers/promises';
import { explorationHash, loadProgram, type SourceStore, sloDiagnostics } from '../engine/index.ts';
import type { Program } from '../language/index.ts';
import { ChipTables, capacity, costModel, exploreDesigns, KeptRuns, simulateScenario } from '../simulator/index.ts';
import { detailOptions } from './detail-options.ts';
import type { Engine } from './engine.ts';
import { exploreInThreads, ThreadPool } from './simulation-threads.ts';

/** A design that takes longer in this thread continues in another one, because a signal waits for its end here. Our assumption. */
const mostHereMilliseconds = 1000;

/**
 * The engine on a store of files. `worker` is the bundle of the simulation threads. Without it, the simulation runs in this thread and
 * cannot be stopped.
 */
export function engineOn(sources: SourceStore, worker?: string): Engine {
  const programs = new Map<string, Promise<Program>>();
  const given = new Map<string, string>();
  let threads = Number.POSITIVE_INFINITY;
  const { keep } = new ChipTables();
  const runs = new KeptRuns();
  const pool = worker === undefined ? undefined : new ThreadPool(worker);
  const open = (uri: string): Promise<Program> => {
    const program = programs.get(uri) ?? loadProgram(uri, sources, { text: (each) => given.get(each) });
    programs.set(uri, program);
    return program;
  };
  return {
    open,
    readingFrom: (reader) => engineOn(sources.readingFrom(reader), worker),
    isLibrary: (uri) => sources.isLibrary(uri),
    files: async (uri) => [...(await open(uri)).files.values()].map(({ uri: file, text }) => ({ uri: file, text })),
    giveText: (uri, text) => {
      given.set(uri, text);
      programs.clear();
      pool?.endIdle();
    },
    refresh: async () => {
      const changed = await sources.refresh((uri) => !sources.isLibrary(uri));
      if (changed.size > 0) {
        programs.clear();
        given.clear();
        pool?.endIdle();
      }
      return changed.size > 0;
    },
    limitThreads: (count) => {
      threads = count;
    },
    filesRead: () => sources.uris(),
    readText: (uri) => given.get(uri) ?? sources.loadedText(uri),
    simulate: async (scenario, onProgress, stop) =>
      pool === undefined
        ? simulateScenario(scenario, { onProgress })
        : pool.run({ type: 'run', scenario }, onProgress, stop),
    capacity: async (scenario, onProgress, stop) =>
      pool === undefined
        ? capacity(scenario, { onProgress })
        : pool.run({ type: 'capacity', scenario }, onProgress, stop),
    exploration: async (uri, name) => {
      const program = await open(uri);
      const candidates = program.candidates(name);
      return candidates && { candidates, hash: explorationHash(candidates, program.design) };
    },
    explore: async (uri, exploration, designs, watching, stop) => {
      const { onProgress, onPart, isUnattended = false } = watching;
      const inThreads = (from: number): Promise<void> => {
        if (pool === undefined)
          throw new Error(`exploration '${exploration}' ended as cancelled, but nothing cancelled it`);
        const name = { uri, exploration, given: [...given] };
        const onTried = (tried: number): void => onProgress(from + tried);
        return exploreInThreads(pool, name, designs.slice(from), { threads, onPart, onProgress: onTried }, stop);
      };
      if (pool !== undefined && (threads > 1 || !isUnattended)) return inThreads(0);
      const program = await open(uri);
      const candidates = program.candidates(exploration);
      if (candidates === undefined) throw new Error(`exploration '${exploration}' was opened, and is not there`);
      const { goals, constraints = [] } = candidates.exploration;
      const details = detailOptions(program.design, candidates.exploration);
      for (const [done, design] of designs.entries()) {
        if (stop.aborted) break;
        const numbered = [{ design, candidate: candidates.design(design) }];
        const onShare = (share: number): void => onProgress(done + share);
        const begun = performance.now();
        const isCancelled = (): boolean => pool !== undefined && performance.now() - begun > mostHereMilliseconds;
        const options = { keep, runs, constraints, details, isCancelled, onProgress: onShare };
        const found = exploreDesigns(goals, numbered, options);
        if (found === undefined) return inThreads(done);
        onPart(found);
        // A signal arrives between two designs.
        await nextTurn();
      }
    },
    sloDiagnostics,
    costModel,
  };
}
