import { explorationHash, loadProgram, type SourceStore, sloDiagnostics } from '../engine/index.ts';
import type { Program } from '../language/index.ts';
import { capacity, costModel, exploreDesigns, simulateScenario } from '../simulator/index.ts';
import type { Engine } from './engine.ts';
import { exploreInThreads } from './explore-threads.ts';

/** The engine on a store of files. `explorer` is the bundle of the thread that tries designs; without it, they are tried in this one. */
export function engineOn(sources: SourceStore, explorer?: string): Engine {
  const programs = new Map<string, Promise<Program>>();
  const open = (uri: string): Promise<Program> => {
    const program = programs.get(uri) ?? loadProgram(uri, sources);
    programs.set(uri, program);
    return program;
  };
  return {
    open,
    readText: (uri) => sources.loadedText(uri),
    simulate: (scenario, onProgress) => {
      const result = simulateScenario(scenario, { onProgress });
      if (result === undefined) throw new Error(`the run of ${scenario.name} was cancelled, and nobody cancelled it`);
      return result;
    },
    capacity: (scenario, onProgress) => {
      const result = capacity(scenario, { onProgress });
      if (result === undefined)
        throw new Error(`the search for ${scenario.name} was cancelled, and nobody cancelled it`);
      return result;
    },
    exploration: async (uri, name) => {
      const program = await open(uri);
      const candidates = program.candidates(name);
      return candidates && { candidates, hash: explorationHash(candidates, program.design) };
    },
    explore: async (uri, exploration, designs, onProgress) => {
      if (explorer !== undefined) return exploreInThreads(explorer, { uri, exploration }, designs, onProgress);
      const candidates = (await open(uri)).candidates(exploration);
      if (candidates === undefined) throw new Error(`exploration '${exploration}' was opened, and is not there`);
      const numbered = designs.map((design) => ({ design, candidate: candidates.design(design) }));
      const found = exploreDesigns(candidates.exploration.goals, numbered, { onProgress });
      if (found === undefined) throw new Error(`exploration '${exploration}' was cancelled, and nobody cancelled it`);
      return [found];
    },
    sloDiagnostics,
    costModel,
  };
}
