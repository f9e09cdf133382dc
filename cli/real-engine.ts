import { type FileHost, openProgram, sloDiagnostics } from '../engine/index.ts';
import { capacity, costModel, simulateScenario } from '../simulator/index.ts';
import type { Engine } from './engine.ts';

/** The engine on a file host. */
export function engineOn(host: FileHost): Engine {
  return {
    open: (uri) => openProgram(uri, host),
    readText: (uri) => host.readText(uri),
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
    sloDiagnostics,
    costModel,
  };
}
