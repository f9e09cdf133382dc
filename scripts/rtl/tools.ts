import { installDebianPackages } from '../vscode/debian.ts';
import { findOnPath } from '../vscode/processes.ts';

/** The programs that simulate, and those that synthesize. Debian's packages have the same names. */
export const simulationTools = ['verilator', 'g++', 'make'] as const;
export const synthesisTools = ['yosys'] as const;

type Tool = (typeof simulationTools)[number] | (typeof synthesisTools)[number];

/** Installs the programs that are missing. Returns undefined if all of them are there, else a sentence that states what is missing and why. */
export async function missingTools(tools: readonly Tool[]): Promise<string | undefined> {
  const missing = (): readonly Tool[] => tools.filter((tool) => findOnPath(tool) === undefined);
  const before = missing();
  if (before.length === 0) return undefined;
  const problem = await installDebianPackages(before, 'the simulation and synthesis of rtl/');
  const after = missing();
  return after.length === 0 ? undefined : `${after.join(', ')} is missing. ${problem ?? ''}`.trim();
}
