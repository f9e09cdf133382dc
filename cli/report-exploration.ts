import { designsToTry, type ExplorationResult, exploredVerdicts } from '../design/index.ts';
import type { CommandContext } from './command.ts';
import { type ExitCode, exitCodes } from './exit-code.ts';
import type { ExploredFile } from './json/exploration.ts';
import { renderExplorationReport } from './render/exploration-report.ts';
import { explorationCsv } from './result-table.ts';

/** Reports for people, or as a table. */
export function reportExploration(
  result: ExplorationResult,
  explored: ExploredFile,
  format: string,
  { terminal }: CommandContext,
): void {
  if (format === 'csv') terminal.out(explorationCsv(result, explored));
  else terminal.out(renderExplorationReport(result, explored, terminal.look));
}

/** 0 if a design meets all objectives and all designs of the plan were tried. */
export function exitCodeOf(result: ExplorationResult): ExitCode {
  const isMet = result.verdicts.includes(exploredVerdicts.indexOf('met'));
  return isMet && result.tried >= designsToTry(result.exploration, result.count) ? exitCodes.ok : exitCodes.unmet;
}
