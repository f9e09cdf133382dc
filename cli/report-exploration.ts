import { type ExplorationResult, exploredVerdicts } from '../design/index.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import { type ExploredFile, explorationCsv } from './json/exploration.ts';
import { renderExplorationReport } from './render/exploration-report.ts';

/** Reports for people, or as a table. */
export function reportExploration(
  result: ExplorationResult,
  explored: ExploredFile,
  format: string,
  { terminal }: CommandContext,
): void {
  if (format === 'csv') terminal.out(explorationCsv(result, explored.shard));
  else terminal.out(renderExplorationReport(result, explored, terminal.look));
}

/** 0 if a design meets all objectives and all designs were tried. `wanted`: the number of designs, if a search tries fewer. */
export function exitCodeOf(result: ExplorationResult, wanted: number = result.count): ExitCode {
  const isMet = result.verdicts.includes(exploredVerdicts.indexOf('met'));
  return isMet && result.tried >= wanted ? exitCodes.ok : exitCodes.unmet;
}
